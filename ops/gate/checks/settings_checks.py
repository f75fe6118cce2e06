"""The plain settings of an app: production only, and the same wherever its code runs."""

import re
from collections.abc import Iterator

from ops.documents.hosts import is_redirected
from ops.documents.stated_names import names_of
from ops.documents.workload import Workload
from ops.gate.inventory import Inventory
from ops.gate.policy import Offences, check
from ops.kinds.ingress import Ingress
from ops.kinds.middleware import Middleware
from ops.kinds.namespace import Namespace
from ops.objects.pod_spec import Container
from railiance.annotations import NAMES
from railiance.harmful_settings import problem_of
from railiance.production import enables_debug, is_for_development, sets_debug

DATABASE_PARTS = frozenset({"PGPORT", "PGUSER", "PGDATABASE", "PGPASSWORD"})
REFERENCE = re.compile(r"\$\([A-Za-z_]")
"""What Kubernetes replaces by the value of a variable."""
USUAL_HOSTS = "ALLOWED_HOSTS"


def _served(inventory: Inventory) -> Iterator[tuple[Workload, str]]:
    """Each Deployment with each host that an Ingress beside it serves, and does not redirect."""
    for web in inventory.web:
        namespace = web.manifest.namespace
        middlewares = [manifest for manifest, _ in inventory.objects(Middleware, namespace)]
        for manifest, ingress in inventory.objects(Ingress, namespace):
            if not is_redirected(manifest, middlewares):
                for rule in ingress.spec.rules:
                    yield web, rule.host


def _listed(web: Workload, name: str, separator: str) -> list[str]:
    return [entry for entry in web.value(name).split(separator) if entry]


def _environment(container: Container) -> dict[str, object]:
    """Its variables that count, and what it imports."""
    return {**container.environment, "envFrom": container.env_from}


@check(
    "settings.E001",
    "DEBUG is not set, or off.",
    hint="remove the variable, or set it to False, 0, no or off",
    because="Safety contract: do not start with DEBUG=True; production settings only.",
)
def debug_set(inventory: Inventory) -> Offences:
    """DEBUG and its like, such as DJANGO_DEBUG, with any other value."""
    for workload in inventory.workloads:
        for variable in workload.variables:
            is_off = variable.value is not None and not enables_debug(variable.value)
            if sets_debug(variable.name) and not is_off:
                yield workload.manifest, f"sets {variable.name}"


@check(
    "settings.E002",
    "All containers that run an app's code have the same environment.",
    hint="render them from the same declaration",
    because="A migration with other settings could run on another database than the app's.",
)
def environments_that_differ(inventory: Inventory) -> Offences:
    """Containers whose environment is not that of the web container."""
    for web in inventory.web:
        for workload in inventory.django_of(web.manifest.namespace):
            for container in workload.containers:
                served, own = _environment(web.containers[0]), _environment(container)
                names = {*served, *own}
                if other := sorted(name for name in names if served.get(name) != own.get(name)):
                    problem = f"container {container.name} differs from the web container in"
                    yield workload.manifest, f"{problem} {', '.join(other)}"


@check(
    "settings.E003",
    "DJANGO_SETTINGS_MODULE names production settings.",
    hint="declare settings_module, such as project.settings.prod",
    because="Without it manage.py falls back to the development settings.",
)
def settings_for_development(inventory: Inventory) -> Offences:
    """Workloads without a settings module, or with one for development."""
    for workload in inventory.workloads:
        if inventory.is_valkey(workload):
            continue
        module = workload.value("DJANGO_SETTINGS_MODULE")
        if not module:
            yield workload.manifest, "has no DJANGO_SETTINGS_MODULE"
        elif is_for_development(module):
            yield workload.manifest, f"runs with {module}"


@check(
    "settings.E007",
    "No variable loads code, sends connections elsewhere or undoes another setting.",
    hint="remove the variable; what the app needs of it belongs into its image or its declaration",
    because="PYTHONPATH, HTTPS_PROXY or PGSSLMODE change what runs and where its data goes.",
)
def harmful_variables(inventory: Inventory) -> Offences:
    """Variables such as LD_PRELOAD, whether their value is plain or a secret."""
    for workload in inventory.workloads:
        for variable in workload.variables:
            value = variable.value or ""
            if REFERENCE.search(value.replace("$$", "")):
                yield workload.manifest, f"{variable.name} takes in another variable"
            if _names_database(variable.name, value, inventory.platform.postgres_host):
                continue
            if problem := problem_of(variable.name, value):
                yield workload.manifest, f"{variable.name} {problem}"


def _names_database(name: str, value: str, postgres_host: str) -> bool:
    """Whether it is a part of the app's own database, in an app that expects it by such names."""
    return name in DATABASE_PARTS or (name, value) == ("PGHOST", postgres_host)


@check(
    "settings.E004",
    "ALLOWED_HOSTS names every host that an Ingress serves, and no wildcard.",
    hint="declare the host as the app's host or as an AdditionalHost",
    because="Django answers 400 to any other host, and a wildcard accepts any Host header.",
)
def hosts_not_allowed(inventory: Inventory) -> Offences:
    """Hosts that lead to a 400, and wildcards, in the variable that the app reads."""
    for web, host in _served(inventory):
        names = inventory.names_of(web)
        for name in {names.hosts or USUAL_HOSTS, USUAL_HOSTS}:
            allowed = _listed(web, name, names.separator)
            if name == names.hosts and host not in allowed:
                yield web.manifest, f"{name} lacks {host}"
            if any("*" in entry or entry.startswith(".") for entry in allowed):
                yield web.manifest, f"{name} has a wildcard"


@check(
    "settings.E005",
    "CSRF_TRUSTED_ORIGINS names the https origin of every host that an Ingress serves.",
    hint="declare the host as the app's host or as an AdditionalHost",
    because="Behind a proxy that terminates TLS, Django rejects forms from origins not listed.",
)
def origins_not_trusted(inventory: Inventory) -> Offences:
    """Hosts whose forms would be refused."""
    for web, host in _served(inventory):
        names = inventory.names_of(web)
        if names.origins and f"https://{host}" not in _listed(web, names.origins, names.separator):
            yield web.manifest, f"{names.origins} lacks https://{host}"


@check(
    "settings.E006",
    "The names of an app's settings on its Namespace can be read.",
    hint="render the Namespace with the project's constructs",
    because="`ops secrets` and other checks find SECRET_KEY, the database and the hosts by them.",
)
def names_unreadable(inventory: Inventory) -> Offences:
    """Annotations that are no JSON, or state something else."""
    for manifest, _ in inventory.objects(Namespace):
        try:
            names_of(manifest)
        except ValueError as error:
            yield manifest, f"{NAMES}: {error}"

"""The maintenance page: what visitors see instead of the app, and never anything else."""

from collections.abc import Iterator

from ops.documents.hosts import reference
from ops.documents.manifest import Manifest
from ops.documents.workload import Workload
from ops.gate.inventory import Inventory
from ops.gate.policy import Offences, check
from ops.kinds.ingress import Ingress
from ops.kinds.middleware import Middleware
from railiance.annotations import COMPONENT, MAINTENANCE, MIDDLEWARES
from railiance.maintenance import address, page_command

PRUNED_LAST = "PruneLast=true"


@check(
    "maintenance.E001",
    "Traefik asks only the app's own maintenance page whether a request may pass.",
    hint="declare maintenance=True, and nothing else with forwardAuth",
    because="Whoever is asked gets every visitor's session cookie, and decides who gets in.",
)
def asked_elsewhere(inventory: Inventory) -> Offences:
    """Middlewares with forwardAuth to another address, or without the app's page."""
    for manifest, middleware in inventory.objects(Middleware):
        asked = middleware.spec.forward_auth
        if asked is None:
            continue
        if asked.address != address(manifest.namespace):
            yield manifest, f"asks {asked.address}"
        elif not _page(inventory, manifest.namespace):
            yield manifest, "asks a maintenance page that is not rendered"


def _page(inventory: Inventory, namespace: str) -> list[Workload]:
    return [page for page in inventory.maintenance if page.manifest.namespace == namespace]


@check(
    "maintenance.E002",
    "The pods of the maintenance page run the rendered page, and have a readiness probe.",
    hint="declare maintenance=True",
    because="Another program with the component of the page would escape the checks of web pods and"
    " workers. Without the probe Traefik asks a page that does not answer yet: visitors get 500.",
)
def other_pages(inventory: Inventory) -> Offences:
    """Pods of this component that do something else, or sign passes with what is no secret."""
    for page in inventory.maintenance:
        for container in page.containers:
            command = container.command or []
            python, secret_key, host = [*command[:1], *command[3:5], "", "", ""][:3]
            variable = container.environment.get(secret_key)
            if command != page_command(python, secret_key, host):
                yield page.manifest, f"runs {command}"
            elif secret_key and not (variable and variable.secret):
                yield page.manifest, f"signs passes with {secret_key}, which is no secret"
            elif not container.readiness_probe:
                yield page.manifest, "has no readinessProbe"


@check(
    "maintenance.E003",
    "The maintenance page is there before an Ingress names it, and is pruned after that.",
    hint="take the waves from railiance.waves, and annotate with sync-options: PruneLast=true",
    because="While an Ingress names a Middleware that is not there, Traefik answers 404.",
)
def page_too_late(inventory: Inventory) -> Offences:
    """Parts of a page that are applied with the Ingress or later, or pruned before it changes."""
    for manifest in _parts(inventory):
        if PRUNED_LAST not in manifest.sync_options:
            yield manifest, f"is pruned without {PRUNED_LAST}"
        for ingress, _ in inventory.objects(Ingress, manifest.namespace):
            if _names_page(inventory, ingress) and ingress.wave <= manifest.wave:
                yield manifest, f"wave {manifest.wave} is not before {ingress} ({ingress.wave})"


def _parts(inventory: Inventory) -> Iterator[Manifest]:
    """What belongs to the page: by its component, and the Middleware."""
    labelled = [m for m in inventory.described if m.labels.get(COMPONENT) == MAINTENANCE]
    asking = (m for m, found in inventory.objects(Middleware) if found.spec.forward_auth)
    yield from {id(manifest): manifest for manifest in (*labelled, *asking)}.values()


def _names_page(inventory: Inventory, ingress: Manifest) -> bool:
    named = ingress.annotations.get(MIDDLEWARES, "").split(",")
    return any(
        found.spec.forward_auth and reference(manifest) in named
        for manifest, found in inventory.objects(Middleware, ingress.namespace)
    )

"""What a visitor of a host gets at one moment of a sync, and why.

A request is followed through Ingress, certificate, Middleware, Service, NetworkPolicy and pod to
the app's settings. What cannot be read from the documents counts as right.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from ops.documents.hosts import is_redirected, reference
from ops.documents.manifest import Manifest
from ops.documents.stated_names import names_of
from ops.documents.workload import Workload
from ops.kinds.certificate import Certificate
from ops.kinds.deployment import Deployment
from ops.kinds.ingress import Backend, Ingress
from ops.kinds.middleware import Middleware
from ops.kinds.namespace import Namespace
from ops.kinds.network_policy import IngressRule, NetworkPolicy
from ops.kinds.service import Service, ServicePort
from ops.objects.pod_spec import ContainerPort
from ops.plan.requests.moments import NEW, Moment
from railiance.annotations import MIDDLEWARES
from railiance.names import StatedNames

NOT_SERVED = "404"


@dataclass(frozen=True)
class Trouble:
    """What visitors get instead of the app."""

    status: str
    """The answer, such as `400`."""
    because: str
    pods: Manifest | None = None
    """Whose pods give it or cannot be reached; None if no request gets that far."""


def answer(host: str, namespace: str, moment: Moment) -> Trouble | None:
    """The first trouble that a request for the host meets; None if the app answers it."""
    return next(_troubles(host, namespace, moment), None)


def _troubles(host: str, namespace: str, moment: Moment) -> Iterator[Trouble]:
    ingresses = [
        manifest
        for manifest in moment.of(Ingress, namespace)
        if host in manifest.typed(Ingress).hosts
    ]
    if not ingresses:
        yield Trouble(NOT_SERVED, "no Ingress serves it")
    yield from _certificate(host, namespace, moment)
    middlewares = moment.of(Middleware, namespace)
    for manifest in ingresses:
        yield from _middlewares(manifest, middlewares)
        if not is_redirected(manifest, middlewares) and not _has_page(manifest, middlewares):
            for backend in _backends(manifest, host):
                yield from _service(host, backend, namespace, moment)


def _certificate(host: str, namespace: str, moment: Moment) -> Iterator[Trouble]:
    """Traefik looks for a host's certificate in the Secrets of all Ingresses.

    Until a changed Certificate is issued, its Secret holds the former one.
    """
    used = {
        tls.secret_name
        for manifest in moment.of(Ingress, namespace)
        for tls in manifest.typed(Ingress).spec.tls
    }
    issued: dict[str, list[list[str]]] = {}
    for version in moment.versions(Certificate, namespace):
        spec = version.typed(Certificate).spec
        issued.setdefault(spec.secret_name, []).append(spec.dns_names)
    is_known = {(namespace, secret) for secret in used} <= moment.certified
    covered = any(_names(host, names) for secret in used for names in issued.get(secret, []))
    if used and is_known and not covered:
        yield Trouble("a certificate warning", "no certificate in use names the host")


def _names(host: str, names: Sequence[str]) -> bool:
    return host in names or f"*.{host.partition('.')[2]}" in names


def _named_middlewares(ingress: Manifest) -> list[str]:
    return [name for name in ingress.annotations.get(MIDDLEWARES, "").split(",") if name]


def _middlewares(ingress: Manifest, there: Sequence[Manifest]) -> Iterator[Trouble]:
    """Traefik leaves out a router whose Middleware is missing."""
    known = {reference(middleware) for middleware in there}
    for name in _named_middlewares(ingress):
        if name.startswith(f"{ingress.namespace}-") and name not in known:
            yield Trouble(NOT_SERVED, f"{ingress} names the Middleware {name}, which is not there")


def _has_page(ingress: Manifest, there: Sequence[Manifest]) -> bool:
    """Whether visitors see a maintenance page, as is intended."""
    return any(
        middleware.typed(Middleware).spec.forward_auth
        and reference(middleware) in _named_middlewares(ingress)
        for middleware in there
    )


def _backends(ingress: Manifest, host: str) -> Iterator[Backend]:
    for rule in ingress.typed(Ingress).spec.rules:
        if rule.host == host:
            yield from (path.backend for path in rule.http.paths)


def _service(host: str, backend: Backend, namespace: str, moment: Moment) -> Iterator[Trouble]:
    services = {m.name: m for m in moment.of(Service, namespace)}
    wanted = backend.service
    if wanted.name not in services:
        yield Trouble(NOT_SERVED, f"the Ingress leads to Service {wanted.name}, which is not there")
        return
    service = services[wanted.name].typed(Service)
    ports = [p for p in service.spec.ports if wanted.port.name in (p.name, "")]
    ports = [p for p in ports if wanted.port.number in (p.port, 0)]
    if not ports:
        which = wanted.port.name or wanted.port.number
        yield Trouble(NOT_SERVED, f"Service {wanted.name} has no port {which}")
        return
    selector = service.spec.selector.items()
    pods = [
        Workload(m)
        for m in moment.versions(Deployment, namespace)
        if m.typed(Deployment).spec.replicas and selector <= Workload(m).labels.items()
    ]
    if all(moment.age(pod.manifest) == NEW for pod in pods):  # they are not ready yet
        selected = pods[0].manifest if pods else None
        yield Trouble("503", f"Service {wanted.name} selects no pod that is ready", selected)
    for pod in pods:
        for trouble in _pod(host, pod, ports[0], moment):
            because = trouble.because.format(
                pods=" ".join(filter(None, ("the", moment.age(pod.manifest), "pods")))
            )
            yield replace(trouble, because=because, pods=pod.manifest)


def _pod(host: str, pod: Workload, port: ServicePort, moment: Moment) -> Iterator[Trouble]:
    stated = [p for container in pod.pod.containers for p in container.ports]
    target = port.target_port or port.port
    reached = [p for p in stated if target in (p.name, p.container_port)]
    if stated and not reached:
        how = "503" if isinstance(target, str) else "502"
        yield Trouble(how, f"{{pods}} do not listen at the Service's targetPort {target}")
        return
    policies = [
        (m, m.typed(NetworkPolicy).spec)
        for m in moment.of(NetworkPolicy, pod.manifest.namespace)
        if m.typed(NetworkPolicy).spec.pod_selector.covers(pod.labels)
    ]
    closed = [m for m, spec in policies if "Ingress" in spec.policy_types]
    rules = [rule for _, spec in policies for rule in spec.ingress]
    if closed and reached and not any(_lets_in(rule, reached[0]) for rule in rules):
        names = " and ".join(map(str, closed))
        number = reached[0].container_port
        yield Trouble("502", f"{names} does not allow port {number} of {{pods}}")
        return
    yield from _settings(host, pod, moment)


def _lets_in(rule: IngressRule, port: ContainerPort) -> bool:
    return not rule.ports or any(allowed.admits(port) for allowed in rule.ports)


def _settings(host: str, pod: Workload, moment: Moment) -> Iterator[Trouble]:
    namespaces = moment.of(Namespace, "")
    own = next((m for m in namespaces if m.name == pod.manifest.namespace), None)
    try:
        names = names_of(own) if own else StatedNames()
    except ValueError:  # settings.E006
        return
    allowed = pod.value(names.hosts or "")
    if allowed and not any(_allows(host, entry) for entry in allowed.split(names.separator)):
        yield Trouble("400", f"{names.hosts} of {{pods}} lacks it")
    trusted = pod.value(names.origins or "")
    if trusted and f"https://{host}" not in trusted.split(names.separator):
        yield Trouble("403 to every form", f"{names.origins} of {{pods}} lacks it")


def _allows(host: str, entry: str) -> bool:
    """As Django compares a Host with an entry of ALLOWED_HOSTS."""
    wildcard = entry.startswith(".") and (host.endswith(entry) or host == entry[1:])
    return entry in ("*", host) or wildcard

"""The way from outside to the app: issuer, Traefik, name, ports, and nobody else on the host."""

from __future__ import annotations

import socket
from collections.abc import Callable
from concurrent.futures import TimeoutError as NotInTimeError
from functools import partial

from ops.host.threads import begin
from ops.kinds.cluster_issuer import ClusterIssuer
from ops.kinds.ingress import Ingress
from ops.kinds.service import Service
from ops.preflight.cluster_readiness import CLUSTER, PLATFORM
from ops.preflight.subject import Subject
from ops.results.result import Result, failed, ok, unknown, warning

TIMEOUT_SECONDS = 5.0
NO_SUCH_NAME = (socket.EAI_NONAME, getattr(socket, "EAI_NODATA", socket.EAI_NONAME))
"""A name server's answer that there is none; anything else is no answer."""


def issuer(subject: Subject) -> Result:
    """Whether the issuer of certificates is ready."""
    name = subject.platform.cluster_issuer
    found = subject.cluster.get(ClusterIssuer, name)
    fix = f"`kubectl describe clusterissuer {name}`; it belongs to {PLATFORM}"
    if found is None:
        return failed(f"there is no ClusterIssuer {name}", fix)
    ready = found.status.condition("Ready")
    if ready.status == "True":
        return ok(f"ClusterIssuer {name} is ready")
    why = ready.message or "cert-manager has not reported on it"
    return failed(f"ClusterIssuer {name} is not ready: {why}", fix)


def traefik(subject: Subject) -> Result:
    """Whether Traefik's Service has the declared public address."""
    namespace, name = subject.platform.ingress_namespace, subject.platform.ingress_class
    wanted, fix = subject.platform.public_address, f"{CLUSTER} has to fix it"
    service = subject.cluster.get(Service, name, namespace)
    if service is None:
        return failed(f"there is no Service {namespace}/{name}", fix)
    found = service.status.addresses
    if wanted in found:
        return ok(f"Service {namespace}/{name} has {wanted}")
    text = f"Service {namespace}/{name} has {', '.join(found) or 'no address'}, not {wanted}"
    return failed(text, f"{fix}, or the declaration of the platform's public address")


def dns(subject: Subject) -> Result:
    """Whether the main host's name leads to the public address."""
    return leads_here(subject.app.host, subject.platform.public_address)


def leads_here(host: str, wanted: str) -> Result:
    """Whether the host's A record is the public address, and no AAAA record leads elsewhere."""
    look_up = partial(socket.getaddrinfo, host, None, type=socket.SOCK_STREAM)
    fix = f"in the DNS zone, make {host} → {wanted} the only A record"
    try:
        # The system's resolver has no timeout of its own that could be set here.
        answers = begin(look_up).result(TIMEOUT_SECONDS)
    except NotInTimeError:
        return unknown(f"no name server has answered in {TIMEOUT_SECONDS:.0f} s")
    except socket.gaierror as error:
        if error.errno in NO_SUCH_NAME:
            return failed(f"{host} has no address", fix)
        return unknown(f"the name servers do not answer: {error.strerror}")
    except UnicodeError as error:
        return failed(
            f"{host!r} is not a valid host name: {error}", "another host in the declaration"
        )
    by_family = {family: set[str]() for family in (socket.AF_INET, socket.AF_INET6)}
    for family, *_, address in answers:
        by_family[family].add(str(address[0]))
    return _judged(host, wanted, by_family[socket.AF_INET], by_family[socket.AF_INET6], fix)


def _judged(host: str, wanted: str, a: set[str], aaaa: set[str], fix: str) -> Result:
    if a != {wanted}:
        return failed(f"{host} → {', '.join(sorted(a)) or 'no A record'}, not {wanted}", fix)
    if elsewhere := sorted(aaaa):
        text = f"{host} → {wanted}, but with IPv6 → {', '.join(elsewhere)}"
        return warning(text, "remove the AAAA record, unless it leads to the same node")
    return ok(f"{host} → {wanted}")


def port(number: int) -> Callable[[Subject], Result]:
    """Whether a port of the public address can be reached from here."""
    return lambda subject: reachable(subject.platform.public_address, number)


def reachable(address: str, number: int) -> Result:
    """Whether a port takes a connection."""
    fix = f"the node's firewall and Traefik ({CLUSTER}), or the network between here and there"
    try:
        socket.create_connection((address, number), TIMEOUT_SECONDS).close()
    except (TimeoutError, ConnectionError) as error:
        why = error.strerror or f"no answer in {TIMEOUT_SECONDS:.0f} s"
        return failed(f"{address}:{number} cannot be reached from here: {why}", fix)
    except OSError as error:
        return unknown(f"no route from here to {address}:{number}: {error.strerror}", fix)
    return ok(f"{address}:{number} takes connections")


def host(subject: Subject) -> Result:
    """Whether no Ingress of another namespace claims one of the app's hosts."""
    names = [host.name for host in subject.app.hosts]
    others = [
        f"{name} is claimed by Ingress {ingress.namespace}/{ingress.name} as well"
        for ingress in subject.cluster.all(Ingress)
        for name in names
        if name in _claimed(ingress) and ingress.namespace != subject.app.namespace
    ]
    if others:
        return failed("; ".join(others), "remove it there, or declare another host")
    return ok(f"no Ingress of another namespace claims {', '.join(names)}")


def _claimed(ingress: Ingress) -> set[str]:
    return ingress.hosts | {host for tls in ingress.spec.tls for host in tls.hosts}

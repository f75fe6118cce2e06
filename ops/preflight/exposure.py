"""The way from outside to the app: issuer, Traefik, name, ports, and nobody else on the host."""

from __future__ import annotations

import socket
from collections.abc import Callable
from concurrent.futures import TimeoutError as NotInTimeError
from functools import partial

from ops.cluster.kinds import Document
from ops.cluster.reported import addresses, condition
from ops.parallel import begin
from ops.preflight.answer import Answer, Subject, failed, not_checked, ok, warning
from ops.preflight.substrate import CLUSTER, PLATFORM

TIMEOUT_SECONDS = 5.0
NO_SUCH_NAME = (socket.EAI_NONAME, getattr(socket, "EAI_NODATA", socket.EAI_NONAME))
"""A name server's answer that there is none; anything else is no answer."""


def issuer(subject: Subject) -> Answer:
    """Whether the issuer of certificates is ready."""
    name = subject.platform["cluster-issuer"]
    found = subject.cluster.get("ClusterIssuer", name)
    mend = f"`kubectl describe clusterissuer {name}`; it belongs to {PLATFORM}"
    if found is None:
        return failed(f"there is no ClusterIssuer {name}", mend)
    ready = condition(found, "Ready")
    if ready.get("status") == "True":
        return ok(f"ClusterIssuer {name} is ready")
    said = ready.get("message") or "cert-manager has not said anything of it"
    return failed(f"ClusterIssuer {name} is not ready: {said}", mend)


def traefik(subject: Subject) -> Answer:
    """Whether Traefik's Service has the declared public address."""
    namespace, name = subject.platform["ingress-namespace"], subject.platform["ingress-class"]
    wanted, mend = subject.platform["public-address"], f"{CLUSTER} has to put it right"
    service = subject.cluster.get("Service", name, namespace)
    if service is None:
        return failed(f"there is no Service {namespace}/{name}", mend)
    found = addresses(service)
    if wanted in found:
        return ok(f"Service {namespace}/{name} has {wanted}")
    text = f"Service {namespace}/{name} has {', '.join(found) or 'no address'}, not {wanted}"
    return failed(text, f"{mend}, or the declaration of the platform's public address")


def dns(subject: Subject) -> Answer:
    """Whether the host's A record is the public address, and no AAAA record leads elsewhere."""
    host, wanted = subject.app.host, subject.platform["public-address"]
    look_up = partial(socket.getaddrinfo, host, None, type=socket.SOCK_STREAM)
    mend = f"an A record {host} → {wanted}, and no other, at the zone's owner"
    try:
        # The system's resolver has no timeout of its own that could be set here.
        answers = begin(look_up).result(TIMEOUT_SECONDS)
    except NotInTimeError:
        return not_checked(f"no name server has answered in {TIMEOUT_SECONDS:.0f} s")
    except socket.gaierror as error:
        if error.errno in NO_SUCH_NAME:
            return failed(f"{host} has no address", mend)
        return not_checked(f"the name servers do not answer: {error.strerror}")
    except UnicodeError as error:
        return failed(f"{host!r} is no host name: {error}", "another host in the declaration")
    by_family = {family: set[str]() for family in (socket.AF_INET, socket.AF_INET6)}
    for family, *_, address in answers:
        by_family[family].add(str(address[0]))
    return _judged(host, wanted, by_family[socket.AF_INET], by_family[socket.AF_INET6], mend)


def _judged(host: str, wanted: str, a: set[str], aaaa: set[str], mend: str) -> Answer:
    if a != {wanted}:
        return failed(f"{host} → {', '.join(sorted(a)) or 'no A record'}, not {wanted}", mend)
    if elsewhere := sorted(aaaa):
        text = f"{host} → {wanted}, but with IPv6 → {', '.join(elsewhere)}"
        return warning(text, "remove the AAAA record, unless it leads to the same node")
    return ok(f"{host} → {wanted}")


def port(number: int) -> Callable[[Subject], Answer]:
    """Whether a port of the public address can be reached from here."""
    return lambda subject: reachable(subject.platform["public-address"], number)


def reachable(address: str, number: int) -> Answer:
    """Whether a port takes a connection."""
    mend = f"the node's firewall and Traefik ({CLUSTER}), or the network between here and there"
    try:
        socket.create_connection((address, number), TIMEOUT_SECONDS).close()
    except (TimeoutError, ConnectionError) as error:
        said = error.strerror or f"no answer in {TIMEOUT_SECONDS:.0f} s"
        return failed(f"{address}:{number} cannot be reached from here: {said}", mend)
    except OSError as error:
        return not_checked(f"no way from here to {address}:{number}: {error.strerror}", mend)
    return ok(f"{address}:{number} takes connections")


def host(subject: Subject) -> Answer:
    """Whether no Ingress of another namespace claims the app's host."""
    name = subject.app.host
    others = [
        f"{ingress['metadata']['namespace']}/{ingress['metadata']['name']}"
        for ingress in subject.cluster.all("Ingress")
        if name in _hosts(ingress) and ingress["metadata"]["namespace"] != subject.app.namespace
    ]
    if others:
        mend = "remove it there, or declare another host"
        return failed(f"{name} is claimed by Ingress {', '.join(others)} as well", mend)
    return ok(f"no Ingress of another namespace claims {name}")


def _hosts(ingress: Document) -> set[str]:
    spec = ingress["spec"]
    rules = {str(rule.get("host")) for rule in spec.get("rules") or []}
    return rules | {str(one) for tls in spec.get("tls") or [] for one in tls.get("hosts") or []}

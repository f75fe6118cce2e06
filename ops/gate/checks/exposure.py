"""What is reachable from outside, under which name and behind which certificate."""

from collections import defaultdict
from collections.abc import Iterator

from ops.gate.inventory import Inventory
from ops.gate.policy import Offences, check
from ops.manifests import Manifest

MIDDLEWARES = "traefik.ingress.kubernetes.io/router.middlewares"


def _hosts(ingress: Manifest) -> set[str]:
    return {rule.get("host", "") for rule in ingress.spec.get("rules") or []}


def _tls(ingress: Manifest) -> Iterator[tuple[str, frozenset[str]]]:
    for entry in ingress.spec.get("tls") or []:
        yield entry.get("secretName", ""), frozenset(entry.get("hosts") or [])


@check(
    "exposure.E001",
    "Every host of an Ingress is served over TLS.",
    hint="list the host under tls, with the Certificate's secret",
    because="Safety contract: no public exposure before a certificate is issued.",
)
def hosts_without_tls(inventory: Inventory) -> Offences:
    """Hosts that no tls entry covers, rules without a host, and defaults for every host."""
    for ingress in inventory.of("Ingress"):
        if ingress.spec.get("defaultBackend"):
            yield ingress, "serves every host, by its default backend"
        covered = {host for _, hosts in _tls(ingress) for host in hosts}
        for host in sorted(_hosts(ingress) - covered):
            yield ingress, f"serves {host or 'every host'} without TLS"


@check(
    "exposure.E002",
    "Secret and hosts of an Ingress's tls are those of a Certificate beside it, which is named"
    " like its secret.",
    hint="render both from the same host, and give the Certificate the name of its secret",
    because="cert-manager looks for an annotated Ingress's Certificate by the secret's name. Not"
    " finding it, it makes a second one, and both write the secret; finding one that it does not"
    " own, it leaves it alone, and the hosts then drift apart silently (cert-manager, «Annotated"
    " Ingress resource»).",
)
def tls_without_certificate(inventory: Inventory) -> Offences:
    """Tls entries that no Certificate fills, and Certificates that no Ingress would find."""
    for ingress in inventory.of("Ingress"):
        issued = {
            (certificate.spec.get("secretName"), frozenset(certificate.spec.get("dnsNames") or []))
            for certificate in inventory.of("Certificate", ingress.namespace)
        }
        for secret, hosts in _tls(ingress):
            if (secret, hosts) not in issued:
                names = ", ".join(sorted(hosts))
                yield ingress, f"no Certificate writes {secret!r} for exactly {names}"
    for certificate in inventory.of("Certificate"):
        used = {
            entry
            for ingress in inventory.of("Ingress", certificate.namespace)
            for entry in _tls(ingress)
        }
        written = (
            certificate.spec["secretName"],
            frozenset(certificate.spec.get("dnsNames") or []),
        )
        if used and written not in used:
            yield certificate, "is for hosts or a secret that no Ingress uses"
        if certificate.name != certificate.spec["secretName"]:
            yield certificate, f"is not named like its secret {certificate.spec['secretName']!r}"


@check(
    "exposure.E003",
    "An Ingress comes in a later wave than the Certificate that it uses.",
    hint="give the Ingress a later sync-wave than the Certificate",
    because="Safety contract: no public exposure before a certificate is issued. Argo CD waits"
    " for a Certificate to be ready before the next wave.",
)
def exposed_too_soon(inventory: Inventory) -> Offences:
    """Ingresses that would be there before their certificate."""
    for ingress in inventory.of("Ingress"):
        for certificate in inventory.of("Certificate", ingress.namespace):
            if None not in (ingress.wave, certificate.wave) and ingress.wave <= certificate.wave:  # type: ignore[operator]
                yield ingress, f"wave {ingress.wave}, its {certificate} is in {certificate.wave}"


@check(
    "exposure.E004",
    "A host belongs to one app.",
    hint="give each app a host of its own",
    because="The ingress controller would send a visitor to either.",
)
def hosts_claimed_twice(inventory: Inventory) -> Offences:
    """Hosts that Ingresses of two namespaces claim; the later ones are named."""
    owners: dict[str, str] = defaultdict(str)
    for ingress in inventory.of("Ingress"):
        for host in sorted(_hosts(ingress)):
            owner = owners.setdefault(host, ingress.namespace)
            if owner != ingress.namespace:
                yield ingress, f"claims {host}, which {owner} has"


@check(
    "exposure.E005",
    "No host is claimed that belongs to another service on the cluster.",
    hint="choose another host",
    because="Safety contract: preserve Gitea; the Ingress must not conflict with its own.",
)
def hosts_reserved(inventory: Inventory) -> Offences:
    """Hosts such as Gitea's."""
    reserved = set(inventory.platform.listed("reserved-hosts"))
    for ingress in inventory.of("Ingress"):
        for host in sorted(_hosts(ingress) & reserved):
            yield ingress, f"claims {host}"


@check(
    "exposure.E006",
    "The Ingress is the only way in.",
    hint="use a ClusterIP Service, and neither host ports nor the host's network",
    because="Another door has no certificate, no redirect and no order in which it opens.",
)
def other_doors(inventory: Inventory) -> Offences:
    """Services and pods that listen on the node itself."""
    for service in inventory.of("Service"):
        kind = service.spec.get("type", "ClusterIP")
        if kind != "ClusterIP" or service.spec.get("externalIPs"):
            yield service, f"is reachable from outside (type {kind})"
    for workload in inventory.workloads:
        ports = [port for c in workload.containers for port in c.get("ports") or []]
        if workload.pod.get("hostNetwork") or any(port.get("hostPort") for port in ports):
            yield workload.manifest, "listens on the node"


@check(
    "exposure.E007",
    "Plain HTTP is redirected to HTTPS by a Middleware beside the Ingress.",
    hint="name the redirect Middleware in the Ingress's annotation",
    because="A session's cookie must never travel in clear.",
)
def served_in_clear(inventory: Inventory) -> Offences:
    """Ingresses that tell the ingress controller anything but the redirect that is rendered."""
    for ingress in inventory.of("Ingress"):
        redirects = {
            f"{m.namespace}-{m.name}@kubernetescrd"
            for m in inventory.of("Middleware", ingress.namespace)
            if (m.spec.get("redirectScheme") or {}).get("scheme") == "https"
        }
        named = {name for name in ingress.annotations.get(MIDDLEWARES, "").split(",") if name}
        if not named or not named <= redirects:
            yield ingress, "names no Middleware that redirects to HTTPS, or another besides"
        for annotation in ingress.annotations:
            if annotation.startswith("traefik.") and annotation != MIDDLEWARES:
                yield ingress, f"tells the ingress controller {annotation}"


@check(
    "exposure.E008",
    "Ingress and Certificate use the platform's ingress class and issuer.",
    hint="take both from the platform",
    because="Another class is served by nobody; another issuer's certificate is trusted by nobody.",
)
def strange_controllers(inventory: Inventory) -> Offences:
    """Ingresses and Certificates for controllers that the platform does not have."""
    platform = inventory.platform
    for ingress in inventory.of("Ingress"):
        issuer = ingress.annotations.get("cert-manager.io/cluster-issuer")
        if ingress.spec.get("ingressClassName") != platform["ingress-class"]:
            yield ingress, f"has class {ingress.spec.get('ingressClassName')!r}"
        if issuer != platform["cluster-issuer"]:
            yield ingress, f"names the issuer {issuer!r}"
    for certificate in inventory.of("Certificate"):
        reference = certificate.spec.get("issuerRef") or {}
        if (reference.get("kind"), reference.get("name")) != (
            "ClusterIssuer",
            platform["cluster-issuer"],
        ):
            yield certificate, f"is issued by {reference.get('kind')} {reference.get('name')!r}"


@check(
    "exposure.E009",
    "cert-manager does not edit the Ingress.",
    hint="remove the annotation; the solver's own Ingress answers the challenge",
    because="An edit in place changes what git owns; Argo CD would heal the challenge away.",
)
def edited_in_place(inventory: Inventory) -> Offences:
    """Ingresses with acme.cert-manager.io/http01-edit-in-place."""
    for ingress in inventory.of("Ingress"):
        if ingress.annotations.get("acme.cert-manager.io/http01-edit-in-place") == "true":
            yield ingress, "lets cert-manager edit it"

"""What is reachable from outside, under which name and behind which certificate."""

import re
from collections.abc import Iterator

from ops.documents.hosts import is_main, reference
from ops.gate.inventory import Inventory
from ops.gate.policy import Offences, check
from ops.kinds.certificate import Certificate
from ops.kinds.ingress import Ingress
from ops.kinds.middleware import Middleware, MiddlewareSpec
from ops.kinds.service import Service
from railiance.annotations import MIDDLEWARES
from railiance.host_redirect import EVERY_ADDRESS, replacement
from railiance.public_names import problem_of

PLAIN_PATH = re.compile(r"/[A-Za-z0-9._~/-]*")

Issued = tuple[str, frozenset[str]]
"""A Secret, and the hosts for which it holds a certificate."""


def _used(ingress: Ingress) -> Iterator[Issued]:
    for entry in ingress.spec.tls:
        yield entry.secret_name, frozenset(entry.hosts)


def _written(certificate: Certificate) -> Issued:
    return certificate.spec.secret_name, frozenset(certificate.spec.dns_names)


@check(
    "exposure.E001",
    "Every host of an Ingress is served over TLS.",
    hint="list the host under tls, with the Certificate's secret",
    because="Safety contract: no public exposure before a certificate is issued.",
)
def hosts_without_tls(inventory: Inventory) -> Offences:
    """Hosts that no tls entry covers, rules without a host, and defaults for every host."""
    for manifest, ingress in inventory.objects(Ingress):
        if ingress.spec.default_backend:
            yield manifest, "serves every host, by its default backend"
        covered = {host for _, hosts in _used(ingress) for host in hosts}
        for host in sorted(ingress.hosts - covered):
            yield manifest, f"serves {host or 'every host'} without TLS"


@check(
    "exposure.E002",
    "An Ingress's tls entry has the secretName and the hosts of a Certificate in its "
    "namespace, whose name is its secretName.",
    hint="render both from the same host, and give the Certificate the name of its Secret",
    because="cert-manager looks for an annotated Ingress's Certificate by the name of the "
    "Secret. If there is none, it creates a second Certificate, and both write the "
    "Secret; if it does not own the one it finds, it does not update its hosts "
    "(cert-manager, «Annotated Ingress resource»).",
)
def tls_without_certificate(inventory: Inventory) -> Offences:
    """Tls entries that no Certificate fills, and Certificates that no Ingress would find."""
    for manifest, ingress in inventory.objects(Ingress):
        certificates = inventory.objects(Certificate, manifest.namespace)
        issued = {_written(certificate) for _, certificate in certificates}
        for secret, hosts in _used(ingress):
            if (secret, hosts) not in issued:
                names = ", ".join(sorted(hosts))
                yield (
                    manifest,
                    f"no Certificate writes Secret {secret!r} with exactly the hosts {names}",
                )
    for manifest, certificate in inventory.objects(Certificate):
        ingresses = inventory.objects(Ingress, manifest.namespace)
        used = {entry for _, ingress in ingresses for entry in _used(ingress)}
        if used and _written(certificate) not in used:
            yield manifest, "has hosts or a secretName that no Ingress uses"
        if manifest.name != certificate.spec.secret_name:
            yield manifest, f"is not named like its secret {certificate.spec.secret_name!r}"


@check(
    "exposure.E003",
    "An Ingress has a later sync wave than the Certificate that it uses.",
    hint="give the Ingress a later sync-wave than the Certificate",
    because="Safety contract: no public exposure before a certificate is issued. Argo CD waits"
    " for a Certificate to be ready before the next wave.",
)
def exposed_too_soon(inventory: Inventory) -> Offences:
    """Ingresses that would be there before their certificate."""
    for manifest, ingress in inventory.objects(Ingress):
        secrets = {secret for secret, _ in _used(ingress)}
        for certificate, written in inventory.objects(Certificate, manifest.namespace):
            own, other = manifest.stated_wave, certificate.stated_wave
            if written.spec.secret_name not in secrets or own is None or other is None:
                continue
            if own <= other:
                yield manifest, f"wave {own}, its {certificate} is in {other}"


@check(
    "exposure.E004",
    "Only one app uses a host.",
    hint="give each app its own host",
    because="The ingress controller could route a request to either app.",
)
def hosts_claimed_twice(inventory: Inventory) -> Offences:
    """Hosts that Ingresses of two namespaces claim; the later ones are named."""
    owners: dict[str, str] = {}
    for manifest, ingress in inventory.objects(Ingress):
        for host in sorted(ingress.hosts):
            owner = owners.setdefault(host, manifest.namespace)
            if owner != manifest.namespace:
                yield manifest, f"claims {host}, which {owner} already claims"


@check(
    "exposure.E005",
    "No Ingress claims a host of another service on the cluster.",
    hint="choose another host",
    because="Safety contract: preserve Gitea; the Ingress must not conflict with its own.",
)
def hosts_reserved(inventory: Inventory) -> Offences:
    """Hosts such as Gitea's."""
    for manifest, ingress in inventory.objects(Ingress):
        for host in sorted(ingress.hosts.intersection(inventory.platform.reserved_hosts)):
            yield manifest, f"claims {host}"


@check(
    "exposure.E006",
    "The Ingress is the only way in.",
    hint="use a ClusterIP Service, and neither host ports nor the host's network",
    because="Any other way in bypasses the certificate, the HTTPS redirect and the sync order.",
)
def other_ways_in(inventory: Inventory) -> Offences:
    """Services and pods that listen on the node itself."""
    for manifest, service in inventory.objects(Service):
        if service.spec.type != "ClusterIP" or service.spec.external_ips:
            yield manifest, f"is reachable from outside (type {service.spec.type})"
    for workload in inventory.workloads:
        ports = [port for container in workload.containers for port in container.ports]
        if workload.pod.host_network or any(port.host_port for port in ports):
            yield workload.manifest, "listens on the node"


@check(
    "exposure.E007",
    "Plain HTTP is redirected to HTTPS by a Middleware beside the Ingress, and nothing else is"
    " done with requests.",
    hint="name the redirect Middleware in the Ingress's annotation",
    because="A session cookie must never be sent unencrypted.",
)
def served_in_clear(inventory: Inventory) -> Offences:
    """Ingresses that give the ingress controller any instruction but a rendered redirect."""
    for manifest, _ in inventory.objects(Ingress):
        beside = inventory.objects(Middleware, manifest.namespace)
        redirects = {reference(other) for other, found in beside if _leads_to_https(found)}
        pages = {reference(other) for other, found in beside if _is_maintenance(found)}
        named = [name for name in manifest.annotations.get(MIDDLEWARES, "").split(",") if name]
        if not set(named[:1]) & redirects or not set(named[1:]) <= pages:
            yield manifest, "does not name the HTTPS redirect Middleware alone"
        for annotation in manifest.annotations:
            if annotation.startswith("traefik.") and annotation != MIDDLEWARES:
                yield manifest, f"instructs the ingress controller with {annotation}"


def _leads_to_https(middleware: Middleware) -> bool:
    """Whether it redirects to HTTPS, on the same host or on another."""
    other = middleware.spec.redirect_regex
    same = middleware.spec.redirect_scheme.scheme == "https"
    return same or (other is not None and other.replacement.startswith("https://"))


def _is_maintenance(middleware: Middleware) -> bool:
    """Whether it is that of the maintenance page, which has checks of its own."""
    return middleware.spec.forward_auth is not None and middleware.spec == MiddlewareSpec(
        forward_auth=middleware.spec.forward_auth
    )


@check(
    "exposure.E008",
    "Ingress and Certificate use the platform's ingress class and issuer.",
    hint="use the platform's ingress class and issuer",
    because="No controller serves another class, and browsers do not trust another issuer.",
)
def strange_controllers(inventory: Inventory) -> Offences:
    """Ingresses and Certificates for controllers that the platform does not have."""
    platform = inventory.platform
    for manifest, ingress in inventory.objects(Ingress):
        issuer = manifest.annotations.get("cert-manager.io/cluster-issuer")
        if ingress.spec.ingress_class_name != platform.ingress_class:
            yield manifest, f"has class {ingress.spec.ingress_class_name!r}"
        if issuer != platform.cluster_issuer:
            yield manifest, f"names the issuer {issuer!r}"
    for manifest, certificate in inventory.objects(Certificate):
        issued_by = certificate.spec.issuer_ref
        if (issued_by.kind, issued_by.name) != ("ClusterIssuer", platform.cluster_issuer):
            yield manifest, f"is issued by {issued_by.kind} {issued_by.name!r}"


@check(
    "exposure.E009",
    "cert-manager does not edit the Ingress.",
    hint="remove the annotation; the solver's own Ingress answers the challenge",
    because="It would change an object that git owns; Argo CD would undo the challenge.",
)
def edited_in_place(inventory: Inventory) -> Offences:
    """Ingresses with acme.cert-manager.io/http01-edit-in-place."""
    for manifest, _ in inventory.objects(Ingress):
        if manifest.annotations.get("acme.cert-manager.io/http01-edit-in-place") == "true":
            yield manifest, "lets cert-manager edit it"


def _main_hosts(inventory: Inventory, namespace: str) -> set[str]:
    """The hosts of the Ingress that has its app's name."""
    ingresses = inventory.objects(Ingress, namespace)
    return {host for manifest, ingress in ingresses if is_main(manifest) for host in ingress.hosts}


@check(
    "exposure.E010",
    "A redirect to another host leads permanently to the same address on the app's main host.",
    hint="declare the host as AdditionalHost(host=…, redirect=True)",
    because="Visitors who trust the app's host would be sent to a stranger's, and a redirect that"
    " drops path and query breaks every link.",
)
def redirected_elsewhere(inventory: Inventory) -> Offences:
    """Middlewares that redirect to a host that is not the app's main one."""
    for manifest, middleware in inventory.objects(Middleware):
        redirect = middleware.spec.redirect_regex
        if redirect is None:
            continue
        wanted = {replacement(host) for host in _main_hosts(inventory, manifest.namespace)}
        if redirect.replacement not in wanted:
            yield manifest, f"leads to {redirect.replacement}, not to the app's main host"
        if redirect.regex != EVERY_ADDRESS or not redirect.permanent:
            yield manifest, f"redirects {redirect.regex!r}, permanently: {redirect.permanent}"


@check(
    "exposure.E011",
    "The Certificate of an additional host has a later sync wave than the main host's Ingress.",
    hint="take the waves from railiance.waves",
    because="Argo CD waits for a Certificate: one that cannot be issued, because the host's DNS"
    " record is missing, would keep the main host or new pods from being synced.",
)
def additional_hosts_too_soon(inventory: Inventory) -> Offences:
    """Certificates that the main host would wait for."""
    for main, _ in inventory.objects(Ingress):
        if not is_main(main) or main.stated_wave is None:
            continue
        secrets = {
            secret
            for other, ingress in inventory.objects(Ingress, main.namespace)
            for secret, _ in _used(ingress)
            if other is not main
        }
        for manifest, certificate in inventory.objects(Certificate, main.namespace):
            wave, is_additional = manifest.stated_wave, certificate.spec.secret_name in secrets
            if is_additional and wave is not None and wave <= main.wave:
                yield manifest, f"wave {wave} is not after {main} ({main.wave})"


@check(
    "exposure.E012",
    "A public authority certifies every host of a Certificate.",
    hint="declare a public host",
    because="Names such as app.local or app.internal are in no public DNS: the Certificate never"
    " gets ready, and the sync waits for it.",
)
def hosts_not_public(inventory: Inventory) -> Offences:
    """Hosts that no authority certifies by HTTP-01."""
    for manifest, certificate in inventory.objects(Certificate):
        for host in certificate.spec.dns_names:
            if problem := problem_of(host):
                yield manifest, f"{host} {problem}"


@check(
    "exposure.E013",
    "Every host is in a domain of the platform's apps.",
    hint="choose a host in one of the platform's app_domains",
    because="Any other host belongs to another service; a route for it takes over its visitors.",
)
def hosts_of_others(inventory: Inventory) -> Offences:
    """Hosts of Ingresses and Certificates elsewhere."""
    named = [
        (m, i.hosts | {h for t in i.spec.tls for h in t.hosts})
        for m, i in inventory.objects(Ingress)
    ]
    named += [(m, set(c.spec.dns_names)) for m, c in inventory.objects(Certificate)]
    for manifest, hosts in named:
        for host in sorted(filter(None, hosts)):
            if not inventory.platform.has_domain_of(host):
                yield manifest, f"names {host}, which is in no domain of apps"


@check(
    "exposure.E014",
    "A path of an Ingress is plain.",
    hint="use / or a path of letters, digits and - . _ ~ /",
    because="Traefik puts the path into a rule, in which a quote ends it: what follows could be "
    "another service's host.",
)
def paths_that_are_rules(inventory: Inventory) -> Offences:
    """Paths with characters that mean something in a rule."""
    for manifest, ingress in inventory.objects(Ingress):
        for rule in ingress.spec.rules:
            for path in rule.http.paths:
                if not PLAIN_PATH.fullmatch(path.path or "/"):
                    yield manifest, f"has the path {path.path!r}"

"""An app's additional hosts: each with a certificate and an Ingress of its own."""

import dataclasses
from typing import Any

from cdk8s import Testing as Cdk8sTesting

from railiance import AdditionalHost, DjangoApp
from railiance.app_chart import DjangoAppChart
from tests.frozen import RAILIANCE01
from tests.made_up import PLAIN

SERVED, REDIRECTED = "www.plain.de", "plain.whywhynot.org"
APP = dataclasses.replace(
    PLAIN,
    additional_hosts=(
        AdditionalHost(host=SERVED),
        AdditionalHost(host=REDIRECTED, redirect=True),
    ),
)
MIDDLEWARES = "traefik.ingress.kubernetes.io/router.middlewares"


def documents(app: DjangoApp) -> dict[tuple[str, str], Any]:
    chart = DjangoAppChart(Cdk8sTesting.app(), app.name, app=app, platform=RAILIANCE01)
    found = Cdk8sTesting.synth(chart)
    return {(document["kind"], document["metadata"]["name"]): document for document in found}


def variables(app: DjangoApp) -> dict[str, str]:
    (web,) = documents(app)["Deployment", app.name]["spec"]["template"]["spec"]["containers"]
    return {entry["name"]: entry.get("value", "") for entry in web["env"]}


def test_each_host_has_its_own_certificate_and_ingress() -> None:
    found = documents(APP)
    for host in (SERVED, REDIRECTED):
        label = host.replace(".", "-")
        certificate = found["Certificate", f"{label}-tls"]["spec"]
        ingress = found["Ingress", f"plain-{label}"]["spec"]
        assert (certificate["secretName"], certificate["dnsNames"]) == (f"{label}-tls", [host])
        assert ingress["tls"] == [{"hosts": [host], "secretName": f"{label}-tls"}]
        assert [rule["host"] for rule in ingress["rules"]] == [host]
    assert found["Ingress", "plain"]["spec"]["tls"] == [
        {"hosts": [PLAIN.host], "secretName": "plain-tls"}
    ]


def test_redirect_leads_to_the_main_host_with_path_and_query() -> None:
    found = documents(APP)
    redirect = found["Middleware", "main-host-redirect"]["spec"]["redirectRegex"]
    assert redirect["replacement"] == "https://plain.whywhynot.de/${1}"
    named = {
        name: document["metadata"]["annotations"][MIDDLEWARES]
        for (kind, name), document in found.items()
        if kind == "Ingress"
    }
    assert named == {
        "plain": "plain-https-redirect@kubernetescrd",
        "plain-www-plain-de": "plain-https-redirect@kubernetescrd",
        "plain-plain-whywhynot-org": "plain-main-host-redirect@kubernetescrd",
    }


def test_every_public_host_is_allowed_also_until_it_is_redirected() -> None:
    found = variables(APP)
    hosts = (PLAIN.host, SERVED, REDIRECTED)
    assert found["ALLOWED_HOSTS"] == ",".join(hosts)
    assert found["CSRF_TRUSTED_ORIGINS"] == ",".join(f"https://{host}" for host in hosts)


def test_main_host_can_have_a_second_certificate_before_it_moves() -> None:
    app = dataclasses.replace(PLAIN, additional_hosts=(AdditionalHost(host=PLAIN.host),))
    found = documents(app)
    assert variables(app)["ALLOWED_HOSTS"] == PLAIN.host
    certificates = {name for kind, name in found if kind == "Certificate"}
    assert certificates == {"plain-tls", "plain-whywhynot-de-tls"}


def test_app_without_redirected_hosts_has_no_redirect_to_the_main_host() -> None:
    served = dataclasses.replace(APP, additional_hosts=(AdditionalHost(host=SERVED),))
    assert ("Middleware", "main-host-redirect") not in documents(served)

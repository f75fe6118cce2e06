"""Rehearsal 80: an additional host that gets no certificate, and everything else."""

from __future__ import annotations

import dataclasses
from typing import TYPE_CHECKING

import pytest

from box.poll import until
from railiance import AdditionalHost
from tests.conftest import rendered
from tests.e2e.actors import Actor, CloudNativePG, Traefik, acting, issued
from tests.e2e.rehearsal import APP, Rehearsal, image_of
from tests.frozen import VERGABE_TEILNAHME

if TYPE_CHECKING:
    from ops.objects.base import Document
    from tests.e2e.cluster import Cluster

HOST, CERTIFICATE = "www.whywhynot.org", "www-whywhynot-org-tls"
WITHIN_SECONDS = 90.0
OLD, NEW = VERGABE_TEILNAHME.host, "tender.whywhynot.de"
ORIGIN = dataclasses.replace(VERGABE_TEILNAHME, allowed_hosts=(), csrf_trusted_origins=())
MOVE = (
    dataclasses.replace(
        ORIGIN, additional_hosts=(AdditionalHost(host=NEW), AdditionalHost(host=OLD))
    ),
    dataclasses.replace(ORIGIN, host=NEW, additional_hosts=(AdditionalHost(host=OLD),)),
    dataclasses.replace(
        ORIGIN, host=NEW, additional_hosts=(AdditionalHost(host=OLD, redirect=True),)
    ),
)
APP_WITH_HOST = dataclasses.replace(
    VERGABE_TEILNAHME,
    allowed_hosts=(),
    csrf_trusted_origins=(),
    additional_hosts=(AdditionalHost(host=HOST),),
)


class IssuesForOthers:
    """cert-manager, but for one host, whose DNS record is missing."""

    def __init__(self, cluster: Cluster) -> None:
        self.cluster = cluster

    def act(self) -> None:
        """Report each other Certificate as issued."""
        for certificate in self.cluster.all("Certificate"):
            if certificate["metadata"]["name"] != CERTIFICATE and "status" not in certificate:
                self.cluster.patch_status(certificate, issued(certificate))


@pytest.mark.rehearsal(80, "an additional host without a certificate holds up nothing else")
def test_additional_host_waits_alone(
    rehearsal: Rehearsal, tmp_path_factory: pytest.TempPathFactory
) -> None:
    rehearsal.repository.take(rendered([APP_WITH_HOST], tmp_path_factory.mktemp("hosts")))
    cluster = rehearsal.cluster
    others: list[Actor] = [CloudNativePG(cluster), IssuesForOthers(cluster), Traefik(cluster)]
    with acting(*others):
        rehearsal.begin()
        until(
            lambda: f"Certificate/{CERTIFICATE}" in rehearsal.app.message,
            "Argo CD waits for the additional host's certificate",
            WITHIN_SECONDS,
        )
        assert cluster.get("Ingress", APP, APP)
        assert cluster.get("Ingress", f"{APP}-www-whywhynot-org", APP) is None
        status = rehearsal.existing("Deployment")["status"]
        assert status["availableReplicas"] == 1

    with acting(*rehearsal.actors):
        until(
            lambda: cluster.get("Ingress", f"{APP}-www-whywhynot-org", APP) is not None,
            "the additional host is served once its certificate is issued",
            WITHIN_SECONDS,
        )
    new_image = rehearsal.image_tagged("new")
    rehearsal.use_image(new_image)
    rehearsal.deploy("a new image")
    assert image_of(rehearsal.existing("Deployment")) == new_image


@pytest.mark.rehearsal(84, "an app moves to another host: both are served at every moment")
def test_moved_host_is_always_served(
    rehearsal: Rehearsal, tmp_path_factory: pytest.TempPathFactory
) -> None:
    cluster = rehearsal.cluster
    rehearsal.repository.take(rendered([ORIGIN], tmp_path_factory.mktemp("before")))
    rehearsal.install()
    for number, app in enumerate(MOVE):
        served = hosts_of(cluster)
        before = cluster.now()
        rehearsal.repository.take(rendered([app], tmp_path_factory.mktemp(f"step-{number}")))
        rehearsal.deploy(f"step {number}")
        for event in cluster.since(before, "Ingress", "Deployment"):
            if event.kind == "Deployment":
                assert OLD in allowed(event.document), event
                continue
            name = event.document["metadata"]["name"]
            served[name] = set() if event.change == "DELETED" else hosts_in(event.document)
            assert OLD in set().union(*served.values()), event
    assert {OLD, NEW} == set().union(*hosts_of(cluster).values())


def hosts_of(cluster: Cluster) -> dict[str, set[str]]:
    found = cluster.all("Ingress")
    return {ingress["metadata"]["name"]: hosts_in(ingress) for ingress in found}


def hosts_in(ingress: Document) -> set[str]:
    return {rule["host"] for rule in ingress["spec"]["rules"]}


def allowed(deployment: Document) -> list[str]:
    (web,) = deployment["spec"]["template"]["spec"]["containers"]
    (found,) = (v["value"] for v in web["env"] if v["name"] == "ALLOWED_HOSTS")
    return str(found).split(",")

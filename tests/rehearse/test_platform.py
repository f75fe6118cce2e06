"""The platform itself: what it is, and that it gives what apps ask for."""

from __future__ import annotations

import json
import socket
import ssl
from typing import TYPE_CHECKING

import pytest

from box.command import kubectl
from box.images import app, table
from box.platform import cert_manager, cloudnative_pg, traefik
from box.platform.apply import Document, apply, is_true, wait
from box.platform.install import install
from box.poll import until
from tests.rehearse.conftest import HOSTS, ROLES, SCRATCH, SCRATCH_HOST

if TYPE_CHECKING:
    from pathlib import Path

    from box.lifecycle import Box
    from box.platform.install import Platform

FIRST = f"{table.APP}:{app.FIRST.tag}"


def sql(kubeconfig: Path, statement: str) -> str:
    """What PostgreSQL answers its administrator."""
    where = ("-n", cloudnative_pg.NAMESPACE, f"{cloudnative_pg.CLUSTER}-1", "-c", "postgres")
    psql = ("psql", "--tuples-only", "--no-align", "--command", statement)
    return kubectl(kubeconfig, "exec", *where, "--", *psql).strip()


def certificate() -> Document:
    """One for the host, as the apps' manifests ask for theirs."""
    return {
        "apiVersion": "cert-manager.io/v1",
        "kind": "Certificate",
        "metadata": {"name": "tls", "namespace": SCRATCH},
        "spec": {
            "secretName": "tls",
            "dnsNames": [SCRATCH_HOST],
            "issuerRef": {"kind": "ClusterIssuer", "name": cert_manager.ISSUER},
        },
    }


def ingress(service: str = "nobody") -> Document:
    """Has Traefik show the certificate, and lead to a Service."""
    backend = {"service": {"name": service, "port": {"number": 80}}}
    path = {"path": "/", "pathType": "Prefix", "backend": backend}
    return {
        "apiVersion": "networking.k8s.io/v1",
        "kind": "Ingress",
        "metadata": {"name": "scratch", "namespace": SCRATCH},
        "spec": {
            "ingressClassName": traefik.NAME,
            "tls": [{"hosts": [SCRATCH_HOST], "secretName": "tls"}],
            "rules": [{"host": SCRATCH_HOST, "http": {"paths": [path]}}],
        },
    }


@pytest.mark.rehearsal(120, "apps-pg is a PostgreSQL of production's version, its role can log in")
def test_the_shared_cluster(platform: Platform, box: Box) -> None:
    assert platform.passwords.keys() == set(ROLES)
    assert sql(box.kubeconfig, "SHOW server_version").startswith("16.")
    roles = sql(box.kubeconfig, "SELECT rolname FROM pg_roles WHERE rolcanlogin")
    assert set(ROLES) <= set(roles.split())


@pytest.mark.rehearsal(121, "installing the platform again keeps pods and passwords")
def test_installing_again(platform: Platform, box: Box) -> None:
    def pods() -> set[str]:
        listed = json.loads(kubectl(box.kubeconfig, "get", "pods", "-A", "-o=json"))["items"]
        return {pod["metadata"]["uid"] for pod in listed}

    # They may have been rotated since it was installed first.
    passwords, before = install(box, ROLES, HOSTS).passwords, pods()
    assert passwords.keys() == platform.passwords.keys()
    assert install(box, ROLES, HOSTS).passwords == passwords
    assert pods() == before


@pytest.mark.rehearsal(122, "a certificate is issued over HTTP-01, and Traefik shows it")
def test_a_certificate(platform: Platform, scratch: Path, box: Box) -> None:
    apply(scratch, [certificate()])
    wait(scratch, SCRATCH, "certificate", "tls", is_true("Ready"))
    apply(scratch, [ingress()])
    published = wait(
        scratch,
        SCRATCH,
        "ingress",
        "scratch",
        lambda live: bool(live["status"]["loadBalancer"].get("ingress")),
    )
    assert box.network
    assert published["status"]["loadBalancer"]["ingress"] == [{"ip": box.network.node}]
    address, root = box.network.node, platform.acme_root
    # Traefik reads what has changed every other second.
    until(lambda: is_vouched_for(address, root), f"Traefik shows {SCRATCH_HOST}'s certificate", 20)


def is_vouched_for(address: str, root: Path) -> bool:
    """Whether what is shown for the host leads to this certificate."""
    context = ssl.create_default_context(cafile=str(root))
    try:
        with socket.create_connection((address, 443), 5) as plain:
            context.wrap_socket(plain, server_hostname=SCRATCH_HOST).close()
    except ssl.SSLCertVerificationError:
        return False
    return True


@pytest.mark.rehearsal(123, "an app's image is pulled by digest from the host that it is called by")
def test_an_image_is_pulled(platform: Platform, scratch: Path) -> None:
    image = platform.images[FIRST]
    container = {"name": "app", "image": image, "command": ["python", "-c", "import django"]}
    pod = {
        "apiVersion": "v1",
        "kind": "Pod",
        "metadata": {"name": "app", "namespace": SCRATCH},
        "spec": {"restartPolicy": "Never", "containers": [container]},
    }
    apply(scratch, [pod])
    ended = wait(
        scratch,
        SCRATCH,
        "pod",
        "app",
        lambda live: live["status"]["phase"] in ("Succeeded", "Failed"),
    )
    assert ended["status"]["phase"] == "Succeeded"
    (status,) = ended["status"]["containerStatuses"]
    assert status["imageID"].partition("@")[2] == image.partition("@")[2]

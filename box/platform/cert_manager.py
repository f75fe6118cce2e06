"""cert-manager from its own chart, and the ClusterIssuer that apps use."""

from __future__ import annotations

import base64
import json
from typing import TYPE_CHECKING

import yaml

from box import programs
from box.cluster import CERT_MANAGER
from box.images import platform as images
from box.platform.apply import (
    Document,
    apply,
    apply_once_admitted,
    is_true,
    wait,
    wait_for_deployment,
)
from ops.host.command import Command

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

NAMESPACE = "cert-manager"
ISSUER = "letsencrypt-prod"
INGRESS_CLASS = "traefik"
HELM = programs.TOOLS / "bench/helm"
# Parts of the chart that have no image here or are not used.
DISABLED_VALUES = ("startupapicheck.enabled", "prometheus.enabled")
# The chart value for each image, and the image.
IMAGES = {
    "image": "controller",
    "webhook.image": "webhook",
    "cainjector.image": "cainjector",
    "acmesolver.image": "acmesolver",
}


def install(kubeconfig: Path, made: Mapping[str, str]) -> None:
    """Apply the chart of the pinned version with our images, and wait for its Deployments."""
    apply(kubeconfig, [namespace(), *documents(made)])
    for name in ("cert-manager", "cert-manager-cainjector", "cert-manager-webhook"):
        wait_for_deployment(kubeconfig, NAMESPACE, name)


def namespace() -> Document:
    """The namespace of cert-manager, and of the ClusterIssuer's account key."""
    return {"apiVersion": "v1", "kind": "Namespace", "metadata": {"name": NAMESPACE}}


def documents(made: Mapping[str, str]) -> list[Document]:
    """The rendered chart."""
    chart = programs.module_folder(*CERT_MANAGER) / "deploy/charts/cert-manager"
    tag = programs.version_of(*CERT_MANAGER)
    values: Document = dict.fromkeys(DISABLED_VALUES, False) | {"crds.enabled": True}
    for place, name in IMAGES.items():
        repository = f"{images.CERT_MANAGER}-{name}"
        digest = made[f"{repository}:{tag}"].partition("@")[2]
        values |= {f"{place}.repository": repository, f"{place}.tag": tag}
        values |= {f"{place}.digest": digest}
    flags = [f"--set-json={place}={json.dumps(value)}" for place, value in values.items()]
    rendered = Command(
        [HELM, "template", "cert-manager", chart, f"--namespace={NAMESPACE}", *flags],
        "make .tools/bench/ready",
    ).run()
    return [document for document in yaml.load_all(rendered, yaml.CSafeLoader) if document]


def install_issuer(kubeconfig: Path, server: str, authority: Path) -> None:
    """Create letsencrypt-prod for this ACME server, and wait until its account is registered."""
    issuer: Document = {
        "apiVersion": "cert-manager.io/v1",
        "kind": "ClusterIssuer",
        "metadata": {"name": ISSUER},
        "spec": {
            "acme": {
                "server": server,
                "caBundle": base64.b64encode(authority.read_bytes()).decode(),
                "privateKeySecretRef": {"name": f"{ISSUER}-account"},
                "solvers": [{"http01": {"ingress": {"ingressClassName": INGRESS_CLASS}}}],
            }
        },
    }
    apply_once_admitted(kubeconfig, [issuer])
    wait(kubeconfig, NAMESPACE, "clusterissuer", ISSUER, is_true("Ready"))

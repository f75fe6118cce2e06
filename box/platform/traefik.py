"""Traefik as in k3s: in kube-system, on ports 80 and 443 of the node."""

from __future__ import annotations

import json
from pathlib import Path

from box import programs
from box.cluster import TRAEFIK, read
from box.command import kubectl
from box.platform.apply import Document, apply, wait_for_deployment

NAMESPACE = "kube-system"
NAME = "traefik"
MANIFEST = Path(__file__).parent / "manifests/traefik.yaml"
RBAC = "docs/content/reference/dynamic-configuration/kubernetes-crd-rbac.yml"


def install(kubeconfig: Path, image: str, node_address: str) -> None:
    """Apply Traefik, wait for it, and give its Service the node's address.

    In k3s, servicelb sets that address. Traefik copies it to each Ingress, and kube-proxy forwards
    the traffic that arrives there.
    """
    apply(kubeconfig, documents(image))
    status = {"status": {"loadBalancer": {"ingress": [{"ip": node_address}]}}}
    patch = ("--subresource=status", "--type=merge", f"--patch={json.dumps(status)}")
    kubectl(kubeconfig, "patch", "-n", NAMESPACE, "service", NAME, *patch)
    wait_for_deployment(kubeconfig, NAMESPACE, NAME)


def documents(image: str) -> list[Document]:
    """Our manifest with the image, and the RBAC from Traefik's documentation."""
    found = read(MANIFEST)
    for document in found:
        if document["kind"] == "Deployment":
            document["spec"]["template"]["spec"]["containers"][0]["image"] = image
    granted = read(programs.module_folder(TRAEFIK[0], TRAEFIK[1]) / RBAC)
    for document in granted:
        for subject in document.get("subjects", []):
            subject |= {"name": NAME, "namespace": NAMESPACE}
    return [*granted, *found]

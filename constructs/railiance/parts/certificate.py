"""The certificate for the app's host."""

from __future__ import annotations

from typing import TYPE_CHECKING

from railiance.django_app import DjangoApp
from railiance.metadata import Component, object_meta
from railiance.platform import Platform
from railiance.waves import Wave

if TYPE_CHECKING:
    from imports.kubernetes import Certificate


def certificate(app: DjangoApp, platform: Platform) -> Certificate:
    """A certificate for the host, in the wave before the Ingress that uses it.

    Asked for by itself rather than by the Ingress: Argo CD waits until it is issued, so nothing is
    exposed before. It is named like its Secret, for by that name cert-manager's ingress-shim looks
    for the Certificate of an annotated Ingress, and would make a second one for the same Secret.
    Its key is made anew at every renewal.
    Source: cert-manager, "Certificate resource", and pkg/controller/certificate-shim.
    """
    return {
        "apiVersion": "cert-manager.io/v1",
        "kind": "Certificate",
        "metadata": object_meta(app, app.tls_secret_name, Component.INGRESS, Wave.CERTIFICATE),
        "spec": {
            "secretName": app.tls_secret_name,
            "dnsNames": [app.host],
            "issuerRef": {
                "group": "cert-manager.io",
                "kind": "ClusterIssuer",
                "name": platform.cluster_issuer,
            },
            "privateKey": {"algorithm": "ECDSA", "size": 256, "rotationPolicy": "Always"},
        },
    }

"""The certificate for one host of an app."""

from __future__ import annotations

from typing import TYPE_CHECKING

from constructs import Construct

from railiance.django_app import DjangoApp
from railiance.metadata import Component, object_meta
from railiance.parts.typed_object import TypedObject
from railiance.platform import Platform
from railiance.waves import Wave

if TYPE_CHECKING:
    from imports.kubernetes import CertificateSpec


class HostCertificate(TypedObject):
    """A certificate for the host, in the wave before the Ingress that uses it.

    It is declared rather than requested by the Ingress's annotation: Argo CD waits until it is
    issued, so nothing is exposed before. It has the name of its Secret, because cert-manager's
    ingress-shim looks for the Certificate of an annotated Ingress by that name and would create a
    second one for the same Secret. Every renewal generates a new private key.
    Source: cert-manager, "Certificate resource", and pkg/controller/certificate-shim.
    """

    def __init__(
        self,
        scope: Construct,
        construct_id: str,
        *,
        app: DjangoApp,
        platform: Platform,
        host: str,
        secret_name: str,
        wave: Wave,
    ) -> None:
        self.secret_name = secret_name
        self.hosts = [host]
        self.cluster_issuer = platform.cluster_issuer
        spec: CertificateSpec = {
            "secretName": self.secret_name,
            "dnsNames": self.hosts,
            "issuerRef": {
                "group": "cert-manager.io",
                "kind": "ClusterIssuer",
                "name": self.cluster_issuer,
            },
            "privateKey": {"algorithm": "ECDSA", "size": 256, "rotationPolicy": "Always"},
        }
        super().__init__(
            scope,
            construct_id,
            api_version="cert-manager.io/v1",
            kind="Certificate",
            metadata=object_meta(app, self.secret_name, Component.INGRESS, wave),
            spec=spec,
        )

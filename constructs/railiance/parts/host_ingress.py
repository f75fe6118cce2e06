"""The Ingress of one host of an app."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from constructs import Construct

from railiance.annotations import MIDDLEWARES
from railiance.django_app import DjangoApp
from railiance.metadata import Component, object_meta
from railiance.parts.host_certificate import HostCertificate
from railiance.parts.typed_object import TypedObject
from railiance.parts.web_service import WebService
from railiance.platform import Platform
from railiance.waves import Wave

if TYPE_CHECKING:
    from imports.kubernetes import IngressRule, IngressSpec


class HostIngress(TypedObject):
    """Serves the certificate's hosts over HTTPS with the certificate's Secret.

    The issuer annotation names the same issuer as the Certificate; cert-manager does not change a
    Secret that belongs to a Certificate which the Ingress does not own. A request passes through
    the Middlewares in their order.
    Source: cert-manager, "Annotated Ingress resource"; Traefik, "Kubernetes Ingress".
    """

    def __init__(
        self,
        scope: Construct,
        construct_id: str,
        *,
        app: DjangoApp,
        platform: Platform,
        certificate: HostCertificate,
        middlewares: Sequence[str],
        service: WebService,
        name: str,
        wave: Wave,
    ) -> None:
        spec: IngressSpec = {
            "ingressClassName": platform.ingress_class,
            "tls": [{"hosts": certificate.hosts, "secretName": certificate.secret_name}],
            "rules": [_rule(host, service) for host in certificate.hosts],
        }
        annotations = {
            "cert-manager.io/cluster-issuer": certificate.cluster_issuer,
            MIDDLEWARES: ",".join(middlewares),
        }
        super().__init__(
            scope,
            construct_id,
            api_version="networking.k8s.io/v1",
            kind="Ingress",
            metadata=object_meta(app, name, Component.INGRESS, wave, annotations=annotations),
            spec=spec,
        )


def _rule(host: str, service: WebService) -> IngressRule:
    """Routes every path of the host to the Service."""
    return {
        "host": host,
        "http": {
            "paths": [
                {
                    "path": "/",
                    "pathType": "Prefix",
                    "backend": {
                        "service": {
                            "name": service.object_name,
                            "port": {"name": service.port_name},
                        }
                    },
                }
            ]
        },
    }

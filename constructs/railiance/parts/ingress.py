"""The way in from outside."""

from __future__ import annotations

from typing import TYPE_CHECKING

from railiance.django_app import DjangoApp
from railiance.metadata import Component, object_meta
from railiance.platform import Platform
from railiance.waves import Wave

if TYPE_CHECKING:
    from imports.kubernetes import Ingress, Middleware

REDIRECT_NAME = "https-redirect"


def redirect_middleware(app: DjangoApp) -> Middleware:
    """Sends plain HTTP to HTTPS, for good.

    It hangs on the app's Ingress alone; the ACME challenge is answered by the solver's own.
    Source: Traefik, "RedirectScheme".
    """
    return {
        "apiVersion": "traefik.io/v1alpha1",
        "kind": "Middleware",
        "metadata": object_meta(app, REDIRECT_NAME, Component.INGRESS, Wave.EXPOSURE),
        "spec": {"redirectScheme": {"scheme": "https", "permanent": True}},
    }


def ingress(app: DjangoApp, platform: Platform) -> Ingress:
    """Serves the host over HTTPS with the Certificate's secret.

    The issuer's annotation names the same issuer as the Certificate; cert-manager leaves a secret
    alone that belongs to a Certificate which is not the Ingress's own.
    Source: cert-manager, "Annotated Ingress resource"; Traefik, "Kubernetes Ingress".
    """
    return {
        "apiVersion": "networking.k8s.io/v1",
        "kind": "Ingress",
        "metadata": object_meta(
            app,
            app.name,
            Component.INGRESS,
            Wave.EXPOSURE,
            {
                "cert-manager.io/cluster-issuer": platform.cluster_issuer,
                "traefik.ingress.kubernetes.io/router.middlewares": (
                    f"{app.name}-{REDIRECT_NAME}@kubernetescrd"
                ),
            },
        ),
        "spec": {
            "ingressClassName": platform.ingress_class,
            "tls": [{"hosts": [app.host], "secretName": app.tls_secret_name}],
            "rules": [
                {
                    "host": app.host,
                    "http": {
                        "paths": [
                            {
                                "path": "/",
                                "pathType": "Prefix",
                                "backend": {
                                    "service": {"name": app.name, "port": {"name": "http"}}
                                },
                            }
                        ]
                    },
                }
            ],
        },
    }

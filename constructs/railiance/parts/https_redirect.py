"""The redirect from plain HTTP."""

from __future__ import annotations

from typing import TYPE_CHECKING

from constructs import Construct

from railiance.django_app import DjangoApp
from railiance.metadata import Component, object_meta
from railiance.parts.typed_object import TypedObject
from railiance.waves import Wave

if TYPE_CHECKING:
    from imports.kubernetes import MiddlewareSpec

NAME = "https-redirect"


class HttpsRedirect(TypedObject):
    """A Traefik Middleware that redirects plain HTTP to HTTPS, permanently.

    It applies to the app's Ingress only; the solver's own Ingress answers the ACME challenge.
    Source: Traefik, "RedirectScheme".
    """

    def __init__(self, scope: Construct, construct_id: str, *, app: DjangoApp) -> None:
        self.reference = f"{app.name}-{NAME}@kubernetescrd"
        spec: MiddlewareSpec = {"redirectScheme": {"scheme": "https", "permanent": True}}
        super().__init__(
            scope,
            construct_id,
            api_version="traefik.io/v1alpha1",
            kind="Middleware",
            metadata=object_meta(app, NAME, Component.INGRESS, Wave.EXPOSURE),
            spec=spec,
        )

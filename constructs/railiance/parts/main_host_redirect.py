"""The redirect from additional hosts to the main host."""

from __future__ import annotations

from typing import TYPE_CHECKING

from constructs import Construct

from railiance.django_app import DjangoApp
from railiance.host_redirect import EVERY_ADDRESS, replacement
from railiance.metadata import Component, object_meta
from railiance.parts.typed_object import TypedObject
from railiance.waves import Wave

if TYPE_CHECKING:
    from imports.kubernetes import MiddlewareSpec

NAME = "main-host-redirect"


class MainHostRedirect(TypedObject):
    """A Traefik Middleware that redirects every request to the main host, permanently.

    Path and query stay. Plain HTTP is redirected in the same step: the target is always HTTPS.
    Source: Traefik, "RedirectRegex".
    """

    def __init__(self, scope: Construct, construct_id: str, *, app: DjangoApp) -> None:
        self.reference = f"{app.name}-{NAME}@kubernetescrd"
        spec: MiddlewareSpec = {
            "redirectRegex": {
                "regex": EVERY_ADDRESS,
                "replacement": replacement(app.host),
                "permanent": True,
            }
        }
        super().__init__(
            scope,
            construct_id,
            api_version="traefik.io/v1alpha1",
            kind="Middleware",
            metadata=object_meta(app, NAME, Component.INGRESS, Wave.ADDITIONAL_EXPOSURE),
            spec=spec,
        )

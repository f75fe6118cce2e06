"""The identity of the app's pods towards the API server: none that can do anything."""

from __future__ import annotations

from typing import TYPE_CHECKING

from railiance.django_app import DjangoApp
from railiance.metadata import Component, object_meta
from railiance.waves import Wave

if TYPE_CHECKING:
    from imports.kubernetes import ServiceAccount


def service_account(app: DjangoApp) -> ServiceAccount:
    """A ServiceAccount of the app's own, whose token is not mounted into pods."""
    return {
        "apiVersion": "v1",
        "kind": "ServiceAccount",
        "metadata": object_meta(app, app.name, Component.WEB, Wave.FOUNDATION),
        "automountServiceAccountToken": False,
    }

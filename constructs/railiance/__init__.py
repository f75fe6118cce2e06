"""Typed declarations of Django apps, and the Kubernetes objects that they are rendered to.

An app is declared with DjangoApp, a cluster with Platform; neither loads cdk8s. The charts are in
railiance.app_chart and railiance.argocd_charts, for any cdk8s App.
"""

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from railiance.django_app import DjangoApp, Image, MediaVolume, Resources, SharedDatabase
    from railiance.errors import DeclarationError, SynthError
    from railiance.platform import Platform
    from railiance.smoke import Smoke, SmokeEntry

__all__ = [
    "DeclarationError",
    "DjangoApp",
    "Image",
    "MediaVolume",
    "Platform",
    "Resources",
    "SharedDatabase",
    "Smoke",
    "SmokeEntry",
    "SynthError",
]

_MODULES = {
    "railiance.errors": ("DeclarationError", "SynthError"),
    "railiance.platform": ("Platform",),
    "railiance.smoke": ("Smoke", "SmokeEntry"),
}


def __getattr__(name: str) -> Any:
    """A class of the package, imported on first use: ops does not need all of them."""
    if name not in __all__:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    homes = (module for module, names in _MODULES.items() if name in names)
    return getattr(import_module(next(homes, "railiance.django_app")), name)

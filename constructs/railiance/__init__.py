"""Typed declarations of Django apps, and the Kubernetes objects that they are rendered to.

An app is declared with DjangoApp, a cluster with Platform; neither loads cdk8s. The charts are in
railiance.app_chart and railiance.argocd_charts, for any cdk8s App.
"""

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from railiance.additional_host import AdditionalHost
    from railiance.django_app import DjangoApp
    from railiance.errors import DeclarationError, SynthError
    from railiance.folders import (
        ConfigurationFile,
        DataFolder,
        MediaVolume,
        ScratchFolder,
        SecretFile,
    )
    from railiance.image import Image
    from railiance.names import DatabaseParts, Names
    from railiance.object_storage import ObjectStorage, StorageNames
    from railiance.platform import Platform
    from railiance.processes import Heartbeat, Schedule, Worker
    from railiance.resources import Resources
    from railiance.shared_database import SharedDatabase
    from railiance.smoke import Smoke, SmokeEntry
    from railiance.valkey import Valkey

_MODULES = {
    "railiance.additional_host": ("AdditionalHost",),
    "railiance.django_app": ("DjangoApp",),
    "railiance.errors": ("DeclarationError", "SynthError"),
    "railiance.folders": (
        *("ConfigurationFile", "DataFolder", "MediaVolume", "ScratchFolder", "SecretFile"),
    ),
    "railiance.image": ("Image",),
    "railiance.names": ("DatabaseParts", "Names"),
    "railiance.object_storage": ("ObjectStorage", "StorageNames"),
    "railiance.platform": ("Platform",),
    "railiance.processes": ("Heartbeat", "Schedule", "Worker"),
    "railiance.resources": ("Resources",),
    "railiance.shared_database": ("SharedDatabase",),
    "railiance.smoke": ("Smoke", "SmokeEntry"),
    "railiance.valkey": ("Valkey",),
}
_HOMES = {name: module for module, names in _MODULES.items() for name in names}

__all__ = [
    "AdditionalHost",
    "ConfigurationFile",
    "DataFolder",
    "DatabaseParts",
    "DeclarationError",
    "DjangoApp",
    "Heartbeat",
    "Image",
    "MediaVolume",
    "Names",
    "ObjectStorage",
    "Platform",
    "Resources",
    "Schedule",
    "ScratchFolder",
    "SecretFile",
    "SharedDatabase",
    "Smoke",
    "SmokeEntry",
    "StorageNames",
    "SynthError",
    "Valkey",
    "Worker",
]


def __getattr__(name: str) -> Any:
    """A class of the package, imported on first use: ops does not need all of them."""
    if name not in _HOMES:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return getattr(import_module(_HOMES[name]), name)

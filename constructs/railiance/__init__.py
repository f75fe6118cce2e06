"""Typed declarations of Django apps, and the Kubernetes documents that they become.

An app is declared with DjangoApp, a cluster with Platform. Neither loads cdk8s; only
railiance.synth does, when there is something to render.
"""

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

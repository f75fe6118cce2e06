"""Typed declarations of Django apps, and the Kubernetes documents that they become.

An app is declared with DjangoApp, a cluster with Platform; neither loads cdk8s. The charts that
they become are in railiance.app_chart and railiance.argocd_charts, for any cdk8s App.
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

"""Container registries: what a tag means there, and what is inside an image."""

from ops.registry.client import Registry
from ops.registry.reference import Reference

__all__ = ["Reference", "Registry"]

"""Container registries: what a tag means there, and what is inside an image."""

from ops.registry.image_reference import Reference
from ops.registry.registry_client import Registry

__all__ = ["Reference", "Registry"]

"""Whether the node can pull and run an image, as its manifest and configuration say."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from ops.errors import DeniedError, MissingImageError, UnsuitableImageError
from ops.registry import credentials
from ops.registry.image_reference import Reference
from ops.registry.media_types import CONFIGURATIONS, LAYERS, artifact, described
from ops.registry.registry_client import Manifest, Registry

LINUX = "linux"
NO_IMAGE = "not an image; push the image under this tag"
UNKNOWN = "unknown"
"""The platform of what is in an index beside images, such as attestations."""


@dataclass(frozen=True)
class Found:
    """An image that the node can run."""

    digest: str
    """What the tag means: of an index, if there are images for several platforms."""
    working_folder: str
    """Where its commands start, and its code usually is; empty if it does not say so."""
    login: str = ""
    """Where the login is kept with which it was read; empty if anybody can read it."""


def find(image: Reference, architecture: str) -> Found:
    """The image that a tag names, read as the node reads it, and with a login if it must be.

    Raises RegistryError if it is not there, is no image, or is none for the node.
    """
    try:
        return _find(image, architecture, as_anybody=True)
    except (DeniedError, MissingImageError) as refused:
        login = credentials.stored(image.registry)
        if not login:
            raise refused from None
    found = _find(image, architecture, as_anybody=False)
    return Found(found.digest, found.working_folder, login.place)


def _find(image: Reference, architecture: str, *, as_anybody: bool) -> Found:
    with Registry(image.registry, as_anybody=as_anybody) as registry:
        named = registry.manifest(image.repository, image.tag)
        manifest = named
        if named.is_index:
            digest = _for_platform(named, image, architecture)
            manifest = registry.manifest(image.repository, digest)
        configuration = _configuration(registry, image, manifest)
    platform = (configuration.get("os"), configuration.get("architecture"))
    if platform != (LINUX, architecture):
        raise _of_others([f"{system}/{name}" for system, name in [platform]], image, architecture)
    settings = configuration.get("config")
    folder = settings.get("WorkingDir") if isinstance(settings, dict) else ""
    return Found(named.digest, str(folder or ""))


def _for_platform(index: Manifest, image: Reference, architecture: str) -> str:
    """The digest of the image for the node's platform."""
    others: list[str] = []
    for entry in index.entries("manifests", image):
        platform = entry.get("platform") or {}
        system, name = platform.get("os"), platform.get("architecture")
        if (system, name) == (LINUX, architecture):
            return str(entry["digest"])
        if system != UNKNOWN:
            others.append(f"{system}/{name}")
    raise _of_others(others, image, architecture)


def _of_others(
    platforms: Sequence[str], image: Reference, architecture: str
) -> UnsuitableImageError:
    theirs = f"but for {', '.join(dict.fromkeys(platforms))}" if platforms else "nor for any other"
    return UnsuitableImageError(
        f"{image} is not built for {LINUX}/{architecture}, which the node needs, {theirs}; build it"
        f" with `docker build --platform {LINUX}/{architecture}` and push it"
    )


def _configuration(registry: Registry, image: Reference, manifest: Manifest) -> dict[str, Any]:
    """The configuration of an image; raises RegistryError for whatever else is in a registry."""
    stated = manifest.content.get("config")
    kind = stated.get("mediaType") if isinstance(stated, dict) else None
    if not isinstance(stated, dict) or kind not in CONFIGURATIONS:
        what = described(manifest.content.get("artifactType") or kind) or "an artifact"
        raise UnsuitableImageError(f"{image} is {what}, {NO_IMAGE}")
    layers = manifest.entries("layers", image)
    if not layers:
        problem = "has no layer, so nothing can run"
        raise UnsuitableImageError(f"{image} {problem}; push the image again")
    for layer in layers:
        if not LAYERS.fullmatch(str(layer.get("mediaType"))):
            kind = layer.get("mediaType")
            if what := artifact(kind):
                raise UnsuitableImageError(f"{image} is {what}, {NO_IMAGE}")
            raise UnsuitableImageError(
                f"{image} has a layer of the type {kind}, which the node cannot unpack; push it"
                " gzipped and unencrypted"
            )
    return registry.configuration(image.repository, str(stated.get("digest")))

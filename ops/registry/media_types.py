"""What a registry's media types say of a manifest and of its parts.

Source: OCI Image Format Specification 1.1, "OCI Image Media Types"; Docker, "Image Manifest
Version 2, Schema 2".
"""

import re
from collections.abc import Mapping
from typing import Any

INDEXES = (
    "application/vnd.oci.image.index.v1+json",
    "application/vnd.docker.distribution.manifest.list.v2+json",
)
MANIFESTS = (
    "application/vnd.oci.image.manifest.v1+json",
    "application/vnd.docker.distribution.manifest.v2+json",
)
CONFIGURATIONS = (
    "application/vnd.oci.image.config.v1+json",
    "application/vnd.docker.container.image.v1+json",
)
"""The configurations of images; an artifact has another one."""
LAYERS = re.compile(
    r"application/vnd\.oci\.image\.layer\.(nondistributable\.)?v1\.tar(\+gzip|\+zstd)?"
    r"|application/vnd\.docker\.image\.rootfs\.(diff|foreign\.diff)\.tar(\.gzip|\.zstd)?"
)
"""The layers that containerd unpacks on Linux."""
_SCHEMA_1 = "application/vnd.docker.distribution.manifest.v1"
_ARTIFACTS = {
    "application/vnd.cncf.helm.": "a Helm chart",
    "application/vnd.docker.plugin.": "a Docker plugin",
    "application/vnd.dev.cosign.": "a signature",
    "application/vnd.dev.sigstore.": "a signature",
    "application/vnd.wasm.": "a WebAssembly module",
    "application/vnd.in-toto": "an attestation",
    "application/spdx": "a bill of materials",
    "application/vnd.cyclonedx": "a bill of materials",
}


def is_schema_1(content: Mapping[str, Any], media_type: str) -> bool:
    """Whether a manifest is of Docker's first schema."""
    return content.get("schemaVersion") == 1 or media_type.startswith(_SCHEMA_1)


def artifact(media_type: object) -> str:
    """What a media type stands for, if that is known not to be an image; else empty."""
    text = str(media_type)
    return next((what for start, what in _ARTIFACTS.items() if text.startswith(start)), "")


def described(media_type: object) -> str:
    """What a media type stands for that is no image; empty for none."""
    text = str(media_type)
    if known := artifact(text):
        return known
    is_one = re.fullmatch(r"application/vnd\.[A-Za-z0-9.+-]{1,100}", text)
    return f"an artifact of the type {text}" if is_one else ""

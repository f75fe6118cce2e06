"""Pushes images to a registry.

https://github.com/opencontainers/distribution-spec/blob/main/spec.md#push
"""

from __future__ import annotations

import json
import ssl
import tarfile
from dataclasses import dataclass
from http import HTTPStatus
from typing import TYPE_CHECKING, Any

import httpx2

from box.errors import BoxError
from box.images.archive import MANIFEST, NAME_ANNOTATIONS, blob_path

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

PART_BYTES = 2**20
TIMEOUT_SECONDS = 120.0


class PushError(BoxError):
    """The registry refused a part of an image."""

    def __init__(self, name: str, why: str) -> None:
        super().__init__(f"pushing {name}: {why}", "make box-status: the git host must be ready")


@dataclass(frozen=True)
class Registry:
    """A registry, reached through a proxy of the local cluster and verified by its authority."""

    proxy: str
    authority: Path

    def push(self, archive: Path) -> None:
        """Push every image of an archive under its own name; existing blobs are not sent again."""
        context = ssl.create_default_context(cafile=str(self.authority))
        with (
            tarfile.open(archive) as tar,
            httpx2.Client(
                proxy=self.proxy, verify=context, trust_env=False, timeout=TIMEOUT_SECONDS
            ) as client,
        ):
            for descriptor in read_json(tar, "index.json")["manifests"]:
                name: str = descriptor["annotations"][NAME_ANNOTATIONS[0]]
                if "@" not in name:  # the same image under its digest
                    try:
                        Push(client, tar, name).image(descriptor["digest"])
                    except httpx2.TransportError as error:
                        raise PushError(name, str(error)) from error


@dataclass(frozen=True)
class Push:
    """The push of one image."""

    client: httpx2.Client
    tar: tarfile.TarFile
    name: str

    @property
    def base(self) -> str:
        """The URL of the image's repository in the registry."""
        host, _, path = self.name.rpartition(":")[0].partition("/")
        return f"https://{host}/v2/{path}"

    def image(self, digest: str) -> None:
        """Push the blobs that the manifest lists, and then the manifest under its tag."""
        manifest = read_json(self.tar, blob_path(digest))
        for each in (manifest["config"], *manifest["layers"]):
            self.blob(each["digest"])
        tag = self.name.rpartition(":")[2]
        content = b"".join(parts(self.tar, digest))
        headers = {"Content-Type": MANIFEST}
        self.check(
            self.client.put(f"{self.base}/manifests/{tag}", content=content, headers=headers),
            HTTPStatus.CREATED,
        )

    def blob(self, digest: str) -> None:
        """Send a blob unless the registry has it."""
        if self.client.head(f"{self.base}/blobs/{digest}").status_code == HTTPStatus.OK:
            return
        begun = self.client.post(f"{self.base}/blobs/uploads/")
        self.check(begun, HTTPStatus.ACCEPTED)
        place = begun.url.join(begun.headers["Location"])
        size = str(self.tar.getmember(blob_path(digest)).size)
        headers = {"Content-Type": "application/octet-stream", "Content-Length": size}
        self.check(
            self.client.put(
                place.copy_merge_params({"digest": digest}),
                content=parts(self.tar, digest),
                headers=headers,
            ),
            HTTPStatus.CREATED,
        )

    def check(self, answer: httpx2.Response, wanted: HTTPStatus) -> None:
        """Raise unless the response has the expected status."""
        if answer.status_code != wanted:
            raise PushError(self.name, f"{answer.status_code} {answer.text[:200]}")


def parts(tar: tarfile.TarFile, digest: str) -> Iterator[bytes]:
    """A blob in parts."""
    content = tar.extractfile(blob_path(digest))
    assert content is not None  # blobs are plain files
    while part := content.read(PART_BYTES):
        yield part


def read_json(tar: tarfile.TarFile, path: str) -> dict[str, Any]:
    """A small JSON document of the archive."""
    content = tar.extractfile(path)
    assert content is not None
    document: dict[str, Any] = json.load(content)
    return document

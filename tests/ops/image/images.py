"""Images made by hand and pushed to a registry, as the OCI specifications have it."""

import gzip
import hashlib
import io
import json
import tarfile
from collections.abc import Sequence
from dataclasses import dataclass

import httpx2

MANIFEST = "application/vnd.oci.image.manifest.v1+json"
INDEX = "application/vnd.oci.image.index.v1+json"
LAYER = "application/vnd.oci.image.layer.v1.tar+gzip"
LIBRARIES = "usr/local/lib/python3.13/site-packages"
BASE = (f"{LIBRARIES}/django/contrib/auth/migrations/0001_initial.py",)
"""What every Django image has."""


def migration(name: str, app: str = "ausschreibung") -> str:
    return f"app/{app}/migrations/{name}.py"


def layer(*paths: str) -> bytes:
    """A layer with these files, the same ones always the same; a path that ends in a slash is a
    folder."""
    packed = io.BytesIO()
    with (
        gzip.GzipFile(fileobj=packed, mode="wb", mtime=0) as zipped,
        tarfile.open(fileobj=zipped, mode="w") as archive,
    ):
        for path in paths:
            entry = tarfile.TarInfo(path.rstrip("/"))
            entry.type = tarfile.DIRTYPE if path.endswith("/") else tarfile.REGTYPE
            archive.addfile(entry)
    return packed.getvalue()


def digest_of(content: bytes) -> str:
    return f"sha256:{hashlib.sha256(content).hexdigest()}"


CLIENT = httpx2.Client(trust_env=False, verify=False)
"""Speaks plain HTTP, so it need not read any authorities."""


@dataclass(frozen=True)
class Pusher:
    """Pushes to one repository."""

    registry: str
    repository: str

    def image(self, tag: str, *layers: bytes, media_type: str = LAYER, **settings: object) -> str:
        """Pushes an image for linux/amd64, or with other settings, and returns its digest."""
        platform = {"os": "linux", "architecture": "amd64"}
        config = json.dumps({**platform, "tag": tag, **settings}).encode()
        for blob in (config, *layers):
            self._blob(blob)
        manifest = {
            "schemaVersion": 2,
            "mediaType": MANIFEST,
            "config": {
                "mediaType": "application/vnd.oci.image.config.v1+json",
                "digest": digest_of(config),
                "size": len(config),
            },
            "layers": [
                {"mediaType": media_type, "digest": digest_of(blob), "size": len(blob)}
                for blob in layers
            ],
        }
        return self.manifest(tag, MANIFEST, manifest)

    def migrations(self, tag: str, names: Sequence[str]) -> str:
        """Pushes an image of the app that has these migrations, and returns its digest."""
        return self.image(tag, layer(*BASE), layer(*map(migration, names)))

    def index(self, tag: str, *entries: tuple[str, str]) -> str:
        """Pushes an index of images by their platforms, such as linux/amd64."""
        manifests = [
            {
                "mediaType": MANIFEST,
                "digest": digest,
                "size": 1,
                "platform": dict(zip(("os", "architecture"), platform.split("/"), strict=True)),
            }
            for digest, platform in entries
        ]
        content = {"schemaVersion": 2, "mediaType": INDEX, "manifests": manifests}
        return self.manifest(tag, INDEX, content)

    def artifact(self, tag: str, kind: str, **more: object) -> str:
        """Pushes something else than an image, with a configuration of this type."""
        self._blob(b"{}")
        config = {"mediaType": kind, "digest": digest_of(b"{}"), "size": 2}
        content = {"schemaVersion": 2, "mediaType": MANIFEST, "config": config, "layers": []}
        return self.manifest(tag, MANIFEST, {**content, **more})

    def manifest(self, tag: str, media_type: str, content: object) -> str:
        body = json.dumps(content).encode()
        address = f"{self.registry}/v2/{self.repository}/manifests/{tag}"
        answer = CLIENT.put(address, content=body, headers={"Content-Type": media_type})
        assert answer.status_code == 201, answer.text
        return digest_of(body)

    def _blob(self, content: bytes) -> None:
        start = CLIENT.post(f"{self.registry}/v2/{self.repository}/blobs/uploads/")
        address = str(httpx2.URL(self.registry).join(start.headers["Location"]))
        answer = CLIENT.put(address, params={"digest": digest_of(content)}, content=content)
        assert answer.status_code == 201, answer.text

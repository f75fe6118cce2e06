"""Images made by hand and pushed to a registry, as the OCI specifications have it."""

import gzip
import hashlib
import io
import json
import tarfile
from collections.abc import Mapping, Sequence
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


def chained(app: str, before: str) -> str:
    """The source of a migration that depends on one of its app, if that has a name."""
    dependencies = [(app, before)] if before else []
    return (
        "from django.db import migrations\n\n\n"
        f"class Migration(migrations.Migration):\n    dependencies = {dependencies}\n"
    )


def layer(*paths: str, contents: Mapping[str, str] | None = None) -> bytes:
    """A layer with these files, the same ones always the same; a path that ends in a slash is a
    folder. Those of `contents` are not empty."""
    contents = contents or {}
    packed = io.BytesIO()
    with (
        gzip.GzipFile(fileobj=packed, mode="wb", mtime=0) as zipped,
        tarfile.open(fileobj=zipped, mode="w") as archive,
    ):
        for path in (*paths, *contents):
            entry = tarfile.TarInfo(path.rstrip("/"))
            entry.type = tarfile.DIRTYPE if path.endswith("/") else tarfile.REGTYPE
            content = contents.get(path, "").encode()
            entry.size = len(content)
            archive.addfile(entry, io.BytesIO(content))
    return packed.getvalue()


def digest_of(content: bytes) -> str:
    return f"sha256:{hashlib.sha256(content).hexdigest()}"


CLIENT = httpx2.Client(trust_env=False, verify=False, timeout=30)
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
        """Pushes an image of the app with these migrations, each of which depends on the one
        before, and returns its digest."""
        contents = {
            migration(name): chained("ausschreibung", before)
            for before, name in zip(["", *names], names, strict=False)
        }
        return self.image(tag, layer(*BASE), layer(contents=contents))

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

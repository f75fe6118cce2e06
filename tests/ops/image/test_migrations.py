"""Which migrations are read from an image's layers."""

import json
from pathlib import Path

import pytest

from box.certificates import Authority
from ops.errors import RegistryError
from ops.migrations import image_migrations
from ops.registry import Reference, image_files
from tests.ops.image.conftest import HOST, REPOSITORY, reaching
from tests.ops.image.gateway import Gateway
from tests.ops.image.images import (
    BASE,
    INDEX,
    LAYER,
    LIBRARIES,
    MANIFEST,
    Pusher,
    digest_of,
    layer,
    migration,
)

FIRST, SECOND = migration("0001_initial"), migration("0002_frist")
TAG = "layers"


@pytest.fixture(autouse=True)
def machine(
    gateway: Gateway, authority: Authority, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name, value in reaching(gateway, authority, tmp_path).items():
        monkeypatch.setenv(name, value)


def read(tag: str = TAG) -> list[str]:
    with image_files.Reader(image_migrations.is_wanted) as reader:
        apps = image_migrations.of(reader.files(Reference(HOST, REPOSITORY, tag)))
    return sorted(map(".".join, image_migrations.keys(apps)))


def problem() -> str:
    with pytest.raises(RegistryError) as caught:
        read()
    return str(caught.value)


ONE, TWO = "ausschreibung.0001_initial", "ausschreibung.0002_frist"
STACKS: dict[str, tuple[tuple[tuple[str, ...], ...], list[str]]] = {
    "added layer by layer": (((FIRST,), (SECOND,)), [ONE, TWO]),
    "with a leading dot": (((f"./{FIRST}", f"./{SECOND}"),), [ONE, TWO]),
    "a file taken away": (
        ((FIRST, SECOND), ("app/ausschreibung/migrations/.wh.0002_frist.py",)),
        [ONE],
    ),
    "taken away and made anew": (
        ((FIRST, SECOND), ("app/ausschreibung/migrations/.wh.0002_frist.py",), (SECOND,)),
        [ONE, TWO],
    ),
    "a folder taken away": (((SECOND,), ("app/.wh.ausschreibung", FIRST)), [ONE]),
    "a folder emptied": (
        ((SECOND,), (FIRST, "app/ausschreibung/migrations/.wh..wh..opq")),
        [ONE],
    ),
    "a folder written over by a file": (((SECOND,), ("app/ausschreibung",), (FIRST,)), [ONE]),
    "a folder that is there already": (((FIRST,), ("app/ausschreibung/migrations/",)), [ONE]),
    "what is none": (
        (
            (FIRST, "app/ausschreibung/migrations/__init__.py", "app/a/0001_x.py"),
            ("usr/lib/django/db/migrations/executor.py", "app/a/migrations/~0001_x.py"),
            ("app/a/migrations/__pycache__/0001_x.cpython-313.pyc", "app/a/migrations/0002_x/a.py"),
        ),
        [ONE],
    ),
    "whatever their names": (
        ((FIRST, "app/a/migrations/drop.py", "app/a/migrations/0002-x.py"),),
        ["a.0002-x", "a.drop", ONE],
    ),
    "compiled ones": (
        (("app/a/migrations/0001_x.pyc", "app/a/migrations/0002_x.cpython-313-linux.so"),),
        ["a.0001_x", "a.0002_x"],
    ),
}


@pytest.mark.parametrize(("layers", "expected"), STACKS.values(), ids=STACKS)
def test_layers_lie_upon_each_other(
    pusher: Pusher, layers: tuple[tuple[str, ...], ...], expected: list[str]
) -> None:
    pusher.image(TAG, *(layer(*paths) for paths in layers))
    assert read() == expected


def test_libraries_are_the_same_under_another_python(pusher: Pusher) -> None:
    pusher.image("old", layer(*BASE))
    pusher.image("new", layer(*(path.replace("python3.13", "python3.14") for path in BASE)))
    with image_files.Reader(image_migrations.is_wanted) as reader:
        files = [reader.files(Reference(HOST, REPOSITORY, tag)) for tag in ("old", "new")]
    old, new = map(image_migrations.of, files)
    assert old.keys() == new.keys()
    assert LIBRARIES not in str(old)


def test_layer_that_both_have_is_fetched_once(pusher: Pusher, gateway: Gateway) -> None:
    for tag in ("old", "new"):
        pusher.image(tag, layer(*BASE), layer(migration(f"0001_{tag}")))
    with image_files.Reader(image_migrations.is_wanted) as reader:
        for tag in ("old", "new"):
            reader.files(Reference(HOST, REPOSITORY, tag))
    assert len([path for path in gateway.asked if "/blobs/" in path]) == 3


def test_image_for_the_node_is_read_of_several(pusher: Pusher) -> None:
    entries = [
        {"mediaType": MANIFEST, "digest": digest, "size": 1, "platform": platform}
        for digest, platform in (
            (pusher.image("arm", layer(FIRST)), {"os": "linux", "architecture": "arm64"}),
            (pusher.image("amd", layer(SECOND)), {"os": "linux", "architecture": "amd64"}),
        )
    ]
    pusher.manifest(TAG, INDEX, {"schemaVersion": 2, "mediaType": INDEX, "manifests": entries})
    assert read() == [TWO]
    pusher.manifest(TAG, INDEX, {"schemaVersion": 2, "mediaType": INDEX, "manifests": entries[:1]})
    assert "has no image for linux/amd64" in problem()


def test_layer_that_cannot_be_read_is_said(pusher: Pusher, monkeypatch: pytest.MonkeyPatch) -> None:
    pusher.image(TAG, layer(FIRST), media_type=LAYER.replace("gzip", "zstd"))
    assert "zstd, which cannot be read; push it gzipped" in problem()
    for broken in (b"", b"no gzip", layer(FIRST)[:-20]):
        pusher.image(TAG, broken)
        assert "is corrupt: " in problem()
    pusher.image(TAG, layer(FIRST))
    monkeypatch.setattr(image_files, "MOST_BYTES", 1000)
    assert "unpacks to more than" in problem()


def test_layer_with_another_digest_is_said(pusher: Pusher, gateway: Gateway) -> None:
    pusher.image(TAG, whole := layer(FIRST))
    gateway.faults[f"/v2/{REPOSITORY}/blobs/"] = (200, {}, other := layer(SECOND))
    assert f"the layer {digest_of(whole)} has the digest {digest_of(other)}" in problem()


@pytest.mark.parametrize("layers", [None, "x", [1], [{}], [{"digest": "sha256:../"}]])
def test_manifest_without_layers_is_said(gateway: Gateway, layers: object) -> None:
    body = json.dumps({"mediaType": MANIFEST, "layers": layers}).encode()
    gateway.faults[f"/v2/{REPOSITORY}/manifests/"] = (200, {}, body)
    assert "its manifest has no layers; check the registry" in problem()

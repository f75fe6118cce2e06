"""Images made by hand: what is in them alone decides their digest, and containerd can read them."""

from __future__ import annotations

import hashlib
import json
import os
import tarfile
from typing import TYPE_CHECKING, Any

import pytest

from box.images import app, archive, table, workshop
from box.images.archive import Blob, Image
from box.images.layer import Layer
from box.progress import Progress

if TYPE_CHECKING:
    from pathlib import Path

REPOSITORY = "registry.example.org/team/app"


def filled(folder: Path) -> Path:
    """A folder with a file, a program and a link."""
    folder.mkdir()
    (folder / "text").write_text("text")
    (folder / "program").write_text("#!/bin/sh\n")
    (folder / "program").chmod(0o755)
    (folder / "link").symlink_to("program")
    return folder


def image(folder: Path, tag: str, *layers: Layer) -> Image:
    """An image of these layers."""
    blobs = []
    for number, layer in enumerate(layers):
        file = folder / f"{tag}-{number}"
        blobs.append(Blob(file, layer.write(file)))
    return Image(repository=REPOSITORY, tag=tag, layers=blobs, command=["/program"])


def small(folder: Path, tag: str = "1") -> Image:
    layer = Layer()
    layer.tree(filled(folder / f"tree-{tag}"), "app")
    return image(folder, tag, layer)


def document(tar: tarfile.TarFile, path: str) -> dict[str, Any]:
    content = tar.extractfile(path)
    assert content
    found: dict[str, Any] = json.load(content)
    return found


def test_neither_times_nor_the_order_of_adding_nor_the_place_change_a_layer(tmp_path: Path) -> None:
    one, other = Layer(), Layer()
    first, second = filled(tmp_path / "first"), filled(tmp_path / "second")
    os.utime(second / "text", (1, 1))
    one.tree(first, "app")
    one.folder("tmp", mode=0o1777)
    other.folder("tmp", mode=0o1777)
    other.tree(second, "app")
    assert one.write(tmp_path / "one") == other.write(tmp_path / "other")


@pytest.mark.parametrize("change", ["content", "mode", "owner", "target"])
def test_whatever_a_container_would_see_changes_a_layer(tmp_path: Path, change: str) -> None:
    def layer(changed: str) -> Layer:
        made = Layer()
        made.text("text", "b" if changed == "content" else "a")
        made.folder("a", mode=0o700 if changed == "mode" else 0o755)
        made.folder("b", owner=26 if changed == "owner" else 0)
        made.link("link", "b" if changed == "target" else "a")
        return made

    assert layer("").write(tmp_path / "one") != layer(change).write(tmp_path / "other")


def test_a_layer_keeps_permissions_and_links_and_belongs_to_root(tmp_path: Path) -> None:
    layer = Layer()
    layer.tree(filled(tmp_path / "tree"), "app", without=frozenset({"text"}))
    layer.write(tmp_path / "layer")
    with tarfile.open(tmp_path / "layer") as tar:
        members = {each.name: each for each in tar}
    assert sorted(members) == ["app/link", "app/program"]
    assert members["app/program"].mode == 0o755
    assert members["app/link"].linkname == "program"
    assert {(each.uid, each.uname, each.mtime) for each in members.values()} == {(0, "", 0)}


def test_every_digest_in_an_archive_is_that_of_a_blob_in_it(tmp_path: Path) -> None:
    archive.write(tmp_path / "x.tar", [small(tmp_path)])
    with tarfile.open(tmp_path / "x.tar") as tar:
        descriptor = document(tar, "index.json")["manifests"][0]
        manifest = document(tar, archive.blob_path(descriptor["digest"]))
        config = document(tar, archive.blob_path(manifest["config"]["digest"]))
        for each in (descriptor, manifest["config"], *manifest["layers"]):
            content = tar.extractfile(archive.blob_path(each["digest"]))
            assert content
            read = content.read()
            assert each["size"] == len(read)
            assert each["digest"] == f"sha256:{hashlib.sha256(read).hexdigest()}"
    # Layers are not compressed, so these are the same.
    assert config["rootfs"]["diff_ids"] == [each["digest"] for each in manifest["layers"]]


def test_an_image_is_there_by_its_tag_and_by_its_digest(tmp_path: Path) -> None:
    made = small(tmp_path)
    archive.write(tmp_path / "x.tar", [made])
    with tarfile.open(tmp_path / "x.tar") as tar:
        found = [
            each["annotations"]["io.containerd.image.name"]
            for each in document(tar, "index.json")["manifests"]
        ]
    digest = made.reference.partition("@")[2]
    assert found == [f"{REPOSITORY}:1", f"{REPOSITORY}@{digest}"]
    assert archive.references(tmp_path / "x.tar") == {f"{REPOSITORY}:1": made.reference}


def test_what_images_share_is_in_an_archive_once(tmp_path: Path) -> None:
    one, other = small(tmp_path, "1"), small(tmp_path, "2")
    assert one.layers[0].digest == other.layers[0].digest
    archive.write(tmp_path / "x.tar", [one, other])
    with tarfile.open(tmp_path / "x.tar") as tar:
        names = tar.getnames()
    assert len(names) == len(set(names))


def test_an_archive_that_cannot_be_written_whole_leaves_the_former(tmp_path: Path) -> None:
    target, made = tmp_path / "x.tar", small(tmp_path)
    archive.write(target, [made])
    before = target.read_bytes()
    gone = Image(
        repository=REPOSITORY,
        tag="2",
        layers=[Blob(tmp_path / "1-0", "sha256:0"), Blob(tmp_path / "tree-1", "sha256:1")],
    )
    with pytest.raises(IsADirectoryError):
        archive.write(target, [gone])
    assert target.read_bytes() == before


def test_each_version_of_the_app_but_the_first_replaces_or_adds_something() -> None:
    tags = [version.tag for version in app.VERSIONS]
    assert len(tags) == len(set(tags))
    folders = {path.name for path in (app.SOURCE / "variants").iterdir() if path.is_dir()}
    assert {version.tag for version in app.VERSIONS if version is not app.FIRST} == folders


def test_images_are_made_anew_when_the_app_changes(monkeypatch: pytest.MonkeyPatch) -> None:
    before = table.inputs()
    monkeypatch.setattr(app, "SOURCE", app.SOURCE / "app")
    assert table.inputs() != before


def test_without_the_stand_in_a_sentence_says_what_to_do(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setattr(workshop, "STANDIN", tmp_path)
    with (
        pytest.raises(workshop.StandinMissingError, match=r"make \.tools/standin/ready"),
        workshop.opened(Progress()),
    ):
        pass

"""A declared bucket passes the gate, and each part that pods lack is found."""

import dataclasses
import re
from collections.abc import Callable
from pathlib import Path

import pytest

from ops.gate.inspection import run
from railiance import ObjectStorage
from tests.conftest import rendered
from tests.made_up import NOTIZEN

STORAGE = ObjectStorage(endpoint="https://s3.example.org", bucket="notizen-media", region="eu-1")
CHANGES: dict[str, tuple[Callable[[str], str], str]] = {
    "an endpoint without encryption": (
        lambda text: text.replace("https://s3.example.org", "http://s3.example.org"),
        "'http://s3.example.org' is not encrypted",
    ),
    "a bucket that cannot exist": (
        lambda text: text.replace("value: notizen-media", "value: Notizen"),
        "'Notizen' is not a bucket name",
    ),
    "an endpoint that the pods do not have": (
        lambda text: text.replace("- name: AWS_S3_ENDPOINT_URL", "- name: ENDPOINT"),
        "'' is not an endpoint",
    ),
    "a key that the pods do not have": (
        lambda text: text.replace("- name: AWS_S3_ACCESS_KEY_ID", "- name: KEY"),
        "AWS_S3_ACCESS_KEY_ID does not come from a Secret",
    ),
    "a key under a name that does not look secret": (
        lambda text: re.sub(
            r"- name: S3_USER\n +valueFrom:\n.*\n.*\n.*\n",
            "- name: S3_USER\n              value: readable\n",
            text.replace("AWS_S3_ACCESS_KEY_ID", "S3_USER"),
        ),
        "S3_USER does not come from a Secret",
    ),
}


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    app = dataclasses.replace(NOTIZEN, storage=STORAGE)
    return rendered([app], tmp_path_factory.mktemp("storage"))


def problems(folder: Path, repository: Path) -> list[tuple[str, str]]:
    found = run([folder / "dist", folder / "argocd"], repository, whole_repository=False)
    return [(finding.id, finding.message) for finding in found.findings]


def test_declared_bucket_passes(folder: Path, frozen_repository: Path) -> None:
    assert problems(folder, frozen_repository) == []


@pytest.mark.parametrize(("change", "message"), CHANGES.values(), ids=CHANGES)
def test_each_missing_part_is_found(
    folder: Path, frozen_repository: Path, change: Callable[[str], str], message: str
) -> None:
    file = folder / "dist/notizen.k8s.yaml"
    text = file.read_text()
    assert change(text) != text
    try:
        file.write_text(change(text))
        found = problems(folder, frozen_repository)
    finally:
        file.write_text(text)
    assert {id_ for id_, _ in found} == {"storage.E001"}
    assert len(found) == 2, "the web pods, and the migrate Job"
    assert all(message in said for _, said in found), found

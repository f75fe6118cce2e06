"""Whether an older image knows the schema, and which commands take it back, for each history."""

from __future__ import annotations

from pathlib import Path

import pytest

from box.certificates import Authority
from ops.registry import Reference
from ops.rollback.compatibility import Deployed, Verdict, compare
from tests.ops.image.conftest import HOST, REPOSITORY, reaching
from tests.ops.image.gateway import Gateway
from tests.ops.image.images import Pusher, layer
from tests.ops.image.shapes import SHAPES, Files, Shape


@pytest.fixture(autouse=True)
def machine(
    gateway: Gateway, authority: Authority, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name, value in reaching(gateway, authority, tmp_path).items():
        monkeypatch.setenv(name, value)


def push(pusher: Pusher, tag: str, files: Files, folder: str = "app") -> Deployed:
    contents = {f"{folder}/{path}": text for path, text in files.items()}
    pusher.image(tag, layer(contents=contents))
    return Deployed(tag, Reference(HOST, REPOSITORY, tag))


def verdict(pusher: Pusher, older: Files, newer: Files) -> Verdict:
    target, present = push(pusher, "old", older), push(pusher, "new", newer)
    return compare([present], target.image)


def commands(found: Verdict) -> tuple[str, ...]:
    return tuple(map(" ".join, found.way_back.commands if found.way_back else ()))


@pytest.mark.parametrize("shape", SHAPES.values(), ids=SHAPES)
def test_history(pusher: Pusher, shape: Shape) -> None:
    found = verdict(pusher, shape.older, shape.newer)
    assert shape.sentence in found.sentence
    assert found.allows == shape.sentence.startswith("the schema allows it")
    assert shape.no_way_back in found.no_way_back
    assert bool(shape.no_way_back) == bool(found.no_way_back)
    assert commands(found) == shape.commands
    if found.way_back:
        assert tuple(map(".".join, found.way_back.again)) == shape.again

"""No annotation that is rendered, and no note of the project's own, is unknown to the plan."""

from collections.abc import Iterator
from dataclasses import replace

import pytest

from ops.documents.manifest import Manifest
from ops.documents.manifest_files import files_in, read
from ops.kinds.description.effect import Effect
from ops.plan.difference import Field
from ops.plan.rules import rule_for, rules_of
from railiance import annotations
from tests.conftest import rendered
from tests.made_up import WERKSTATT, WITH_VALKEY

OWN = [
    value
    for name, value in vars(annotations).items()
    if name.isupper() and "railiance.io/" in str(value)
]


@pytest.fixture(scope="module")
def everything(tmp_path_factory: pytest.TempPathFactory) -> list[Manifest]:
    folder = tmp_path_factory.mktemp("everything")
    app = replace(WERKSTATT, maintenance=True)
    return [
        m for file in files_in([rendered([app], folder, None, WITH_VALKEY)]) for m in read(file)
    ]


def noted(content: object, path: tuple[str, ...] = ()) -> Iterator[tuple[str, ...]]:
    """The path of every annotation in a document."""
    if not isinstance(content, dict):
        return
    for key, value in content.items():
        if (*path, key)[-2:] == ("metadata", "annotations"):
            yield from ((*path, key, name) for name in value)
        else:
            yield from noted(value, (*path, key))


def test_every_rendered_annotation_has_a_rule(everything: list[Manifest]) -> None:
    found = [(manifest, path) for manifest in everything for path in noted(manifest.content)]
    assert len({path[-1] for _, path in found}) > 10
    unknown = [
        f"{manifest}: {path[-1]}"
        for manifest, path in found
        if rule_for(rules_of(manifest), Field(path, "a", "b")) is None
    ]
    assert unknown == []


@pytest.mark.parametrize("name", OWN)
def test_every_own_note_does_nothing_on_the_cluster(everything: list[Manifest], name: str) -> None:
    path = ("metadata", "annotations", f"{name}x" if name.endswith("/") else name)
    for manifest in everything:
        if not manifest.is_hook:
            rule = rule_for(rules_of(manifest), Field(path, "a", "b"))
            assert rule, f"{manifest}: {name}"
            assert rule.effect is Effect.NOTHING

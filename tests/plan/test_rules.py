"""The table of rules: every row has its source, and no field is harmless for want of a row."""

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pytest

from ops import kinds
from ops.documents.manifest import Manifest
from ops.kinds.description.effect import Effect
from ops.kinds.description.rule import Rule
from ops.kinds.persistent_volume_claim import PersistentVolumeClaim
from ops.objects.base import typed
from ops.plan.difference import Field, difference
from ops.plan.merge_keys import MERGE_KEYS
from ops.plan.rules import FIRST, HOOK, IMMUTABLE, LAST, OF_DATA, rule_for, rules_of
from tests.plan.conftest import Document

COMMON = {
    "any kind, first": FIRST,
    "data": OF_DATA,
    "hook": HOOK,
    "immutable": IMMUTABLE,
    "any": LAST,
}
TABLES = {**COMMON, **{entry.kind: entry.changes for entry in kinds.every()}}


@pytest.mark.parametrize("rules", TABLES.values(), ids=TABLES)
def test_every_rule_has_a_reason_and_a_source(rules: Sequence[Rule]) -> None:
    for rule in rules:
        assert rule.source.startswith("https://"), rule
        assert len(rule.reason.split()) >= 3, rule


@pytest.mark.parametrize("rules", TABLES.values(), ids=TABLES)
def test_every_rule_can_be_reached(rules: Sequence[Rule]) -> None:
    """A rule below another that fits everything it fits would never count."""
    for position, rule in enumerate(rules):
        for path in rule.fields.split():
            earlier = [r for r in rules[:position] if path in r.fields.split() and r.when is None]
            assert not earlier, f"{path}: {rule.reason}"


@pytest.mark.parametrize("kind", ["v1/Service", "apps/v1/Deployment", "batch/v1/Job", "v1/Novelty"])
def test_unknown_field_fits_no_rule(kind: str) -> None:
    rules = rules_of(document(kind))
    assert rule_for(rules, Field(("spec", "fieldOfTomorrow"), 1, 2)) is None
    assert rule_for(rules, Field(("fieldOfTomorrow",), 1, 2)) is None


def test_worst_of_a_branch_counts() -> None:
    changed = Field(("spec", "template", "spec", "x"), 1, 2)
    found = rule_for(rules_of(document("apps/v1/Deployment")), changed)
    assert found
    assert found.effect is Effect.ROLLS


def document(kind: str, **content: Any) -> Manifest:
    api_version, _, name = kind.rpartition("/")
    identity = {"apiVersion": api_version, "kind": name, "metadata": {"name": "x"}}
    return Manifest(Path("x"), 1, {**identity, **content})


def fields(old: object, new: object) -> list[str]:
    return [str(field) for field in difference(old, new)]


def test_lists_are_matched_by_their_keys() -> None:
    old = {"containers": [{"name": "a", "image": "1"}, {"name": "b", "image": "1"}]}
    new = {"containers": [{"name": "b", "image": "1"}, {"name": "a", "image": "2"}]}
    assert fields(old, new) == ["containers[a].image", "containers[order]"]


def test_sets_have_no_order_and_their_items_come_and_go() -> None:
    assert fields({"spec": {"dnsNames": ["a", "b"]}}, {"spec": {"dnsNames": ["b", "a"]}}) == []
    assert fields({"spec": {"dnsNames": ["a"]}}, {"spec": {"dnsNames": ["b"]}}) == [
        "spec.dnsNames[a]",
        "spec.dnsNames[b]",
    ]


def test_other_lists_go_by_position() -> None:
    assert fields({"x": ["a", "b"]}, {"x": ["b", "a"]}) == ["x[0]", "x[1]"]


def test_commands_are_compared_as_a_whole() -> None:
    assert fields({"command": ["a", "b"]}, {"command": ["x", "a", "b"]}) == ["command"]


def test_items_without_their_key_or_with_the_same_go_by_position() -> None:
    assert fields({"env": [{"name": "a"}, {"name": "a"}]}, {"env": [{"name": "a"}]}) == ["env[1]"]
    assert fields({"env": [{"x": 1}]}, {"env": [{"x": 2}]}) == ["env[0].x"]
    assert fields({"env": [1]}, {"env": [{"name": "a"}]}) == ["env[0]"]


def test_one_is_not_true() -> None:
    assert fields({"a": 1}, {"a": True}) == ["a"]
    assert fields({"a": None}, {}) == ["a"]


def test_merge_keys_are_paths() -> None:
    assert all(path and " " not in path for path in MERGE_KEYS)


PROBED = {"containers": [{"name": "a", "readinessProbe": {"httpGet": {}}}]}


def claim(mode: str) -> PersistentVolumeClaim:
    content = {"metadata": {"name": "c"}, "spec": {"accessModes": [mode]}}
    return typed(PersistentVolumeClaim, content)


MOUNTS = {**PROBED, "volumes": [{"name": "v", "persistentVolumeClaim": {"claimName": "c"}}]}
GAP, NO_GAP, NONE = Effect.ROLLS_WITH_GAP, Effect.ROLLS, Effect.IN_PLACE

ROLLOUTS: dict[str, tuple[str, Document, str, Effect]] = {
    "defaults, one replica": ("Deployment", {"pod": PROBED}, "", NO_GAP),
    "not probed": ("Deployment", {"pod": {"containers": [{"name": "a"}]}}, "", GAP),
    "recreate": ("Deployment", {"pod": PROBED, "strategy": {"type": "Recreate"}}, "", GAP),
    "one of one unavailable": (
        "Deployment",
        {"pod": PROBED, "strategy": {"rollingUpdate": {"maxUnavailable": 1}}},
        "",
        GAP,
    ),
    "one of two unavailable": (
        "Deployment",
        {"pod": PROBED, "replicas": 2, "strategy": {"rollingUpdate": {"maxUnavailable": 1}}},
        "",
        NO_GAP,
    ),
    "all of them": (
        "Deployment",
        {"pod": PROBED, "replicas": 3, "strategy": {"rollingUpdate": {"maxUnavailable": "100%"}}},
        "",
        GAP,
    ),
    "no replicas": ("Deployment", {"pod": PROBED, "replicas": 0}, "", NONE),
    "a volume of one node": ("Deployment", {"pod": MOUNTS}, "ReadWriteOnce", NO_GAP),
    "a volume of one pod": ("Deployment", {"pod": MOUNTS}, "ReadWriteOncePod", GAP),
    "a set of one": ("StatefulSet", {"pod": PROBED}, "", GAP),
    "a set of two": ("StatefulSet", {"pod": PROBED, "replicas": 2}, "", NO_GAP),
    "a set by hand": ("StatefulSet", {"updateStrategy": {"type": "OnDelete"}}, "", NONE),
    "a daemon": ("DaemonSet", {"pod": PROBED}, "", GAP),
    "a surging daemon": (
        "DaemonSet",
        {"pod": PROBED, "updateStrategy": {"rollingUpdate": {"maxSurge": 1}}},
        "",
        NO_GAP,
    ),
}


@pytest.mark.parametrize(("kind", "spec", "mode", "effect"), ROLLOUTS.values(), ids=ROLLOUTS)
def test_rollout(kind: str, spec: Document, mode: str, effect: Effect) -> None:
    template = {"template": {"spec": spec.get("pod", {})}}
    workload = document(f"apps/v1/{kind}", spec={**spec, **template})
    assert workload.entry
    assert workload.entry.pods
    assert workload.entry.pods.rollout
    claims = [claim(mode)] if mode else []
    assert workload.entry.pods.rollout(workload.object, claims)[0] is effect

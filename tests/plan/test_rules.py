"""The table of rules: every row has its source, and no field is harmless for want of a row."""

from pathlib import Path

import pytest

from ops.manifests import Manifest
from ops.plan.difference import Field, difference
from ops.plan.effects import Effect
from ops.plan.merge_keys import MERGE_KEYS
from ops.plan.rollout import rollout
from ops.plan.rules import RULES, rule_for
from tests.plan.conftest import Document


def test_every_rule_has_a_reason_and_a_source() -> None:
    for rule in RULES:
        assert rule.source.startswith("https://"), rule
        assert len(rule.reason.split()) >= 3, rule


def test_every_rule_can_be_reached() -> None:
    """A row below another that fits everything it fits would never count."""
    for position, rule in enumerate(RULES):
        for kind in rule.kinds.split():
            for path in rule.fields.split():
                earlier = [
                    r
                    for r in RULES[:position]
                    if kind in r.kinds.split() and path in r.fields.split() and r.when is None
                ]
                assert not earlier, f"{kind} {path}: {rule.reason}"


@pytest.mark.parametrize("kind", ["Service", "apps/Deployment", "batch/Job", "Novelty"])
def test_unknown_field_fits_no_rule(kind: str) -> None:
    assert rule_for(kind, Field(("spec", "fieldOfTomorrow"), 1, 2)) is None
    assert rule_for(kind, Field(("fieldOfTomorrow",), 1, 2)) is None


def test_worst_of_a_branch_counts() -> None:
    changed = Field(("spec", "template", "spec", "x"), 1, 2)
    found = rule_for("apps/Deployment", changed)
    assert found
    assert found.effect is Effect.ROLLS


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
    assert fields({"args": ["a", "b"]}, {"args": ["b", "a"]}) == ["args[0]", "args[1]"]


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


def claim(mode: str) -> Manifest:
    spec = {"accessModes": [mode]}
    content = {"apiVersion": "v1", "kind": "PersistentVolumeClaim", "metadata": {"name": "c"}}
    return Manifest(Path("x"), 1, {**content, "spec": spec})


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
    content = {"apiVersion": "apps/v1", "kind": kind, "metadata": {"name": "w"}}
    template = {"template": {"spec": spec.get("pod", {})}}
    workload = Manifest(Path("x"), 1, {**content, "spec": {**spec, **template}})
    assert rollout(workload, {"c": claim(mode)} if mode else {})[0] is effect

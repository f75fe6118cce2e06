"""Rehearsal 62: the API server refuses what `ops plan` says that it does, and nothing else."""

from __future__ import annotations

import copy
import dataclasses
from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING, Any

import pytest

from ops import kinds
from ops.kinds.description.effect import Effect
from ops.plan.change import Comparison
from ops.plan.rules import IMMUTABLE as OF_IMMUTABLE
from ops.plan.synced_application import SyncedApplication
from tests.e2e.dry_run import DRY, apply, delete, refusal
from tests.e2e.histories import CLUSTER_WIDE, History, manifest
from tests.e2e.refusals import Case, accepted, refused

if TYPE_CHECKING:
    from collections.abc import Callable

    from ops.kinds.description.kind import Kind
    from ops.objects.base import Document
    from tests.e2e.cluster import Cluster
    from tests.e2e.rehearsal import Rehearsal

IMMUTABLE = ("immutable", "forbidden", "Forbidden", "may not", "cannot change")


@pytest.mark.rehearsal(62, "immutable fields: refused by a dry run, and their neighbours not")
def test_api_server_refuses_what_the_table_says(
    rehearsal: Rehearsal, record_property: Callable[[str, object], None]
) -> None:
    cluster = rehearsal.cluster
    cases = [
        *(numbered(case, number, is_refused=True) for number, case in enumerate(refused())),
        *(numbered(case, number, is_refused=False) for number, case in enumerate(accepted())),
    ]
    try:
        apply(cluster, *(case.old for case in cases))
        # So it is not for another reason that a change is refused.
        apply(cluster, *(relabelled(case.old) for case in cases), how=DRY)
        with ThreadPoolExecutor(4) as pool:
            found = list(pool.map(lambda case: problem(cluster, case), cases))
    finally:
        delete(cluster, *(case.old for case in cases if case.old["kind"] in CLUSTER_WIDE))
    assert [text for text in found if text] == []
    assert not uncovered(), "no case for a rule that says that a change is refused"
    record_property("note", f"{len(refused())} refused, {len(list(accepted()))} accepted")


def problem(cluster: Cluster, case: Case) -> str:
    """What is otherwise than the table says; empty if nothing is."""
    answer, effect = refusal(cluster, case.new), class_of(case)
    wrong = {
        f"the plan says: {effect.words}": (effect is Effect.REFUSED) != case.is_refused,
        f"the API server says: {answer or 'accepted'}": case.is_refused != is_refusal(answer),
    }
    said = [text for text, is_so in wrong.items() if is_so]
    return f"{case}: {', '.join(said)}" if said else ""


def is_refusal(answer: str) -> bool:
    """Whether it is what is said of a field that may not change."""
    return any(words in answer for words in IMMUTABLE)


def numbered(case: Case, number: int, *, is_refused: bool) -> Case:
    """The case with an object of its own, and what is expected of it."""
    old, new = copy.deepcopy((case.old, case.new))
    if old["kind"] != "CustomResourceDefinition":  # its name says what is in it
        name = f"{'refused' if is_refused else 'accepted'}-{number}"
        old["metadata"]["name"] = new["metadata"]["name"] = name
    return dataclasses.replace(case, old=old, new=new, is_refused=is_refused)


def relabelled(document: Document) -> Document:
    """The document with another label."""
    changed = copy.deepcopy(document)
    changed["metadata"].setdefault("labels", {})["neighbour"] = "changed"
    return changed


def class_of(case: Case) -> Effect:
    """What the plan says of the change."""
    application = SyncedApplication(manifest(History("x", []).application({})))
    compared = Comparison(application, live=[manifest(case.old)], target=[manifest(case.new)])
    (change,) = compared.changes()
    return change.effect


def uncovered() -> set[tuple[str, str]]:
    """Kinds and fields that the rules call immutable, and no case changes."""
    rules = {qualified(entry): entry.changes for entry in kinds.every()}
    stated = {
        (kind, path)
        for kind, changes in {**rules, "immutable": OF_IMMUTABLE}.items()
        for rule in changes
        if rule.effect is Effect.REFUSED
        for path in rule.fields.split()
    }
    tried = {(case.kind, case.field) for case in refused()}
    return {
        (kind, path)
        for kind, path in stated
        if not any(k == kind and f"{f}.".startswith(f"{path}.") for k, f in tried)
    }


def qualified(entry: Kind[Any]) -> str:
    """The kind with its group, as the cases write it."""
    return f"{entry.group}/{entry.kind}" if entry.group else entry.kind

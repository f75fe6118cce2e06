"""Rehearsal 1: what the API server makes of every committed document."""

from __future__ import annotations

import copy
import json
from typing import TYPE_CHECKING

import pytest
import yaml

from box.poll import until
from ops.errors import CommandError
from tests.e2e.repository import FOLDERS, read, wave

if TYPE_CHECKING:
    from collections.abc import Iterator

    from ops.objects.base import Document
    from tests.e2e.rehearsal import Rehearsal

APPLY = ("apply", "--server-side", "--validate=strict", "--field-manager=rehearsal")
# Their keys are anybody's choice, so none of them can be misspelt.
FREE_FORM = frozenset(
    {"annotations", "data", "labels", "limits", "matchLabels", "requests", "selector"}
)
QUIET_TIMEOUT_SECONDS = 30.0


@pytest.mark.rehearsal(1, "every document is accepted, twice the same; a misspelt field is refused")
def test_every_document_is_admitted_strictly(rehearsal: Rehearsal) -> None:
    documents = committed(rehearsal)
    apply(rehearsal, documents)
    # The cluster's own controllers write to new objects, too, until they have settled.
    until(
        lambda: apply(rehearsal, documents) == versions(rehearsal, documents),
        "applying again changes nothing",
        QUIET_TIMEOUT_SECONDS,
    )
    for document in documents:
        assert_misspellings_are_refused(rehearsal, document)


def committed(rehearsal: Rehearsal) -> list[Document]:
    """Every document of dist/ and argocd/, in an order in which it can be applied."""
    files = (f for name in FOLDERS for f in sorted((rehearsal.repository.folder / name).iterdir()))
    return sorted((document for file in files for document in read(file)), key=wave)


def apply(rehearsal: Rehearsal, documents: list[Document]) -> list[str]:
    """Apply documents; the version that each has afterwards."""
    answer = rehearsal.cluster.kubectl(
        *APPLY, "--output=json", "--filename=-", stdin=yaml.safe_dump_all(documents)
    )
    return versions_in(answer)


def versions(rehearsal: Rehearsal, documents: list[Document]) -> list[str]:
    """The version that each document has now."""
    answer = rehearsal.cluster.kubectl(
        "get", "--output=json", "--filename=-", stdin=yaml.safe_dump_all(documents)
    )
    return versions_in(answer)


def versions_in(answer: str) -> list[str]:
    return [item["metadata"]["resourceVersion"] for item in json.loads(answer)["items"]]


def assert_misspellings_are_refused(rehearsal: Rehearsal, document: Document) -> None:
    """The API server refuses the document for each field of it, misspelt, by its name."""
    cases = list(misspellings(document))
    dry_run = (*APPLY, "--dry-run=server", "--filename=-")
    with pytest.raises(CommandError) as refusal:
        rehearsal.cluster.kubectl(*dry_run, stdin=yaml.safe_dump_all(case for _, case in cases))
    for path, _ in cases:
        assert path in refusal.value.output, f"{document['kind']}: {path} was not refused"


def misspellings(document: Document) -> Iterator[tuple[str, Document]]:
    """For each mapping in a document: the document with one of its fields added misspelt."""
    for path in mappings(document, ()):
        case = copy.deepcopy(document)
        target = at(case, path)
        field = next(iter(target))
        # The path makes each misspelling its own, to be found again in the refusal.
        wrong = f"{field}In{'In'.join(str(step).title() for step in path)}"
        target[wrong] = target[field]
        yield wrong, case


def mappings(value: object, path: tuple[str | int, ...]) -> Iterator[tuple[str | int, ...]]:
    """Where the mappings with fixed fields are."""
    if isinstance(value, list):
        for index, item in enumerate(value):
            yield from mappings(item, (*path, index))
    if isinstance(value, dict) and value and (not path or path[-1] not in FREE_FORM):
        yield path
        for key, item in value.items():
            yield from mappings(item, (*path, key))


def at(value: Document, path: tuple[str | int, ...]) -> Document:
    found: object = value
    for step in path:
        found = found[step]  # type: ignore[index]
    assert isinstance(found, dict)
    return found

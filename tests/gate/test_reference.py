"""The page of checks lists every check, as it is."""

import re

from ops.gate import api_server, freshness, inspection, repository_files, schemas, secrets_files
from ops.gate.policy import CHECKS
from tests.conftest import ROOT, Run

PAGE = ROOT / "docs/reference/checks.md"

BEYOND_POLICY = {
    inspection.UNREADABLE,
    inspection.STRANGER,
    schemas.INVALID,
    schemas.UNKNOWN_KIND,
    schemas.UNREADABLE,
    api_server.REFUSED,
    repository_files.LEAKED,
    repository_files.NOT_ENCRYPTED,
    secrets_files.INCOMPLETE,
    secrets_files.OTHER_READERS,
    secrets_files.OF_NO_APP,
    freshness.STALE,
    freshness.MISSING,
    freshness.LEFT_OVER,
}


def test_page_is_what_the_checks_say(ops: Run) -> None:
    answer = ops("gate", "--reference")
    assert answer.stdout == PAGE.read_text(), "run `make docs`"


def test_page_lists_every_id_once() -> None:
    listed = re.findall(r"^\| ([a-z]+\.E\d{3}) \|", PAGE.read_text(), re.MULTILINE)
    assert sorted(listed) == sorted({*CHECKS, *BEYOND_POLICY})


def test_ids_of_an_area_are_numbered_without_gaps() -> None:
    ids = {*CHECKS, *BEYOND_POLICY}
    for area in {id_.partition(".")[0] for id_ in ids}:
        numbers = sorted(int(id_[-3:]) for id_ in ids if id_.startswith(f"{area}."))
        assert numbers == list(range(1, len(numbers) + 1)), area

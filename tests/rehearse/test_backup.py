"""A dump by the runbook's own commands, and all of it back."""

from __future__ import annotations

import re
import time
from typing import TYPE_CHECKING

import pytest

from box.poll import until
from tests.e2e.repository import ROOT

if TYPE_CHECKING:
    from tests.rehearse.site import Site

RUNBOOK = ROOT / "docs/vergabe-teilnahme.md"


@pytest.mark.rehearsal(8, "a dump restored into an empty database: what was saved is there again")
def test_dump_is_restored(site: Site) -> None:
    dump, restore = blocks("Backups")
    with site.writer() as writer:
        until(lambda: len(writer.saved) > 2, "three entries", 60)
    start = time.monotonic()
    site.do(*dump)
    site.sql("TRUNCATE ausschreibungen_ausschreibung")
    assert writer.lost() == writer.saved
    site.do(*restore)
    seconds = time.monotonic() - start
    assert writer.lost() == []
    site.figures.note(
        8,
        "a dump, everything deleted, the dump restored into an empty database",
        seconds=seconds,
        seen="the site as it was at the dump",
        writer=writer,
    )


def blocks(heading: str) -> list[list[str]]:
    """The command lines below a heading of the runbook, block by block."""
    section = RUNBOOK.read_text().split(f"## {heading}\n")[1].split("\n## ")[0]
    found = re.findall(r"```\w*\n(.*?)```", section, re.DOTALL)
    return [block.strip().split("\n") for block in found]

"""A dump by the runbook's own commands, and all of it back."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING

import pytest

from box.poll import until
from tests.runbook import commands

if TYPE_CHECKING:
    from tests.rehearse.site import Site


@pytest.mark.rehearsal(8, "a dump restored into an empty database: what was saved is there again")
def test_dump_is_restored(site: Site) -> None:
    dump, *restore = commands("Backups")
    with site.writer() as writer:
        until(lambda: len(writer.saved) > 2, "three entries", 60)
    start = time.monotonic()
    site.do(dump)
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

"""A dump by the runbook's own commands, and all of it back."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING

import pytest

from box.poll import until
from tests.runbook import commands

if TYPE_CHECKING:
    from pathlib import Path

    from tests.rehearse.site import Site

ANSWERS_WITHIN_SECONDS = 60


@pytest.mark.rehearsal(8, "a dump restored into an empty database: what was saved is there again")
def test_dump_is_restored(site: Site, tmp_path: Path) -> None:
    dump = tmp_path / "vergabe_db.dump"
    with site.writer() as writer:
        until(lambda: len(writer.saved) > 2, "three entries", 60)
    start = time.monotonic()
    site.do(*commands("Backups", DUMP=str(dump)))
    taken = time.monotonic() - start
    cut_off_dump_costs_nothing(site, dump)
    assert writer.lost() == []
    site.sql("TRUNCATE ausschreibungen_ausschreibung")
    assert writer.lost() == writer.saved
    start = time.monotonic()
    with site.visitors() as visitors:
        site.do(*commands("Restore a dump", DUMP=str(dump)))
        visitors.until_answered(ANSWERS_WITHIN_SECONDS)
    restored = time.monotonic() - start
    assert writer.lost() == []
    site.figures.note(
        8,
        "a dump, everything deleted, the dump restored into an empty database",
        seconds=taken + restored,
        seen="errors for the moment in which the databases are exchanged; then as it was",
        visitors=visitors,
        writer=writer,
    )


def cut_off_dump_costs_nothing(site: Site, dump: Path) -> None:
    """Restore a dump that is not whole: the runbook stops before the database is replaced."""
    part = dump.with_name("part.dump")
    part.write_bytes(dump.read_bytes()[:-1000])
    create, restore, _ = commands("Restore a dump", DUMP=str(part))
    site.do(create)
    refused = site.operator.shell(restore)
    assert refused.returncode != 0
    assert "end of file" in refused.stderr
    site.sql("DROP DATABASE vergabe_back", database="postgres")

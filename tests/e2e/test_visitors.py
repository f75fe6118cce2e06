"""Those who visit the site during a rehearsal see it when it is away, and what was lost."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import pytest

from box.poll import until
from box.ports import LOOPBACK
from ops.documents.fleet import load
from ops.smoke.place import Place
from ops.smoke.target import target_of
from ops.smoke.visit import Person
from tests.rehearse.visitors import Visitors
from tests.rehearse.writer import Writer
from tests.standin.postgres import free_port
from tests.standin.proxy import standing_before

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from box.certificates import Authority, Pair
    from tests.standin.fixtures import Superuser
    from tests.standin.postgres import Postgres
    from tests.standin.server import Address, Standin

ENTRIES = "ausschreibungen_ausschreibung"


@pytest.fixture
def address(standin: Standin, certificate: Pair) -> Iterator[Address]:
    with standin.serving(certificate) as found:
        yield found


@pytest.fixture
def writer(
    place: Place, authority: Authority, superuser: Superuser, postgres: Postgres
) -> Iterator[Writer]:
    """A person about to write, of whom nothing stays in the database."""
    person = Person(superuser.name, superuser.password)
    plan = target_of(load().app(None))
    yield Writer(plan, place, authority.pair.certificate, person)
    saved = f"DELETE FROM {ENTRIES} WHERE titel LIKE 'ops smoke %'"  # noqa: S608 (ours)
    postgres.sql(saved, database="vergabe_db")


@pytest.fixture
def place(address: Address) -> Place:
    return Place(
        host=target_of(load().app(None)).host,
        address=LOOPBACK,
        https_port=address.https_port,
        http_port=address.http_port,
    )


def test_site_that_is_there_fails_nobody(place: Place, authority: Authority) -> None:
    with Visitors(place, authority.pair.certificate, 5, "/health/") as visitors:
        until(lambda: len(visitors.requests) > 20, "twenty answers", 20)
    assert not visitors.failed
    assert visitors.outage_seconds == 0
    assert 0 < visitors.slowest_seconds < 10


def test_outage_lasts_from_the_first_failure_to_the_first_answer(
    place: Place, authority: Authority, certificate: Pair, tmp_path: Path
) -> None:
    away = replace(place, https_port=free_port())
    with Visitors(away, authority.pair.certificate, 1, "/health/") as visitors:
        until(lambda: len(visitors.requests) > 3, "three failures", 20)
    assert visitors.failed == visitors.requests
    assert visitors.outage_seconds > 0
    with (
        standing_before(tmp_path / "nobody-listens", certificate) as (https_port, _),
        Visitors(
            replace(place, https_port=https_port), authority.pair.certificate, 1, "/health/"
        ) as cut_off,
    ):
        until(lambda: len(cut_off.requests) > 3, "three failures", 20)
    assert cut_off.failed == cut_off.requests


def test_writer_tells_what_was_lost(writer: Writer, postgres: Postgres) -> None:
    with writer:
        until(lambda: len(writer.saved) > 2, "three entries", 20)
    assert writer.problems == []
    assert writer.logins == 1
    assert writer.lost() == []
    gone = writer.saved[1]
    delete = f"DELETE FROM {ENTRIES} WHERE titel = '{gone}'"  # noqa: S608 (a title of our own)
    postgres.sql(delete, database="vergabe_db")
    assert writer.lost() == [gone]


def test_writer_whose_session_ends_logs_in_again(writer: Writer, postgres: Postgres) -> None:
    with writer:
        until(lambda: writer.saved != [], "an entry", 20)
        postgres.sql("DELETE FROM django_session", database="vergabe_db")
        before = len(writer.saved)
        until(lambda: writer.logins > 1 and len(writer.saved) > before + 1, "another entry", 20)
    assert len(writer.problems) == 1
    assert writer.lost() == []

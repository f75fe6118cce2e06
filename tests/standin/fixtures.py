"""The stand-in, made once a session: its database, its first superuser, its authority."""

from __future__ import annotations

import secrets
import tempfile
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from box.certificates import Authority, Pair
from tests.standin.postgres import Postgres, running
from tests.standin.server import HOST, Standin

if TYPE_CHECKING:
    from collections.abc import Iterator

WHO = "standin"
"""The user in certificates; servers do not read it."""


@pytest.fixture(scope="session")
def standin_folder() -> Iterator[Path]:
    """A folder that PostgreSQL's user may pass through."""
    with tempfile.TemporaryDirectory(prefix="standin-") as name:
        folder = Path(name)
        folder.chmod(0o755)
        yield folder


@pytest.fixture(scope="session")
def postgres(standin_folder: Path) -> Iterator[Postgres]:
    """A running PostgreSQL, still empty."""
    with running(standin_folder / "postgres") as server:
        yield server


@pytest.fixture(scope="session")
def standin(standin_folder: Path, postgres: Postgres) -> Standin:
    """The stand-in, migrated and seeded."""
    made = Standin(standin_folder, postgres.create("vergabe", "vergabe_db"))
    made.prepare()
    return made


@dataclass(frozen=True)
class Superuser:
    """Who may log in."""

    name: str
    password: str


@pytest.fixture(scope="session")
def superuser(standin: Standin) -> Superuser:
    """The stand-in's first superuser."""
    made = Superuser("anna", secrets.token_urlsafe(16))
    standin.create_superuser(made.name, made.password)
    return made


@pytest.fixture(scope="session")
def authority(standin_folder: Path) -> Authority:
    """Signs the stand-in's certificates."""
    made = Authority(standin_folder)
    made.create()
    return made


@pytest.fixture(scope="session")
def certificate(standin_folder: Path, authority: Authority) -> Pair:
    """The host's own."""
    return authority.issue(standin_folder / "own", user=WHO, hosts=[HOST])

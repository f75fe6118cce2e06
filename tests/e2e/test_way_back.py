"""The verdict of `ops rollback` and its commands, tried with a real Django and PostgreSQL."""

from __future__ import annotations

import itertools
import subprocess
from typing import TYPE_CHECKING

import pytest

from tests.conftest import ROOT
from tests.e2e.migrated import Database, Project
from tests.ops.image.shapes import SHAPES, Shape
from tests.standin import installed

if TYPE_CHECKING:
    from pathlib import Path

    from tests.standin.postgres import Postgres

NUMBERS = itertools.count()
ALLOWED = {name: one for name, one in SHAPES.items() if one.is_allowed}
REVERSED = {name: one for name, one in SHAPES.items() if one.commands}


def projects(postgres: Postgres, folder: Path, shape: Shape) -> tuple[Project, Project]:
    """The older and the newer code on one database."""
    number = next(NUMBERS)
    url = postgres.create(f"way_back_{number}", f"way_back_{number}_db")
    older = Project(folder / "older", shape.older, url)
    newer = Project(folder / "newer", shape.newer, url)
    has_accounts = any("AUTH_USER_MODEL)" in text for text in shape.newer.values())
    for project in (older, newer):
        project.write(has_accounts=has_accounts)
    return older, newer


def require_as_left(older: Project, before: Database) -> None:
    """The older code finds the tables that it left, and nothing to apply."""
    now = older.migrate("--check", "")
    assert "No migrations to apply" in now.said[-1]
    assert now.columns == before.columns


@pytest.mark.rehearsal(55, "Django of the older image finds a schema that it knows")
@pytest.mark.parametrize("shape", ALLOWED.values(), ids=ALLOWED)
def test_older_code_knows_the_schema(postgres: Postgres, tmp_path: Path, shape: Shape) -> None:
    older, newer = projects(postgres, tmp_path, shape)
    before = older.migrate("")
    newer.migrate("")
    require_as_left(older, before)


@pytest.mark.rehearsal(55, "the commands of `ops rollback` take a real database back")
@pytest.mark.parametrize("shape", REVERSED.values(), ids=REVERSED)
def test_commands_lead_back(postgres: Postgres, tmp_path: Path, shape: Shape) -> None:
    older, newer = projects(postgres, tmp_path, shape)
    before = older.migrate("")
    after = newer.migrate("", *shape.commands)
    left = set(after.recorded).difference(before.recorded)
    assert not {name for name in left if "squashed" not in name}
    require_as_left(older, before)


@pytest.mark.rehearsal(55, "what `migrate` does is foreseen as Django itself plans it")
def test_foreseen_as_django_plans_it() -> None:
    argv = [str(installed.PYTHON), "-m", "tests.e2e.django_plans", "3000"]
    done = subprocess.run(argv, cwd=ROOT, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    assert int(done.stdout) > 5000

"""A Django project made of migrations alone, on a database of its own."""

from __future__ import annotations

import json
import os
import subprocess
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

from tests.standin import installed

if TYPE_CHECKING:
    from tests.ops.image.shapes import Files

SETTINGS = """
import dj_database_url, os, pathlib
DATABASES = {"default": dj_database_url.parse(os.environ["DATABASE_URL"])}
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
INSTALLED_APPS = sorted(
    str(path.parent.relative_to(pathlib.Path(__file__).parent)).replace("/", ".")
    for path in pathlib.Path(__file__).parent.glob("**/migrations")
)
"""
WITH_ACCOUNTS = 'INSTALLED_APPS += ["django.contrib.contenttypes", "django.contrib.auth"]\n'
MIGRATE = """
import io, json, sys
import django
from django.core.management import CommandError, call_command
from django.db import connection
django.setup()
said = []
for arguments in json.load(sys.stdin):
    output = io.StringIO()
    try:
        call_command("migrate", *arguments, stdout=output)
    except (CommandError, SystemExit) as problem:
        sys.exit(f"migrate {arguments}: {problem!r}")
    said.append(output.getvalue())
with connection.cursor() as cursor:
    cursor.execute(
        "SELECT table_name, column_name, data_type, is_nullable FROM information_schema.columns"
        " WHERE table_schema = 'public' ORDER BY 1, 2"
    )
    columns = cursor.fetchall()
    cursor.execute("SELECT DISTINCT app || '.' || name FROM django_migrations")
    recorded = [name for name, in cursor.fetchall()]
print(json.dumps({"said": said, "columns": columns, "recorded": recorded}))
"""
"""Each command as `manage.py` runs it, one after the other; then what the database has."""


@dataclass(frozen=True)
class Database:
    """What a database has after some commands."""

    said: list[str]
    columns: list[list[Any]]
    recorded: list[str]


@dataclass(frozen=True)
class Project:
    """The code of one image."""

    folder: Path
    files: Files
    database_url: str = field(repr=False)

    def write(self, *, has_accounts: bool) -> None:
        """Write the project's files; with Django's own accounts, if models may refer to them."""
        settings = SETTINGS + (WITH_ACCOUNTS if has_accounts else "")
        for path, text in {**self.files, "settings.py": settings}.items():
            file = self.folder / path
            file.parent.mkdir(parents=True, exist_ok=True)
            file.write_text(text)

    def migrate(self, *commands: str) -> Database:
        """Run `migrate` with each of these arguments; all must succeed."""
        environment = {
            "PATH": os.environ["PATH"],
            "DATABASE_URL": self.database_url,
            "DJANGO_SETTINGS_MODULE": "settings",
            "PYTHONPATH": str(self.folder),
        }
        done = subprocess.run(
            [installed.PYTHON, "-c", MIGRATE],
            cwd=self.folder,
            env=environment,
            input=json.dumps([command.split() for command in commands]),
            capture_output=True,
            text=True,
            check=False,
        )
        assert done.returncode == 0, done.stderr
        return Database(**json.loads(done.stdout))

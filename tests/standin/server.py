"""The stand-in itself: its command line, and gunicorn behind a proxy that ends TLS."""

from __future__ import annotations

import contextlib
import os
import secrets
import subprocess
import tempfile
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

from box.poll import until
from tests.standin import installed
from tests.standin.proxy import connection, standing_before

if TYPE_CHECKING:
    from collections.abc import Iterator

    from box.certificates import Pair

HOST = "vergabe-teilnahme.whywhynot.de"
SETTINGS = "vergabe_teilnahme.settings"
STARTS_WITHIN_SECONDS = 30.0
SUPERUSER_FROM_STDIN = (
    "IFS= read -r DJANGO_SUPERUSER_PASSWORD && export DJANGO_SUPERUSER_PASSWORD &&"
    ' exec "$0" manage.py createsuperuser --noinput --username "$1" --email "$2"'
)
"""For `sh -c`, with Python, name and e-mail: the password is in the container's process alone."""


@dataclass(frozen=True)
class Address:
    """Where the stand-in is to be reached, and what it logs."""

    https_port: int
    http_port: int
    log: Path


@dataclass(frozen=True)
class Standin:
    """The app with a database; it writes into one folder."""

    folder: Path
    database_url: str = field(repr=False)
    secret_key: str = field(default_factory=lambda: secrets.token_urlsafe(50), repr=False)

    def environment(self, broken: str = "") -> dict[str, str]:
        """What a pod gets, and PATH."""
        return {
            "PATH": os.environ["PATH"],
            "DJANGO_SETTINGS_MODULE": f"{SETTINGS}.{'broken' if broken else 'prod'}",
            "ALLOWED_HOSTS": HOST,
            "CSRF_TRUSTED_ORIGINS": f"https://{HOST}",
            "SECRET_KEY": self.secret_key,
            "DATABASE_URL": self.database_url,
            "STATIC_ROOT": str(self.folder / "static"),
            "STANDIN_BROKEN": broken,
            "PYTHONDONTWRITEBYTECODE": "1",
            "TMPDIR": str(self.folder),
            "XDG_RUNTIME_DIR": str(self.folder),
        }

    def prepare(self) -> None:
        """What the image's build and a first install do: static files, schema, examples."""
        self.manage("collectstatic", "--noinput")
        self.manage("migrate", "--noinput")
        self.manage("seed")

    def manage(self, *arguments: str) -> str:
        """Run manage.py; what it says."""
        return self.run([installed.PYTHON, "manage.py", *arguments])

    def create_superuser(self, name: str, password: str) -> str:
        """Make a superuser, the password read from standard input, as a Job can do."""
        shell = ("sh", "-c", SUPERUSER_FROM_STDIN)
        return self.run([*shell, installed.PYTHON, name, ""], stdin=f"{password}\n")

    def run(self, argv: list[str | Path], stdin: str = "") -> str:
        """Run a program beside the app, as a pod does; what it says."""
        run = subprocess.run(
            argv,
            cwd=installed.APP,
            env=self.environment(),
            input=stdin,
            capture_output=True,
            text=True,
            check=False,
        )
        if run.returncode:
            raise RuntimeError(run.stderr.strip()[-500:])
        return run.stdout

    @contextlib.contextmanager
    def serving(
        self, certificate: Pair, *, broken: str = "", redirects: bool = True
    ) -> Iterator[Address]:
        """Serve for a while, with what `broken` names broken."""
        place = Path(tempfile.mkdtemp(prefix="serving-", dir=self.folder))
        upstream, log = place / "socket", place / "log"
        gunicorn = installed.start(
            [
                *(installed.PYTHON, "-m", "gunicorn", "vergabe_teilnahme.wsgi"),
                *(f"--bind=unix:{upstream}", "--access-logfile=-"),
                *("--workers=1", "--threads=4", "--graceful-timeout=1"),
            ],
            log,
            self.environment(broken),
        )
        try:
            until(lambda: listens(upstream), "gunicorn listens", STARTS_WITHIN_SECONDS)
            with standing_before(upstream, certificate, redirects=redirects) as ports:
                yield Address(*ports, log)
        finally:
            gunicorn.terminate()
            gunicorn.wait(STARTS_WITHIN_SECONDS)


def listens(upstream: Path) -> bool:
    """Whether connections to the socket are taken."""
    with contextlib.suppress(OSError):
        connection(upstream).close()
        return True
    return False

"""A real PostgreSQL 16 on loopback, with the role and the database that CloudNativePG makes.

Passwords are made at run time and go through pipes: no file and no list of processes holds one.
"""

from __future__ import annotations

import contextlib
import json
import os
import pwd
import secrets
import shutil
import signal
import subprocess
from dataclasses import dataclass, field
from typing import TYPE_CHECKING
from urllib.parse import quote

from box.poll import until
from box.ports import FIRST, LAST, LOOPBACK, is_free
from tests.standin import installed

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

STARTS_WITHIN_SECONDS = 30.0
SUPERUSER = "postgres"
SETTINGS = {
    "listen_addresses": LOOPBACK,
    "unix_socket_directories": "",
    "password_encryption": "scram-sha-256",
    # Thrown away afterwards: nothing need survive a power cut.
    "fsync": "off",
    "shared_buffers": "32MB",
}
RUN_SQL = """
import json, sys, psycopg
told = json.load(sys.stdin)
with psycopg.connect(told["url"], autocommit=True) as connection:
    for statement in told["statements"]:
        rows = connection.execute(statement)
    print(json.dumps(rows.fetchall() if rows.description else [], default=str))
"""


def free_port() -> int:
    """A port of a box's range, drawn so that test runs side by side hardly agree on one."""
    return next(
        port for _ in range(100) if is_free(port := FIRST + secrets.randbelow(LAST - FIRST))
    )


@dataclass
class Postgres:
    """A server with one folder for all it writes; owned by `nobody` when root starts it."""

    folder: Path
    port: int = field(default_factory=free_port)
    password: str = field(default_factory=lambda: secrets.token_urlsafe(24), repr=False)
    _process: subprocess.Popen[bytes] | None = field(default=None, repr=False)

    def start(self) -> None:
        """Make the cluster's files, unless they are there, and serve them."""
        installed.require()
        if not self.data.exists():
            self._initialize()
        settings = [f"-c{name}={value}" for name, value in SETTINGS.items()]
        argv = [*self._as_owner(), self.programs / "postgres", "-D", self.data, f"-p{self.port}"]
        self._process = installed.start([*argv, *settings], self.folder / "log")
        until(lambda: not is_free(self.port), "PostgreSQL listens", STARTS_WITHIN_SECONDS)
        until(self._answers, "PostgreSQL answers", STARTS_WITHIN_SECONDS)

    def stop(self) -> None:
        """End it at once, connections included; its files stay."""
        if self._process:
            self._process.send_signal(signal.SIGINT)
            self._process.wait(STARTS_WITHIN_SECONDS)
            self._process = None

    def create(self, role: str, database: str) -> str:
        """Make a role that may only log in, and a database that it owns; return the address.

        As CloudNativePG does from Cluster.spec.managed.roles and a Database.
        """
        password = secrets.token_urlsafe(24)
        rights = "LOGIN NOSUPERUSER NOCREATEDB NOCREATEROLE NOREPLICATION NOBYPASSRLS"
        self.sql(
            f"CREATE ROLE {role} {rights} PASSWORD '{password}'",
            f"CREATE DATABASE {database} OWNER {role} ENCODING 'UTF8'",
        )
        return self.url(role, password, database)

    def sql(self, *statements: str, database: str = "postgres") -> list[list[object]]:
        """Run statements as superuser, each by itself; the rows of the last."""
        url = self.url(SUPERUSER, self.password, database)
        told = json.dumps({"url": url, "statements": statements})
        run = subprocess.run(
            [installed.PYTHON, "-c", RUN_SQL],
            input=told,
            capture_output=True,
            text=True,
            check=False,
        )
        if run.returncode:
            raise RuntimeError(run.stderr.strip().splitlines()[-1])
        rows: list[list[object]] = json.loads(run.stdout)
        return rows

    def url(self, role: str, password: str, database: str) -> str:
        """A DATABASE_URL."""
        return f"postgres://{role}:{quote(password, safe='')}@{LOOPBACK}:{self.port}/{database}"

    @property
    def data(self) -> Path:
        """PGDATA."""
        return self.folder / "data"

    @property
    def programs(self) -> Path:
        """The folder of the programs: a copy for `nobody`, who may not look into a home folder."""
        if not installed.unprivileged():
            return installed.POSTGRES / "bin"
        copy = self.folder / "postgres"
        if not copy.exists():
            shutil.copytree(installed.POSTGRES, copy, symlinks=True)
        return copy / "bin"

    def _initialize(self) -> None:
        """initdb, which reads the superuser's password from a pipe."""
        self.folder.mkdir(parents=True, exist_ok=True)
        read, write = os.pipe()
        if user := installed.unprivileged():
            shutil.chown(self.folder, user)
            os.fchown(read, pwd.getpwnam(user).pw_uid, -1)
        os.write(write, f"{self.password}\n".encode())
        os.close(write)
        argv = [*self._as_owner(), self.programs / "initdb", "-D", self.data, "-U", SUPERUSER]
        quick = ("--no-sync", "--encoding=UTF8", "--locale=C")
        secure = ("--auth=scram-sha-256", "--pwfile=/dev/stdin")
        try:
            subprocess.run([*argv, *quick, *secure], stdin=read, capture_output=True, check=True)
        finally:
            os.close(read)

    def _as_owner(self) -> list[str | Path]:
        """PostgreSQL refuses to run as root."""
        user = installed.unprivileged()
        return ["setpriv", f"--reuid={user}", "--regid=nogroup", "--clear-groups"] if user else []

    def _answers(self) -> bool:
        with contextlib.suppress(RuntimeError):
            self.sql("SELECT 1")
            return True
        return False


@contextlib.contextmanager
def running(folder: Path) -> Iterator[Postgres]:
    """A server for a while."""
    server = Postgres(folder)
    try:
        server.start()
        yield server
    finally:
        server.stop()

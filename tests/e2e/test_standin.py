"""The stand-in is what it stands in for: migrated, seeded and administered as the app is."""

from __future__ import annotations

import signal
import socket
import subprocess
import threading
import time
from dataclasses import replace
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

import pytest

from box.images.app import THREADS
from railiance.manage import Launcher
from tests.standin import installed

GIVEN_UP_WITHIN_SECONDS = 20
ENDED_BY_SIGTERM = 128 + signal.SIGTERM
"""As a shell has it; without a handler the first process of a container would not end at all."""

CUT = """
import django, os, psycopg
django.setup()
from django.db import connection
connection.pool.open(wait=True)
with psycopg.connect(os.environ["DATABASE_URL"]) as other:
    other.execute(
        "SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
        " WHERE usename = current_user AND pid <> pg_backend_pid()"
    )
with connection.cursor() as cursor:
    cursor.execute("SELECT 1")
print("let in")
connection.close()
connection.close_pool()
"""
"""As gunicorn's worker does that nobody has asked anything while the database was away."""

if TYPE_CHECKING:
    from tests.standin.fixtures import Superuser
    from tests.standin.postgres import Postgres
    from tests.standin.server import Standin


@pytest.mark.rehearsal(13, "Django migrates and seeds a real PostgreSQL, and twice is harmless")
def test_migrate_and_seed_twice_are_harmless(standin: Standin, postgres: Postgres) -> None:
    count = "SELECT count(*) FROM ausschreibungen_ausschreibung"
    assert "No migrations to apply" in standin.manage("migrate", "--noinput")
    assert standin.manage("seed") == "0 angelegt, 2 schon da\n"
    assert postgres.sql(count, database="vergabe_db") == [[2]]


@pytest.mark.rehearsal(13, "a command waits until the database lets it in")
def test_command_waits_for_the_database(standin: Standin, postgres: Postgres) -> None:
    postgres.stop()
    threading.Timer(2, postgres.start).start()
    said = standin.run([installed.PYTHON, *Launcher().migrate()[1:]])
    assert "No migrations to apply" in said


@pytest.mark.rehearsal(13, "a web pod waits until the database has every migration of its image")
def test_pod_waits_for_its_migrations(standin: Standin) -> None:
    standin.manage("migrate", "--fake", "ausschreibungen", "zero")
    threading.Timer(4, standin.manage, ["migrate", "--fake"]).start()
    said = standin.run([installed.PYTHON, *Launcher().wait_for_migrations()[1:]])
    assert "waiting: the database lacks a migration of this image" in said


@pytest.mark.rehearsal(13, "a web pod waits while the database is away")
def test_pod_waits_for_the_database(standin: Standin, postgres: Postgres) -> None:
    postgres.stop()
    threading.Timer(4, postgres.start).start()
    said = standin.run([installed.PYTHON, *Launcher().wait_for_migrations()[1:]])
    assert "waiting: connection " in said


@pytest.mark.rehearsal(13, "a web pod that waits ends as soon as it is told to")
def test_waiting_pod_ends_at_once(standin: Standin) -> None:
    standin.manage("migrate", "--fake", "ausschreibungen", "zero")
    try:
        with subprocess.Popen(
            [installed.PYTHON, *Launcher().wait_for_migrations()[1:]],
            cwd=installed.APP,
            env=standin.environment(),
            stdout=subprocess.PIPE,
        ) as waiting:
            assert waiting.stdout
            assert b"waiting" in waiting.stdout.readline()
            waiting.terminate()
            assert waiting.wait(timeout=5) == ENDED_BY_SIGTERM
    finally:
        standin.manage("migrate", "--fake")


@pytest.mark.rehearsal(13, "a request of which every connection was cut is answered all the same")
def test_request_outlasts_a_pool_of_which_every_connection_was_cut(standin: Standin) -> None:
    pooled = ("env", f"DATABASE_POOL_SIZE={THREADS}")
    assert standin.run([*pooled, installed.PYTHON, "-c", CUT]) == "let in\n"


@pytest.mark.rehearsal(13, "a database that says nothing is given up within seconds")
def test_mute_database_is_given_up(standin: Standin) -> None:
    with socket.create_server(("127.0.0.1", 0)) as mute:
        url = urlsplit(standin.database_url)
        mute_url = url._replace(netloc=f"{url.username}@127.0.0.1:{mute.getsockname()[1]}").geturl()
        silent = replace(standin, database_url=mute_url)
        start = time.monotonic()
        with pytest.raises(RuntimeError, match="timeout expired"):
            silent.manage("migrate", "--check")
    assert time.monotonic() - start < GIVEN_UP_WITHIN_SECONDS


def test_role_owns_its_database_and_may_do_nothing_else(
    standin: Standin, postgres: Postgres
) -> None:
    assert "vergabe_db" in standin.database_url
    rights = (
        "SELECT rolsuper, rolcreatedb, rolcreaterole, rolreplication, rolbypassrls"
        " FROM pg_roles WHERE rolname = 'vergabe'"
    )
    assert postgres.sql(rights) == [[False] * 5]
    owner = "SELECT pg_get_userbyid(datdba) FROM pg_database WHERE datname = 'vergabe_db'"
    assert postgres.sql(owner) == [["vergabe"]]
    stored = "SELECT rolpassword LIKE 'SCRAM-SHA-256$%' FROM pg_authid WHERE rolname = 'vergabe'"
    assert postgres.sql(stored) == [[True]]


def test_wrong_password_is_refused_by_the_database(postgres: Postgres) -> None:
    stranger = type(postgres)(postgres.folder, postgres.port, "falsch")
    with pytest.raises(RuntimeError, match="password authentication failed"):
        stranger.sql("SELECT 1")


@pytest.mark.rehearsal(13, "a superuser's password goes through standard input alone")
def test_superuser_is_made_once(standin: Standin, superuser: Superuser, postgres: Postgres) -> None:
    made = postgres.sql("SELECT username, is_superuser FROM auth_user", database="vergabe_db")
    assert made == [[superuser.name, True]]
    with pytest.raises(RuntimeError, match="already taken"):
        standin.create_superuser(superuser.name, superuser.password)

"""Small programs of Python, run in a pod: what they say, and what hinders them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ops.errors import CommandError

if TYPE_CHECKING:
    from tests.rehearse.site import Site

CONNECT = """
import socket, sys
try:
    socket.create_connection((sys.argv[1], int(sys.argv[2])), 3).close()
except OSError as error:
    sys.exit(f"no connection: {error}")
"""
LOG_IN = """
import os, sys, urllib.parse, psycopg
url = urllib.parse.urlsplit(os.environ["DATABASE_URL"])
try:
    psycopg.connect(url._replace(path=f"/{sys.argv[1]}").geturl()).close()
except psycopg.OperationalError as error:
    sys.exit(str(error))
"""


def connect(site: Site, where: tuple[str, ...], to: tuple[str, str]) -> str:
    """What hinders a pod from opening a connection; empty if nothing does."""
    return problem_of(site, where, CONNECT, *to)


def log_in(site: Site, database: str) -> str:
    """What hinders the app's role from logging in to a database; empty if nothing does."""
    return problem_of(site, web(site), LOG_IN, database)


def problem_of(site: Site, where: tuple[str, ...], program: str, *arguments: str) -> str:
    """Why a program fails in a pod; empty if it does not."""
    try:
        run(site, where, program, *arguments)
    except CommandError as error:
        return str(error)
    return ""


def ran(site: Site, program: str) -> str:
    """What a program says in the app's web pod; it must succeed."""
    return run(site, web(site), program)


def run(site: Site, where: tuple[str, ...], program: str, *arguments: str) -> str:
    """What a program says in a pod; CommandError if it fails."""
    *namespace, pod = where
    return site.kubectl("exec", *namespace, pod, "--", "python", "-c", program, *arguments)


def web(site: Site) -> tuple[str, ...]:
    """The app's web pod, whichever that is."""
    return ("--namespace", site.app, f"deployment/{site.app}")

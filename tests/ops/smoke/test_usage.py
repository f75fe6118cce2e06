"""What `ops smoke` says when it cannot visit anything, and where the password may come from."""

import json
import os
import pty
import subprocess
import sys
from pathlib import Path

import pytest

from tests import frozen
from tests.conftest import ROOT, Run
from tests.runner import OPS, Answer, ops_here

NOWHERE = ("--resolve", "127.0.0.1", "--https-port", "1", "--http-port", "1")
"""Ports on which nobody listens."""


def smoke(*arguments: str | Path, stdin: bytes = b"") -> Answer:
    visit = ("smoke", *NOWHERE, *map(str, arguments))
    return ops_here(*visit, folder=frozen.FOLDER, variables={}, stdin=stdin)


def test_nobody_there_is_said_and_nothing_is_passed() -> None:
    run = smoke("--json")
    answer = json.loads(run.stdout)
    assert run.returncode == 1
    assert answer["host"] == "vergabe-teilnahme.whywhynot.de"
    assert {check["state"] for check in answer["results"]} == {"failed", "unknown"}
    chain = answer["results"][0]
    assert chain["evidence"] == "127.0.0.1 port 1 does not answer: Connection refused"
    assert chain["fix"]


WRONG = {
    "unknown app": (("--app", "nix"), b"", "error: no app 'nix' is rendered"),
    "no address": (("--resolve", "localhost"), b"", "'localhost' is not an IP address"),
    "port out of range": (("--https-port", "0"), b"", "0 is not in the range"),
    "a time that is none": (("--timeout", "nan"), b"", "nan is not a duration"),
    "no authority": (("--ca", "nowhere.pem"), b"", "'nowhere.pem' does not exist"),
    "authority that is none": (
        ("--ca", ROOT / "README.md"),
        b"",
        "README.md: no certificates in PEM",
    ),
    "no log": (("--logs", "nowhere.log"), b"", "'nowhere.log' does not exist"),
    "password without a user": (("--password-stdin",), b"x", "--password-stdin needs --user"),
    "empty password": (("--user", "a", "--password-stdin"), b"\n", "the password is empty"),
    "no password": (("--user", "a", "--password-stdin"), b"", "the password is empty"),
    "binary password": (("--user", "a", "--password-stdin"), b"\xff\n", "is not UTF-8"),
    "two things on stdin": (
        ("--user", "a", "--password-stdin", "--logs", "-"),
        b"x\n",
        "standard input is either the password or the log",
    ),
}


@pytest.mark.parametrize(("arguments", "stdin", "sentence"), WRONG.values(), ids=WRONG)
def test_wrong_usage_gets_a_sentence(
    arguments: tuple[str | Path, ...], stdin: bytes, sentence: str
) -> None:
    run = smoke(*arguments, stdin=stdin)
    assert run.returncode == 2
    assert sentence in run.stderr
    assert "Traceback" not in run.stderr
    assert not run.stdout


def test_password_is_not_read_without_a_terminal() -> None:
    run = subprocess.run(
        [*OPS, "smoke", *NOWHERE, "--user", "a"],
        cwd=frozen.FOLDER,
        input=b"geheim\n",
        capture_output=True,
        check=False,
        timeout=30,
        start_new_session=True,  # without a terminal, whoever runs the tests
    )
    assert (run.returncode, run.stdout) == (2, b"")
    assert b"no terminal to ask for the password" in run.stderr
    assert b"Traceback" not in run.stderr


def test_password_is_asked_for_without_echo() -> None:
    child, terminal = pty.fork()
    if not child:
        os.chdir(frozen.FOLDER)
        visit = [sys.executable, "-m", "ops", "smoke", *NOWHERE, "--user", "anna"]
        os.execv(sys.executable, visit)  # noqa: S606 (a terminal of its own)
    shown = os.read(terminal, 100)
    assert shown == b"Password of anna: "
    os.write(terminal, b"streng-geheim\n")
    while chunk := _read(terminal):
        shown += chunk
    assert os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) == 1
    assert b"smoke failed" in shown
    assert b"geheim" not in shown


def _read(terminal: int) -> bytes:
    """What the terminal shows next; nothing once its program has ended."""
    try:
        return os.read(terminal, 10_000)
    except OSError:
        return b""


@pytest.mark.parametrize(
    ("logged", "state", "evidence"),
    [
        ("[INFO] alles gut\n", "ok", "1 lines, no error"),
        ("", "unknown", "the log is empty"),
        ('"GET / HTTP/1.1" 500 21\n', "failed", '"GET / HTTP/1.1" 500 21'),
        ("ERROR \x1b[2J\nx\n", "failed", "ERROR \N{REPLACEMENT CHARACTER}[2J"),
    ],
)
def test_log_is_read_from_standard_input(logged: str, state: str, evidence: str) -> None:
    run = smoke("--logs", "-", "--json", stdin=logged.encode())
    line = json.loads(run.stdout)["results"][-1]
    assert (line["id"], line["state"]) == ("logs", state)
    assert line["evidence"].startswith(evidence)


def test_help_says_what_it_leaves_behind(ops: Run) -> None:
    assert "removes it again" in ops("smoke", "--help").stdout

"""Plaintext stays in memory: in no argument, no environment, no file, no output, no error."""

import shutil
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.ops.secrets.operator import SOPS, Operator
from tests.runner import Answer

WRAPPER = """\
#!{python}
import os, sys
with open({log!r}, "ab") as log:
    log.write(open("/proc/self/cmdline", "rb").read() + open("/proc/self/environ", "rb").read())
os.execv({sops!r}, ["sops", *sys.argv[1:]])
"""
GIVEN = "Gegebenes-Geheimnis"


@pytest.fixture
def watched(set_up: Operator, tmp_path: Path) -> Operator:
    """An operator whose sops writes down the arguments and environment that it gets."""
    environment = tmp_path / "environment"
    (environment / "bin").mkdir(parents=True)
    (environment / "bin/python").symlink_to(sys.executable)
    (environment / "lib").symlink_to(Path(sys.prefix, "lib"))
    shutil.copy(Path(sys.prefix, "pyvenv.cfg"), environment)
    wrapper = environment / "bin/sops"
    wrapper.write_text(
        WRAPPER.format(python=sys.executable, log=str(tmp_path / "log"), sops=str(SOPS))
    )
    wrapper.chmod(0o755)
    set_up.python = environment / "bin/python"
    set_up.variables["TMPDIR"] = str(tmp_path / "tmp")
    (tmp_path / "tmp").mkdir()
    return set_up


def secrets_of(operator: Operator) -> set[str]:
    return {
        value
        for values in operator.values().values()
        for key, value in values.items()
        if key != "username"
    }


def files_below(*folders: Path) -> Iterator[Path]:
    for folder in folders:
        yield from (file for file in folder.rglob("*") if file.is_file())


@pytest.mark.slow
def test_no_value_is_seen_by_anyone_else(watched: Operator, tmp_path: Path) -> None:
    known = secrets_of(watched)
    answers: list[Answer] = []
    for arguments, stdin in (
        (("rotate", "password"), ""),
        (("rotate", "SECRET_KEY"), ""),
        (("rotate", "SMTP_PASSWORD", "--stdin"), f"SMTP_PASSWORD={GIVEN}\n"),
        (("check", "--json"), ""),
        (("apply",), ""),
    ):
        answers.append(watched.ops(*arguments, stdin=stdin))
        known |= secrets_of(watched)
    answers.append(watched.edit(GIVEN, f"{GIVEN}-2"))
    assert [answer.returncode for answer in answers] == [0, 0, 0, 1, 1, 0]
    known |= {watched.key_file.read_text().split()[-1]}

    log = (tmp_path / "log").read_bytes()
    assert b"decrypt" in log
    assert b"encrypt" in log
    assert b"edit" in log
    assert len(known) >= 7
    (watched.home / "editor.py").unlink()  # the stand-in for a person, who knows the value
    watched.key_file.unlink()
    seen = [file.read_bytes() for file in files_below(watched.folder, watched.home, tmp_path)]
    said = [answer.stdout + answer.stderr for answer in answers]
    for value in known:
        assert value.encode() not in log
        assert not any(value.encode() in content for content in seen)
        assert not any(value in text for text in said)
    assert not watched.scratch.exists()


def test_editor_gets_a_file_in_memory_that_only_its_owner_may_read(set_up: Operator) -> None:
    report = set_up.home / "report"
    editor = set_up.home / "editor.sh"
    editor.write_text(f'#!/bin/sh\nstat -f -c %T "$1" >{report}\nstat -c %a "$1" >>{report}\n')
    editor.chmod(0o755)
    set_up.variables["EDITOR"] = str(editor)
    assert set_up.ops("edit").returncode == 0
    assert report.read_text().split() == ["tmpfs", "600"]


def test_interrupted_edit_leaves_nothing_in_memory(set_up: Operator) -> None:
    """SIGTERM to the tool while the editor is open, as when the terminal's session ends."""
    before = set_up.file.read_bytes()
    editor = set_up.home / "editor.sh"
    # The parent of sops is the tool.
    editor.write_text(
        f'#!/bin/sh\necho "$1" >{set_up.edited}\nkill $(cut -d" " -f4 /proc/$PPID/stat)\nsleep 1\n'
    )
    editor.chmod(0o755)
    set_up.variables["EDITOR"] = str(editor)
    answer = set_up.ops("edit")
    assert (answer.returncode, "Traceback" in answer.stderr) == (130, False)
    assert set_up.file.read_bytes() == before
    assert not set_up.scratch.exists()


def test_no_key_file_lies_in_the_repository(operator: Operator) -> None:
    operator.variables["SOPS_AGE_KEY_FILE"] = "keys.txt"
    answer = operator.ops("init", "--make-key")
    assert answer.returncode == 1
    assert "keys.txt: is in the repository, where no private key may be" in answer.stderr
    assert not (operator.folder / "keys.txt").exists()

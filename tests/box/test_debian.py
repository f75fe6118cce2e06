"""Debian's packages: pinned, checked, and said to be gone when they are."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

import pytest

from box import debian
from box.apt import Package
from box.errors import BoxError
from ops.errors import CommandError

if TYPE_CHECKING:
    from pathlib import Path

ASKED = Package("runc_1%3a1.1.5_amd64.deb", "0" * 64, 3)


@pytest.fixture
def apt(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder whose apt-get and apt-cache are found first, with a state folder for both."""
    monkeypatch.setattr(debian, "FOLDER", tmp_path / "debian")
    (tmp_path / "debian").mkdir()
    (tmp_path / "bin").mkdir()
    monkeypatch.setenv("PATH", f"{tmp_path / 'bin'}:{os.environ['PATH']}")
    program(tmp_path, "apt-cache", "echo release n=bookworm")
    return tmp_path


def program(folder: Path, name: str, script: str) -> None:
    file = folder / "bin" / name
    file.write_text(f"#!/bin/sh\n{script}\n")
    file.chmod(0o755)


def test_lock_file_is_as_make_lock_writes_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    committed, sets = debian.LOCK.read_text(), debian.read_lock()
    monkeypatch.setattr(debian, "LOCK", tmp_path / "debian.lock")
    debian.write_lock(list(sets.values()))
    assert debian.LOCK.read_text() == committed


def test_every_wanted_package_is_pinned() -> None:
    for packages in debian.read_lock().values():
        pinned = {package.request.partition("=")[0] for package in packages.pinned}
        assert set(packages.wanted) <= pinned
        assert pinned.isdisjoint(packages.present)


def test_vanished_version_is_named_with_its_mend(apt: Path) -> None:
    program(apt, "apt-get", 'case "$*" in *download*) echo "E: not found" >&2; exit 100;; esac')
    with pytest.raises(debian.PackagesVanishedError, match=r"runc=1:1\.1\.5(.|\n)*make lock"):
        debian.fetch([ASKED])


def test_other_file_than_the_pinned_one_is_refused(apt: Path) -> None:
    program(apt, "apt-get", f'case "$*" in *download*) echo other > {ASKED.file};; esac')
    with pytest.raises(debian.PackageForgedError, match="hash"):
        debian.fetch([ASKED])
    assert not debian.archive(ASKED).exists()


def test_other_release_of_debian_is_refused(apt: Path) -> None:
    program(apt, "apt-get", "true")
    program(apt, "apt-cache", "echo release n=trixie")
    with pytest.raises(BoxError, match="bookworm"):
        debian.fetch([ASKED])


def test_missing_apt_is_named(apt: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", str(apt))
    with pytest.raises(CommandError, match=r"apt-get is missing: .*Debian"):
        debian.fetch([ASKED])

"""What tests of the synthesis share: a repository of their own, and how it is rendered."""

import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.conftest import Run, frozen_copy
from tests.runner import Answer

Synth = Callable[..., Answer]


@pytest.fixture
def checkout(tmp_path: Path) -> Path:
    """A copy of what a synth needs, whose declarations a test can change."""
    return frozen_copy(tmp_path)


@pytest.fixture
def synth(run: Run) -> Synth:
    """Runs app.py in a checkout, with its own declarations and constructs."""

    def call(folder: Path, *arguments: str | Path, **variables: str) -> Answer:
        path = f"{folder}:{folder / 'constructs'}"
        program = (sys.executable, "-O", "app.py", *arguments)
        return run(*program, folder=folder, **{"PYTHONPATH": path, **variables})

    return call


def declaration(checkout: Path) -> Path:
    return checkout / "apps" / "vergabe_teilnahme.py"


def edit(file: Path, old: str, new: str) -> None:
    text = file.read_text()
    assert old in text
    file.write_text(text.replace(old, new))

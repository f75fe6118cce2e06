"""Rehearsal 76: a newcomer tries things out by hand, with the lines that `box serve` prints."""

from __future__ import annotations

import contextlib
import json
import os
import signal
import subprocess
import sys
from typing import TYPE_CHECKING

import pytest

from box.command import git
from box.left_over import MEMORY
from box.lifecycle import Box
from tests import frozen, runner
from tests.e2e.cluster import Cluster
from tests.e2e.operator import SET_UP
from tests.e2e.repository import ROOT
from tests.runner import OPS

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

APP = "vergabe-teilnahme"
LINES = 6


@pytest.fixture
def spare() -> Iterator[Box]:
    box = Box(f"serve-{os.getpid()}")
    try:
        box.up()
        yield box
    finally:
        box.down()


@pytest.fixture
def clone(tmp_path: Path) -> Path:
    """A clone of the frozen repository, set up."""
    folder = tmp_path / "clone"
    git("clone", "--quiet", ROOT, folder)
    frozen.lay_over(folder)
    for arguments in (
        ("checkout", "--quiet", "-B", "main"),
        ("config", "user.name", "newcomer"),
        ("config", "user.email", "newcomer@localhost"),
        ("add", "--all"),
        ("commit", "--quiet", "--allow-empty", "--message=Try it out"),
    ):
        git(*arguments, folder=folder)
    for name in SET_UP:
        (folder / name).symlink_to(ROOT / name)
    return folder


@contextlib.contextmanager
def serving(box: Box, clone: Path) -> Iterator[str]:
    """The printed lines, while the clone is served; it ends with Ctrl-C."""
    program = [sys.executable, "-m", "box", "serve", "--name", box.name, str(clone)]
    with subprocess.Popen(program, cwd=ROOT, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout
        try:
            yield "".join(process.stdout.readline() for _ in range(LINES))
        finally:
            process.send_signal(signal.SIGINT)
    assert process.returncode == 0


@pytest.mark.own_control_plane
@pytest.mark.rehearsal(76, "by hand: a clone is served, deployed and healthy, and nothing stays")
def test_clone_is_served_and_deployed(spare: Box, clone: Path, tmp_path: Path) -> None:
    own = {**os.environ, **runner.own_code(clone), "SOPS_AGE_KEY_FILE": str(tmp_path / "key")}
    ops = f'ops() {{ {" ".join(OPS)} "$@"; }}'
    with serving(spare, clone) as exports:

        def shell(line: str) -> str:
            command = ("bash", "-ec", f"{exports}\n{ops}\n{line}")
            answer = runner.run(*command, folder=clone, environment=own, timeout_seconds=300)
            assert answer.returncode == 0, answer.stdout + answer.stderr
            return answer.stdout + answer.stderr

        assert "railiance01" in shell("kubectl config current-context")
        shell(f"ops secrets init --make-key && {sys.executable} -O app.py")
        shell("git add secrets .sops.yaml dist argocd && git commit --quiet --message secrets")
        shell("git push --quiet https://gitea.coulomb.social/coulomb/railiance-apps.git HEAD:main")
        said = shell('ops deploy $(printf " --skip %s" $SKIP)')
        assert f"context railiance01, server {server_of(spare)}" in said
        assert "is deployed and healthy" in said
        assert "failed" not in shell("ops status")
    left = json.loads(spare.kubeconfig.read_text())["clusters"][0]["cluster"]
    forgotten = MEMORY / f"{os.getpid()}0000"
    forgotten.write_text(f"certificate-authority-data: {left['certificate-authority-data']}\n")
    assert Cluster(spare.kubeconfig).get("Deployment", APP, APP)
    spare.down()
    assert not forgotten.exists()


def server_of(box: Box) -> str:
    config = json.loads(box.kubeconfig.read_text())
    return str(config["clusters"][0]["cluster"]["server"])

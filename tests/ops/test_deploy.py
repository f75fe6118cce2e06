"""`ops deploy` before it asks the cluster: is the commit where Argo CD looks for it?"""

import os
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import pytest

from tests import frozen
from tests.conftest import copy
from tests.ops.kubeconfig import nowhere
from tests.runner import Answer, ops_here, run

ADDRESS = "https://gitea.coulomb.social/coulomb/railiance-apps.git"
OWN = {"GIT_CONFIG_GLOBAL": "/dev/null", "GIT_CONFIG_NOSYSTEM": "1"}


@dataclass(frozen=True)
class Clone:
    """A repository whose production address is a folder of this machine."""

    folder: Path

    def git(self, *arguments: str) -> str:
        done = run("git", *arguments, folder=self.folder, environment={**os.environ, **OWN})
        assert done.returncode == 0, done.stderr
        return done.stdout.strip()

    def commit(self) -> str:
        self.git("commit", "--quiet", "--allow-empty", "--message=any")
        return self.git("rev-parse", "HEAD")

    def deploy(self, *arguments: str) -> Answer:
        variables = {**OWN, "KUBECONFIG": str(nowhere(self.folder.parent))}
        confirmed = ("--confirm-context", "away", *arguments)
        return ops_here("deploy", *confirmed, folder=self.folder, variables=variables)


@pytest.fixture
def clone(tmp_path: Path) -> Clone:
    (tmp_path / "work").mkdir()
    clone = Clone(copy(("dist", "argocd"), tmp_path / "work", frozen.FOLDER))
    clone.git("init", "--quiet", "--initial-branch=main")
    clone.git("init", "--quiet", "--bare", str(tmp_path / "there"))
    for name, value in {
        "user.name": "operator",
        "user.email": "operator@localhost",
        f"url.{tmp_path / 'there'}.insteadOf": ADDRESS,
    }.items():
        clone.git("config", name, value)
    clone.git("add", "dist", "argocd")
    clone.commit()
    return clone


def no_branch(_: Clone) -> tuple[str, str]:
    return "is not pushed: ", "has no branch main; `git push origin HEAD:main`"


def one_commit_behind(clone: Clone) -> tuple[str, str]:
    clone.git("push", "--quiet", ADDRESS, "HEAD:main")
    there = clone.git("rev-parse", "HEAD")
    clone.commit()
    return f"main of {ADDRESS} is at {there[:7]}; ", "`git push origin HEAD:main`"


def gone_on(clone: Clone) -> tuple[str, str]:
    """By a commit that is not known here."""
    there = clone.commit()
    clone.git("push", "--quiet", ADDRESS, "HEAD:main")
    clone.git("reset", "--quiet", "--hard", "HEAD~1")
    clone.git("reflog", "expire", "--expire=now", "--all")
    clone.git("gc", "--quiet", "--prune=now")
    return (
        f"is not on the branch that Argo CD follows: main of {ADDRESS} is at {there[:7]}",
        "`git pull",
    )


@pytest.mark.parametrize("moved", [no_branch, one_commit_behind, gone_on])
def test_commit_that_argo_cd_would_not_find_is_told_at_once(
    clone: Clone, moved: Callable[[Clone], tuple[str, str]]
) -> None:
    words = moved(clone)
    answer = clone.deploy()
    assert (answer.returncode, answer.stdout) == (1, "")
    assert answer.stderr.splitlines()[1].startswith(f"error: {clone.git('rev-parse', 'HEAD')[:7]} ")
    assert not [word for word in words if word not in answer.stderr], answer.stderr


def test_repository_that_cannot_be_asked_stops_nothing(clone: Clone, tmp_path: Path) -> None:
    (tmp_path / "there").rename(tmp_path / "elsewhere")
    answer = clone.deploy()
    asked, gate = answer.stdout.splitlines()
    assert "is pushed; Argo CD reports it if not: git failed" in asked
    assert gate == "gate"
    clone.git("push", "--quiet", str(tmp_path / "elsewhere"), "HEAD:main")
    (tmp_path / "elsewhere").rename(tmp_path / "there")
    assert clone.deploy().stdout == "gate\n"


def test_check_that_there_is_not_cannot_be_skipped(clone: Clone) -> None:
    answer = clone.deploy("--skip=dns", "--skip=cluster.kindz")
    assert (answer.returncode, answer.stdout) == (2, "")
    assert "--skip cluster.kindz: the preflight has no such check; it has" in answer.stderr

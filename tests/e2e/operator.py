"""An operator at work: a clone of the repository, his kubeconfig, and the command line."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from box.command import git
from tests.e2e.rehearsal import APP
from tests.e2e.repository import ROOT

if TYPE_CHECKING:
    from tests.e2e.rehearsal import Rehearsal

TIMEOUT_SECONDS = 300
SET_UP = (".venv", "node_modules", ".tools")
CONTEXT = "railiance01"


@dataclass(frozen=True)
class Operator:
    """Works in a folder of his own, on the rehearsal's cluster."""

    folder: Path
    kubeconfig: Path

    @classmethod
    def of(cls, rehearsal: Rehearsal, folder: Path) -> Operator:
        """An operator whose repository holds what is committed, pushed to where Argo CD looks."""
        work = folder / "work"
        origin = rehearsal.box.serve(rehearsal.source)
        for arguments in (
            ("clone", "--quiet", str(ROOT), str(work)),
            ("-C", str(work), "config", "user.name", "operator"),
            ("-C", str(work), "config", "user.email", "operator@localhost"),
            ("-C", str(work), "remote", "set-url", "origin", str(origin)),
            ("-C", str(work), "push", "--quiet", "--force", "origin", "HEAD:main"),
        ):
            git(*arguments)
        for name in SET_UP:
            (work / name).symlink_to(ROOT / name)
        config = json.loads(rehearsal.box.kubeconfig.read_text())
        config["contexts"][0]["name"] = config["current-context"] = CONTEXT
        kubeconfig = folder / "kubeconfig"
        kubeconfig.write_text(json.dumps(config))
        return cls(work, kubeconfig)

    @property
    def key(self) -> Path:
        """His age key, outside the repository."""
        return self.kubeconfig.with_name("age-key.txt")

    def ops(
        self, *arguments: str, stdin: str = "", **variables: str
    ) -> subprocess.CompletedProcess[str]:
        """Run the operator's tool."""
        return self.run(sys.executable, "-m", "ops", *arguments, stdin=stdin, **variables)

    def make(self, target: str, **variables: str) -> subprocess.CompletedProcess[str]:
        """Run a target, with what was set up here."""
        # What was set up is older than the clone, and must not be set up anew through the link.
        kept = ("-o", ".venv/ready", "-o", ".venv/packages", "-o", "setup")
        return self.run("make", *kept, target, *(f"{k}={v}" for k, v in variables.items()))

    def run(
        self, *arguments: str, stdin: str = "", **variables: str
    ) -> subprocess.CompletedProcess[str]:
        own = {"KUBECONFIG": str(self.kubeconfig), "SOPS_AGE_KEY_FILE": str(self.key)}
        environment = {**os.environ, **own, **variables}
        return subprocess.run(
            arguments,
            cwd=self.folder,
            env=environment,
            input=stdin,
            capture_output=True,
            text=True,
            check=False,
            timeout=TIMEOUT_SECONDS,
        )

    def commit(self, message: str) -> str:
        """Commit and push what the work tree holds; the new commit."""
        self.git("commit", "--quiet", "--all", f"--message={message}")
        self.git("push", "--quiet", "origin", "HEAD:main")
        return self.git("rev-parse", "HEAD")

    def git(self, *arguments: str) -> str:
        answer = self.run("git", *arguments)
        assert answer.returncode == 0, answer.stderr
        return answer.stdout.strip()

    def use_image(self, old: str, new: str) -> None:
        """Have the rendered manifests ask for another image."""
        file = self.folder / f"dist/{APP}.k8s.yaml"
        file.write_text(file.read_text().replace(old, new))

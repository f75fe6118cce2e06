"""An operator at work: a clone of the repository, his kubeconfig, and the command line."""

from __future__ import annotations

import contextlib
import json
import os
import pty
import shutil
import signal
import subprocess
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

from box import programs
from box.command import git
from tests import frozen, runner
from tests.e2e.rehearsal import APP, repository_address
from tests.e2e.repository import ROOT
from tests.runner import OPS

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from box.lifecycle import Box
    from tests.runner import Answer

TIMEOUT_SECONDS = 300
SET_UP = (".venv", "node_modules", ".tools")
SHELL = ("bash", "-c")
CONTEXT = "railiance01"
MAKE = "exec {make} -o .venv/ready -o .venv/packages -o setup {arguments}\n"
"""What was set up is older than the clone, and must not be set up anew through the link."""


@dataclass(frozen=True)
class Operator:
    """Works in a folder of his own, on the rehearsal's cluster."""

    home: Path
    variables: Mapping[str, str] = field(default_factory=dict)
    within: tuple[str, ...] = ()
    """A program that runs what he gives, in surroundings of its own."""
    timeout_seconds: float = TIMEOUT_SECONDS
    """How long one command may take."""

    @classmethod
    def of(cls, box: Box, home: Path, **variables: str) -> Operator:
        """An operator in the frozen repository, with this one's code, where Argo CD looks."""
        operator = cls(home, variables)
        source = repository_address()
        operator.write_programs()
        config = json.loads(box.kubeconfig.read_text())
        config["contexts"][0]["name"] = config["current-context"] = CONTEXT
        operator.kubeconfig.write_text(json.dumps(config))
        git("clone", "--quiet", ROOT, operator.folder)
        frozen.lay_over(operator.folder)
        for arguments in (
            ("config", "user.name", "operator"),
            ("config", "user.email", "operator@localhost"),
            ("add", "--all"),
            ("commit", "--quiet", "--allow-empty", "--message=The frozen repository"),
            # So the production address is reached without leaving this machine.
            ("config", f"url.{box.serve(source)}.insteadOf", source),
            ("remote", "set-url", "origin", source),
            ("checkout", "--quiet", "-B", "main"),
            ("push", "--quiet", "--force", "--set-upstream", "origin", "main"),
        ):
            operator.git(*arguments)
        for name in SET_UP:
            (operator.folder / name).symlink_to(ROOT / name)
        return operator

    def write_programs(self) -> None:
        """The kubectl and the make that he has on his path."""
        self.programs.mkdir()
        (self.programs / "kubectl").symlink_to(programs.path("kubectl"))
        make = self.programs / "make"
        make.write_text("#!/bin/sh\n" + MAKE.format(make=shutil.which("make"), arguments='"$@"'))
        make.chmod(0o755)

    @property
    def folder(self) -> Path:
        """His clone."""
        return self.home / "work"

    @property
    def programs(self) -> Path:
        return self.home / "bin"

    @property
    def kubeconfig(self) -> Path:
        return self.home / "kubeconfig"

    @property
    def environment(self) -> dict[str, str]:
        """His key lies outside the repository."""
        own = {
            "PATH": f"{self.programs}:{ROOT / '.venv/bin'}:{os.environ['PATH']}",
            "KUBECONFIG": str(self.kubeconfig),
            "SOPS_AGE_KEY_FILE": str(self.home / "age-key.txt"),
        }
        return {**os.environ, **runner.own_code(self.folder), **own, **self.variables}

    def ops(self, *arguments: str, stdin: str = "", **variables: str) -> Answer:
        """Run the operator's tool."""
        return self.run(*OPS, *arguments, stdin=stdin, **variables)

    def make(self, target: str, **variables: str) -> Answer:
        """Run a target, with what was set up here."""
        return self.run("make", target, *(f"{k}={v}" for k, v in variables.items()))

    def run(self, *arguments: str, stdin: str = "", **variables: str) -> Answer:
        return runner.run(
            *self.within,
            *arguments,
            folder=self.folder,
            environment={**self.environment, **variables},
            stdin=stdin,
            timeout_seconds=self.timeout_seconds,
        )

    def shell(self, line: str) -> Answer:
        """Give a command line as it stands in a document."""
        return self.run(*SHELL, line)

    def answer(self, line: str, answers: Mapping[str, str]) -> tuple[int, str]:
        """Give a command line on a terminal, and answer its questions; exit code, and what it said.

        The questions are the ends of what it says before it waits.
        """
        ours, theirs = pty.openpty()
        said = ""
        with self.started(*SHELL, line, stdin=theirs, output=theirs) as process:
            os.close(theirs)
            for part in parts_of(ours):
                said += part
                for question, answer in answers.items():
                    if said.endswith(question):
                        os.write(ours, f"{answer}\n".encode())
        os.close(ours)
        return process.returncode, said

    def interrupt(self, *arguments: str, after: str, by: signal.Signals) -> tuple[int, str]:
        """Run the tool, and end it when it says something; exit code, and what it said."""
        said = ""
        # Whoever runs the tests may have had signals ignored, as nohup does.
        heeding = ("env", "--default-signal=HUP,INT,TERM")
        with self.started(*heeding, *OPS, *arguments, output=subprocess.PIPE) as process:
            assert process.stdout
            for line in process.stdout:
                said += line
                if after in line:
                    os.killpg(process.pid, by)  # as a terminal does
        return process.returncode, said

    def started(
        self, *arguments: str, stdin: int = subprocess.DEVNULL, output: int
    ) -> subprocess.Popen[str]:
        return subprocess.Popen(
            arguments,
            cwd=self.folder,
            env=self.environment,
            stdin=stdin,
            stdout=output,
            stderr=subprocess.STDOUT,
            text=True,
            start_new_session=True,
        )

    def make_secrets(self) -> None:
        """Day one: a key pair, the encrypted file, the YAML that names its digest, all in git."""
        for line in (
            "ops secrets init --make-key",
            "make synth",
            "git add secrets .sops.yaml dist argocd",
        ):
            answer = self.shell(line)
            assert answer.returncode == 0, answer.stdout + answer.stderr
        self.commit("Secrets")

    def commit(self, message: str) -> str:
        """Commit and push what the work tree holds; the new commit."""
        self.git("commit", "--quiet", "--all", f"--message={message}")
        self.git("push", "--quiet")
        return self.git("rev-parse", "HEAD")

    def git(self, *arguments: str) -> str:
        answer = self.run("git", *arguments)
        assert answer.returncode == 0, answer.stderr
        return answer.stdout.strip()

    def use_image(self, old: str, new: str) -> None:
        """Have the rendered manifests ask for another image."""
        file = self.folder / f"dist/{APP}.k8s.yaml"
        file.write_text(file.read_text().replace(old, new))


def parts_of(terminal: int) -> Iterator[str]:
    """What is said on a terminal, as it comes, until whoever says it ends."""
    with contextlib.suppress(OSError):  # the other side is closed
        while part := os.read(terminal, 4096):
            yield part.decode(errors="replace")

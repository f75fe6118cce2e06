"""The operator's tool as it is called in a rehearsal, on the box's cluster."""

from __future__ import annotations

import json
import os
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from tests import frozen
from tests.runner import OPS, run

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from tests.runner import Answer


@dataclass(frozen=True)
class Tool:
    """`ops`, with a kubeconfig and in a folder with dist/ and argocd/."""

    kubeconfig: Path
    folder: Path = frozen.FOLDER
    timeout_seconds: float = 60
    variables: Mapping[str, str] = field(default_factory=dict)

    def __call__(self, *arguments: str) -> Answer:
        """Run a verb to its end."""
        return run(
            *OPS,
            *arguments,
            folder=self.folder,
            environment=self.environment,
            timeout_seconds=self.timeout_seconds,
        )

    @property
    def environment(self) -> dict[str, str]:
        """The caller's, with this kubeconfig, and no proxy."""
        kept = {k: v for k, v in os.environ.items() if not k.lower().endswith("_proxy")}
        return {**kept, "KUBECONFIG": str(self.kubeconfig), **self.variables}

    def lines(self, verb: str, listed: str) -> tuple[int, dict[str, dict[str, Any]]]:
        """The exit code and the lines of a verb's JSON, by their ids."""
        done = self(verb, "--json")
        assert done.returncode in (0, 1), done.stderr
        assert done.stdout, done.stderr
        return done.returncode, {line["id"]: line for line in json.loads(done.stdout)[listed]}

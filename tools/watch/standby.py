"""The process that waits with cdk8s imported, for one run."""

import json
import os
import signal
import subprocess
import sys
from collections.abc import Sequence
from contextlib import suppress
from pathlib import Path

GRACE_SECONDS = 3
"""For putting back dist/ and argocd/, if a run is interrupted while it writes them."""


class Standby:
    """Such a process, started at once."""

    def __init__(self, root: Path) -> None:
        # In a session of its own, so that Ctrl-C ends it through `end`, and Node.js with it.
        self._process = subprocess.Popen(
            [sys.executable, "-O", "-m", "tools.watch.warm"],
            cwd=root,
            stdin=subprocess.PIPE,
            text=True,
            env=_environment(),
            start_new_session=True,
        )

    @property
    def is_alive(self) -> bool:
        """Whether it runs or waits; a process can be killed."""
        return self._process.poll() is None

    def run(self, saved: Sequence[Path]) -> str:
        """Has it do its run, and waits for the end; why it was cut short, or nothing."""
        self._process.communicate(json.dumps([str(path) for path in saved]))
        code = self._process.returncode
        return f"ended by {signal.Signals(-code).name}" if code < 0 else ""

    def end(self) -> None:
        """Ends it and all that it started."""
        if self.is_alive:
            self._signal(signal.SIGTERM)
            try:
                self._process.wait(GRACE_SECONDS)
            except subprocess.TimeoutExpired:
                self._signal(signal.SIGKILL)

    def _signal(self, number: signal.Signals) -> None:
        with suppress(ProcessLookupError):
            os.killpg(self._process.pid, number)


def _environment() -> dict[str, str]:
    """Without the folder of a `cdk8s synth`, and fit for a terminal that has no arrows."""
    kept = {key: value for key, value in os.environ.items() if key != "CDK8S_OUTDIR"}
    return {**kept, "PYTHONIOENCODING": ":replace"}

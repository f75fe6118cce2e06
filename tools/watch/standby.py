"""The standby process, which has cdk8s imported and waits for one run."""

import json
import os
import signal
import subprocess
import sys
from collections.abc import Sequence
from contextlib import suppress
from pathlib import Path

GRACE_SECONDS = 3
"""Time to restore dist/ and argocd/, if a run is interrupted while it writes them."""


class Standby:
    """A standby process, started immediately."""

    def __init__(self, root: Path) -> None:
        # In a new session, so that `end` stops it on Ctrl-C, together with Node.js.
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
        """Whether the process still runs; it may have been killed."""
        return self._process.poll() is None

    def run(self, saved: Sequence[Path]) -> str:
        """Starts the run and waits for its end; returns why it was cut short, or nothing."""
        self._process.communicate(json.dumps([str(path) for path in saved]))
        code = self._process.returncode
        return f"ended by {signal.Signals(-code).name}" if code < 0 else ""

    def end(self) -> None:
        """Ends the process and its children."""
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
    """Without the folder of `cdk8s synth`, and for terminals that cannot show arrows."""
    kept = {key: value for key, value in os.environ.items() if key != "CDK8S_OUTDIR"}
    return {**kept, "PYTHONIOENCODING": ":replace"}

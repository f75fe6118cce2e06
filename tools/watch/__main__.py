"""`python -m tools.watch`: shows the result of each save until Ctrl-C."""

import signal
import sys
import time
from collections.abc import Sequence
from contextlib import suppress
from pathlib import Path

from watchfiles._rust_notify import WatchfilesRustInternalError

from railiance import node
from railiance.errors import ToolError
from tools.watch.paths import in_one_line
from tools.watch.saves import Saves
from tools.watch.standby import Standby

ENDINGS = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)
CLEAR_SCREEN = "\033[H\033[2J"


def main() -> int:
    """Returns 0 after Ctrl-C, or 1 with an error if watching cannot start."""
    for ending in ENDINGS:
        signal.signal(ending, signal.default_int_handler)
    try:
        node.choose()
        _watch(Path.cwd())
    except KeyboardInterrupt:
        return 0
    except ToolError as error:
        print(f"error: {error}", file=sys.stderr)
    except WatchfilesRustInternalError as error:
        problem = f"cannot watch files: {error}"
        advice = "end other programs that watch files, or raise the system's limits of inotify"
        print(f"error: {problem}; {advice}", file=sys.stderr)
    return 1


def _watch(root: Path) -> None:
    """Runs once at the start, and again after each batch of saves."""
    saves, standby = Saves(root), Standby(root)
    try:
        saved: Sequence[Path] = ()
        while True:
            if not standby.is_alive:
                standby = Standby(root)
            _run(standby, saved)
            standby = Standby(root)
            saved = saves.wait()
    finally:
        for ending in ENDINGS:
            signal.signal(ending, signal.SIG_IGN)
        standby.end()


def _run(standby: Standby, saved: Sequence[Path]) -> None:
    began = _moment(saved)
    clear = CLEAR_SCREEN if sys.stdout.isatty() else ""
    print(f"{clear}saved: {in_one_line(saved)}" if saved else f"{clear}current state", flush=True)
    if problem := standby.run(saved):
        print(f"error: the run was {problem}; save again for another")
    print(f"{time.time() - began:.2f} s; waiting for the next save, Ctrl-C ends", flush=True)


def _moment(saved: Sequence[Path]) -> float:
    """The time of the last save; now, if none of the files exists."""
    moments = []
    for path in saved:
        with suppress(OSError):
            moments.append(path.stat().st_ctime)
    return max(moments, default=time.time())


if __name__ == "__main__":
    sys.exit(main())

"""Imports what takes long, waits for what was saved, does one run: `python -m tools.watch.warm`.

The project's own code is imported only after the save.
"""

import gc
import json
import os
import sys
from importlib import import_module
from importlib.util import cache_from_source
from pathlib import Path

NOT_OURS = (
    *("cdk8s", "cdk8s_plus_28", "click", "constructs", "rich.console", "rich.text", "yaml"),
    *("concurrent.futures.process", "hashlib", "xml.etree.ElementTree"),
)
"""What a run imports beside the project's own code, if it takes a while."""
INTERRUPTED = 130


def main() -> int:
    """Waits until standard input ends; without a list of saved files there, nothing is run."""
    gc.disable()  # everything is kept until the end
    for name in NOT_OURS:
        import_module(name)
    saved = sys.stdin.read()
    if not saved:
        return 0
    for path in json.loads(saved):
        _drop_compiled(Path(path))
    from tools.watch import run  # noqa: PLC0415 (not before the save)

    return run.run()


def _drop_compiled(path: Path) -> None:
    """Python takes compiled code for that of any file as long, saved within the same second."""
    if path.suffix == ".py":
        Path(cache_from_source(path)).unlink(missing_ok=True)


def _exit_code() -> int:
    try:
        return main()
    except KeyboardInterrupt:
        return INTERRUPTED
    except Exception:  # noqa: BLE001 (shown as Python shows it)
        sys.excepthook(*sys.exc_info())
        return 1


if __name__ == "__main__":
    code = _exit_code()
    sys.stdout.flush()
    os._exit(code)  # jsii would wait for Node.js to end, which it does by itself

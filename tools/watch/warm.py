"""Imports what takes long, waits for what was saved, does one run: `python -m tools.watch.warm`.

The project's own code is imported only after the save.
"""

import gc
import os
import sys
from importlib import import_module
from pathlib import Path

import compiled

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
    compiled.drop_outdated([Path("ops")])  # app.py does it for what it imports
    from tools.watch import run  # noqa: PLC0415 (not before the save)

    return run.run()


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

"""Imports cdk8s, waits for a save, does one run: `python -m tools.watch.warm`.

The project's own code is imported only after the save.
"""

import gc
import os
import sys
from importlib import import_module
from pathlib import Path

import compiled

THIRD_PARTY = (
    *("cdk8s", "cdk8s_plus_28", "click", "constructs", "rich.console", "rich.text", "yaml"),
    *("concurrent.futures.process", "hashlib", "xml.etree.ElementTree"),
)
"""Third-party and standard modules that a run needs and that take long to import."""
INTERRUPTED = 130


def main() -> int:
    """Waits for the end of standard input; without a list of saved files there, does nothing."""
    gc.disable()  # all objects are kept until the end
    for name in THIRD_PARTY:
        import_module(name)
    saved = sys.stdin.read()
    if not saved:
        return 0
    compiled.drop_outdated([Path("ops")])  # app.py does it for its own imports
    from tools.watch import run  # noqa: PLC0415 (not before the save)

    return run.run()


def _exit_code() -> int:
    try:
        return main()
    except KeyboardInterrupt:
        return INTERRUPTED
    except Exception:  # noqa: BLE001 (printed like Python does)
        sys.excepthook(*sys.exc_info())
        return 1


if __name__ == "__main__":
    code = _exit_code()
    sys.stdout.flush()
    os._exit(code)  # jsii would wait for Node.js to exit, which happens anyway

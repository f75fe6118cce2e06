"""The Node.js that runs cdk8s."""

import gc
import os
import shutil
import sys
from importlib.util import find_spec
from pathlib import Path

from railiance.errors import ToolError


def choose() -> None:
    """Makes cdk8s use the Node.js that was installed with the project.

    Call it before importing cdk8s: jsii uses the first `node` on the PATH, whose version may be too
    old, and reports a missing one with a traceback. Raises ToolError if there is no Node.js at
    all.
    """
    beside = Path(sys.executable).with_name("node")
    node = str(beside) if beside.exists() else shutil.which("node")
    if not node:
        raise ToolError("Node.js is missing, which cdk8s needs; install it with `make setup`")
    os.environ.setdefault("JSII_NODE", node)
    _leave_out_the_relay()


def _leave_out_the_relay() -> None:
    """Makes jsii run its program directly, without the Node.js process that relays messages.

    That saves a process start and a tenth of the time of each call. If jsii's program is not where
    the pinned version has it, jsii's default stays.
    """
    jsii = find_spec("jsii")
    program = Path(jsii.origin or "").parent / "_embedded/jsii/lib__program.js" if jsii else None
    if program and program.is_file():
        os.environ.setdefault("JSII_PROGRAM", str(program))
        os.environ.setdefault("JSII_RUNTIME", str(Path(__file__).with_name("jsii_runtime.js")))


def start() -> None:
    """Imports cdk8s and cdk8s-plus, which starts Node.js, once. Raises ToolError like `choose`.

    Imported modules are never garbage, so garbage collection is off during the import, where it
    takes a tenth of the time, and skips these objects later.
    """
    if "cdk8s_plus_28" in sys.modules:
        return
    choose()
    gc.disable()
    import cdk8s_plus_28  # noqa: F401, PLC0415

    gc.freeze()
    gc.enable()

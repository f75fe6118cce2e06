"""The Node.js that cdk8s runs on."""

import gc
import os
import shutil
import sys
from importlib.util import find_spec
from pathlib import Path

from railiance.errors import ToolError


def choose() -> None:
    """Has cdk8s run on the Node.js that was installed with the project.

    To be called before cdk8s is imported: jsii takes whatever `node` is on the path, in a version
    that may be too old, and reports a missing one with a traceback. Raises ToolError if there is
    none at all.
    """
    beside = Path(sys.executable).with_name("node")
    node = str(beside) if beside.exists() else shutil.which("node")
    if not node:
        raise ToolError("Node.js is missing, on which cdk8s runs; install it with `make setup`")
    os.environ.setdefault("JSII_NODE", node)
    _leave_out_the_relay()


def _leave_out_the_relay() -> None:
    """Has jsii run its program by itself, without the Node.js that passes messages on to it.

    That saves its start, and a tenth of the time of each call. If jsii's program is not where it is
    in the pinned version, jsii's own way is left.
    """
    jsii = find_spec("jsii")
    program = Path(jsii.origin or "").parent / "_embedded/jsii/lib__program.js" if jsii else None
    if program and program.is_file():
        os.environ.setdefault("JSII_PROGRAM", str(program))
        os.environ.setdefault("JSII_RUNTIME", str(Path(__file__).with_name("jsii_runtime.js")))


def start() -> None:
    """Imports cdk8s and cdk8s-plus, which starts Node.js, once. Raises ToolError as `choose` does.

    Nothing that is imported is ever garbage, so no time is spent on looking for it: not during the
    import, of which it takes a tenth, and not in what was imported later.
    """
    if "cdk8s_plus_28" in sys.modules:
        return
    choose()
    gc.disable()
    import cdk8s_plus_28  # noqa: F401, PLC0415

    gc.freeze()
    gc.enable()

"""The Node.js that cdk8s runs on."""

import os
import shutil
import sys
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

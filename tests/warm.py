"""app.py in a process that has imported cdk8s already, which takes longer than rendering an app.

The process imports nothing of the project. For each run it makes a copy of itself, which imports
the constructs and declarations of the repository that it is told, and ends when app.py does.
"""

import gc
import json
import os
import runpy
import subprocess
import sys
import tempfile
from collections.abc import Mapping, Sequence
from functools import cache
from pathlib import Path
from typing import Any

PROGRAM = ("-O", "app.py")
TOLERATED = {"PYTHONPATH", "PYTHONDONTWRITEBYTECODE", "JSII_NODE"}
"""Variables that such a process can take on; others count from the start of Python."""
OURS = {"railiance", "compiled", "apps"}
ON_NODE = {"cdk8s", "cdk8s_plus_28", "constructs", "jsii"}


class Warm:
    """The process, started when it is first asked."""

    def __init__(self) -> None:
        self._process = subprocess.Popen(
            [sys.executable, "-O", "-m", __name__],
            cwd=Path(__file__).parent.parent,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
        )

    def run(
        self, arguments: Sequence[str], folder: Path, environment: Mapping[str, str]
    ) -> tuple[int, str, str]:
        """The exit code, standard output and standard error of app.py in a repository."""
        pipes = self._process.stdin, self._process.stdout
        assert pipes[0]
        assert pipes[1]
        with tempfile.TemporaryDirectory() as printed:
            files = [Path(printed, name) for name in ("out", "err")]
            asked = {
                "arguments": list(arguments),
                "folder": str(folder),
                "environment": dict(environment),
                "printed": [str(file) for file in files],
            }
            pipes[0].write(json.dumps(asked).encode() + b"\n")
            pipes[0].flush()
            code = int(pipes[1].readline())
            out, err = (file.read_text() for file in files)
        return code, out, err


@cache
def warm() -> Warm:
    """One for all tests of this process."""
    return Warm()


def takes(arguments: Sequence[str | Path], variables: Mapping[str, str]) -> bool:
    """Whether this is a run of app.py that does not depend on how Python starts."""
    is_app = tuple(map(str, arguments[:3])) == (sys.executable, *PROGRAM)
    return is_app and variables.keys() <= TOLERATED


def _serve() -> None:
    from railiance import node  # noqa: PLC0415

    node.start()
    for name in [name for name in sys.modules if name.partition(".")[0] in OURS]:
        del sys.modules[name]
    gc.freeze()
    for line in sys.stdin:
        child = os.fork()
        if not child:
            _run(json.loads(line))
        _, status = os.waitpid(child, 0)
        print(os.waitstatus_to_exitcode(status), flush=True)


def _run(asked: Mapping[str, Any]) -> None:
    """Becomes app.py; never returns."""
    for descriptor, file in zip((1, 2), asked["printed"], strict=True):
        os.dup2(os.open(file, os.O_WRONLY | os.O_CREAT), descriptor)
    os.dup2(os.open(os.devnull, os.O_RDONLY), 0)
    os.chdir(asked["folder"])
    os.environ.clear()
    os.environ.update(asked["environment"])
    sys.dont_write_bytecode = bool(os.environ.get("PYTHONDONTWRITEBYTECODE"))
    paths = os.environ.get("PYTHONPATH", "").split(os.pathsep)
    sys.path[:0] = [asked["folder"], *filter(None, paths)]
    sys.argv = ["app.py", *asked["arguments"]]
    if not Path(os.environ.get("JSII_NODE", sys.executable)).exists():
        _take_node_away()
    code: Any = 1
    try:
        runpy.run_path("app.py", run_name="__main__")
    except SystemExit as ended:
        code = ended.code
    except BaseException:  # noqa: BLE001 (shown as Python shows it)
        sys.excepthook(*sys.exc_info())
    sys.stdout.flush()
    sys.stderr.flush()
    os._exit(code if isinstance(code, int) else 0)


def _take_node_away() -> None:
    """Has whatever runs on Node.js fail to be imported, as it does where Node.js is not found."""
    for name in [name for name in sys.modules if name.partition(".")[0] in ON_NODE]:
        del sys.modules[name]
    sys.modules["jsii"] = None  # type: ignore[assignment]


if __name__ == "__main__":
    _serve()

"""A real OCI registry, in memory, on a free port of this machine."""

import re
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager

from tests.conftest import ROOT


@contextmanager
def serving() -> Iterator[str]:
    """The address of a registry that runs meanwhile."""
    with subprocess.Popen(
        [ROOT / ".tools/bin/registry", "-port", "0"], stderr=subprocess.PIPE, text=True
    ) as process:
        try:
            assert process.stderr
            port = re.search(r"port ([0-9]+)", process.stderr.readline())
            assert port
            yield f"http://127.0.0.1:{port[1]}"
        finally:
            process.terminate()

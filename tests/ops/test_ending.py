"""How the operator's tool ends."""

import subprocess
import sys

STUCK = """
import atexit, os, sys, time
from ops.cli import program
from ops.host.threads import begin
atexit.register(os.abort)
begin(lambda: time.sleep(60))
sys.argv[1:] = ["no-such-verb"]
program()
"""
"""A thread waits for an answer, and Python's clean-up crashes."""


def test_clean_up_that_crashes_changes_no_exit_code() -> None:
    ended = subprocess.run(
        (sys.executable, "-c", STUCK), capture_output=True, text=True, check=False, timeout=30
    )
    assert (ended.returncode, "No such command" in ended.stderr) == (2, True)

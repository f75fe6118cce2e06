"""Starts, finds and ends the processes of a local cluster.

Every process, including forked children, has the cluster's folder in its
environment. That is how they are found: it survives a SIGKILL of the process that
started them, needs no file, and never matches an unrelated process with a reused
process ID. Linux only.
"""

from __future__ import annotations

import os
import select
import signal
import subprocess
import time
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from box.errors import ProcessesLeftError

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

MARK_BOX = "RAILIANCE_BOX"
MARK_COMPONENT = "RAILIANCE_BOX_COMPONENT"
PROC = Path("/proc")
ENDS_WITHIN_SECONDS = 10.0


@dataclass(frozen=True)
class Process:
    """One process of a local cluster; a leader is the component itself, not its child."""

    pid: int
    component: str
    is_leader: bool

    @property
    def memory_bytes(self) -> int:
        """Resident memory of the process and its children; 0 once it has exited."""
        return sum(memory_bytes(pid) for pid in (self.pid, *children(self.pid)))


def memory_bytes(pid: int) -> int:
    """Resident memory of a process; 0 once it has exited."""
    try:
        pages = int((PROC / str(pid) / "statm").read_text().split()[1])
    except OSError:
        return 0
    return pages * os.sysconf("SC_PAGE_SIZE")


def children(pid: int) -> list[int]:
    """The child processes of a process; empty once it has exited."""
    try:
        return [int(child) for child in (PROC / f"{pid}/task/{pid}/children").read_text().split()]
    except OSError:
        return []


def command_name(pid: int) -> str:
    """The name of a process's program; empty once it has exited."""
    try:
        return (PROC / str(pid) / "comm").read_text().strip()
    except OSError:
        return ""


def start(
    component: str,
    argv: Sequence[str],
    *,
    box: Path,
    log: Path,
    environment: Mapping[str, str],
) -> subprocess.Popen[bytes]:
    """Start a component in a new session, so that terminal signals do not reach it."""
    marked = {**environment, **marks(box, component)}
    with log.open("ab") as output:
        return subprocess.Popen(  # noqa: S603 - argv comes from this project
            argv,
            cwd=box,
            env=marked,
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=subprocess.STDOUT,
            start_new_session=True,
        )


def marks(box: Path, component: str) -> dict[str, str]:
    """The environment variables that identify a process of a local cluster."""
    return {MARK_BOX: str(box), MARK_COMPONENT: component}


def of_box(box: Path) -> list[Process]:
    """Every running process of a local cluster."""
    return [process for pid in pids() if (process := identify(pid, box)) is not None]


def leaders(box: Path) -> dict[str, Process]:
    """The running components, by name."""
    return {process.component: process for process in of_box(box) if process.is_leader}


def end_all(box: Path, timeout_seconds: float = 20.0) -> int:
    """Kill every process of a local cluster and return how many there were.

    No process needs a graceful shutdown. One pass may miss a child that is just
    being forked, so it repeats until no process is left. Raises
    ProcessesLeftError if there still is one after the timeout.
    """
    ended: set[int] = set()
    deadline = time.monotonic() + timeout_seconds
    while living := of_box(box):
        for process in living:
            kill(process, box)
            ended.add(process.pid)
        if time.monotonic() > deadline:
            left = [f"{process.component} ({process.pid})" for process in living]
            raise ProcessesLeftError(left, box, timeout_seconds)
        time.sleep(0.02)
    return len(ended)


def kill(process: Process, box: Path) -> None:
    """Kill exactly this process, even if its ID is reused meanwhile, and wait for its exit.

    Its /proc entry disappears before its ports are released; only the pidfd shows the exit.
    """
    try:
        handle = os.pidfd_open(process.pid)
    except ProcessLookupError:
        return
    try:
        # The pidfd refers to this process only, so the process checked here gets the signal.
        if identify(process.pid, box) is not None:
            signal.pidfd_send_signal(handle, signal.SIGKILL)
            select.select([handle], [], [], ENDS_WITHIN_SECONDS)
    except ProcessLookupError:
        pass
    finally:
        os.close(handle)


def identify(pid: int, box: Path) -> Process | None:
    """The process if it belongs to this local cluster; None if not, or if it has exited."""
    try:
        block = (PROC / str(pid) / "environ").read_bytes()
        is_leader = os.getsid(pid) == pid
    except (PermissionError, FileNotFoundError, ProcessLookupError):
        return None
    marks = dict(entry.split("=", 1) for entry in os.fsdecode(block).split("\0") if "=" in entry)
    if marks.get(MARK_BOX) != str(box):
        return None
    return Process(pid, marks.get(MARK_COMPONENT, "?"), is_leader)


def pids() -> Iterator[int]:
    """The ids of all processes."""
    return (int(entry.name) for entry in PROC.iterdir() if entry.name.isdigit())

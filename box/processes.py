"""The processes of a box: started, found and ended.

Every process of a box, and every child it forks, carries the box's folder in
its environment. That is what finds them again: it survives a kill -9 of
whoever started them, needs no file, and never mistakes a stranger that was
given a recycled process id. Linux only, like the rest of the box.
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
    """One process of a box; a leader is the component itself, not its child."""

    pid: int
    component: str
    is_leader: bool

    @property
    def memory_bytes(self) -> int:
        """How much memory it and its children hold; 0 once it has ended."""
        return sum(memory_bytes(pid) for pid in (self.pid, *children(self.pid)))


def memory_bytes(pid: int) -> int:
    """How much memory a process holds; 0 once it has ended."""
    try:
        pages = int((PROC / str(pid) / "statm").read_text().split()[1])
    except OSError:
        return 0
    return pages * os.sysconf("SC_PAGE_SIZE")


def children(pid: int) -> list[int]:
    """The processes that a process has forked; none once it has ended."""
    try:
        return [int(child) for child in (PROC / f"{pid}/task/{pid}/children").read_text().split()]
    except OSError:
        return []


def command_name(pid: int) -> str:
    """The program that a process runs; empty once it has ended."""
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
    """Start a component in a session of its own, so that no terminal signal reaches it."""
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
    """What a process of a box carries in its environment, which finds it again."""
    return {MARK_BOX: str(box), MARK_COMPONENT: component}


def of_box(box: Path) -> list[Process]:
    """Every living process of a box."""
    return [process for pid in pids() if (process := identify(pid, box)) is not None]


def leaders(box: Path) -> dict[str, Process]:
    """The components that run, by name."""
    return {process.component: process for process in of_box(box) if process.is_leader}


def end_all(box: Path, timeout_seconds: float = 20.0) -> int:
    """Kill every process of a box and return how many there were.

    Nothing in a box is worth a graceful end. One pass may miss a child that is
    just being forked, so it looks again until there is none. Raises
    ProcessesLeftError if there still is one in the end.
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
    """End exactly this process, even if its id is reused meanwhile, and wait until it has.

    It leaves /proc's view of it before it lets go of its ports; only the handle tells the end.
    """
    try:
        handle = os.pidfd_open(process.pid)
    except ProcessLookupError:
        return
    try:
        # The handle pins the process: what is read now is what gets the signal.
        if identify(process.pid, box) is not None:
            signal.pidfd_send_signal(handle, signal.SIGKILL)
            select.select([handle], [], [], ENDS_WITHIN_SECONDS)
    except ProcessLookupError:
        pass
    finally:
        os.close(handle)


def identify(pid: int, box: Path) -> Process | None:
    """The process as one of this box, or None: a stranger, a zombie, or gone."""
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

"""Errors of a local cluster.

BoxError
├── CompilerMissingError      there is no Go compiler
├── DiskFullError             too little disk space to build or to run
├── NameRefusedError          a name that is not allowed
├── PortTakenError            another process listens on a component's port
├── ComponentDiedError        a component exited while it was starting
├── ComponentSilentError      a component runs but does not become ready
├── ComponentUnknownError     a local cluster does not have this component
├── BoxDownError              a local cluster must run but does not
├── ProcessesLeftError        processes survive being killed
└── …                         errors of one part are defined there: box.node, box.images,
                              box.platform, box.debian, box.poll

A program that is run to completion and fails raises ops.errors.CommandError.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from ops.errors import OpsError

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

LOG_TAIL_LINES = 15


class BoxError(OpsError):
    """States what failed, on which object, and the command that fixes it."""

    def __init__(self, what: str, fix: str) -> None:
        super().__init__(f"{what}\n  fix: {fix}")


class CompilerMissingError(BoxError):
    """Go, which the local cluster is built with, is missing."""

    def __init__(self, expected: Path) -> None:
        super().__init__(f"no Go compiler at {expected}", "make setup")


class DiskFullError(BoxError):
    """The file system under a folder has too little room."""

    def __init__(self, folder: Path, free_bytes: int, needed_bytes: int) -> None:
        free, needed = (f"{size / 2**30:.1f} GiB" for size in (free_bytes, needed_bytes))
        super().__init__(
            f"{folder}: {free} free, {needed} needed",
            "free space there, or set TMPDIR, GOCACHE or GOMODCACHE to another folder",
        )


class NameRefusedError(BoxError):
    """A name becomes part of a path, so only plain characters are allowed."""

    def __init__(self, name: str) -> None:
        super().__init__(
            f"local cluster name {name!r}: use only a to z, 0 to 9 and hyphens, at most 30",
            "make box-up",
        )


class PortTakenError(BoxError):
    """A component's port is in use by a process outside the local cluster."""

    def __init__(self, component: str, port: int, name: str) -> None:
        super().__init__(
            f"{component}: port {port} is in use by a process outside the local cluster",
            f"make box-down BOX={name}, then make box-up BOX={name}: it picks free ports",
        )


class ComponentDiedError(BoxError):
    """A component exited before it was ready; its log says why."""

    def __init__(self, component: str, log: Path, name: str) -> None:
        super().__init__(
            f"{component} exited while starting; the end of {log}:\n{indent(tail_of(log))}",
            f"make box-down BOX={name}, then make box-up BOX={name}",
        )


class ComponentSilentError(BoxError):
    """A component is running, but does not answer in time."""

    def __init__(self, component: str, log: Path, timeout_seconds: float, name: str) -> None:
        super().__init__(
            f"{component} is not ready after {timeout_seconds:.0f} s; "
            f"the end of {log}:\n{indent(tail_of(log))}",
            f"make box-down BOX={name}, then make box-up BOX={name}",
        )


class ComponentUnknownError(BoxError):
    """The named component does not exist in the local cluster."""

    def __init__(self, component: str, known: Sequence[str], name: str) -> None:
        super().__init__(
            f"local cluster {name!r} has no {component}; it has {', '.join(known)}",
            f"name one of these, or run make box-up BOX={name} NODE=real for a real node's",
        )


class BoxDownError(BoxError):
    """The command needs a local cluster that is running."""

    def __init__(self, name: str) -> None:
        super().__init__(f"local cluster {name!r} is not running", f"make box-up BOX={name}")


class ProcessesLeftError(BoxError):
    """Processes of a local cluster still exist after they were killed."""

    def __init__(self, processes: Sequence[str], box: Path, timeout_seconds: float) -> None:
        super().__init__(
            f"still running {timeout_seconds:.0f} s after SIGKILL: {', '.join(processes)}",
            f"run make box-down again once they are gone; {box} is kept until then",
        )


def tail(text: str) -> str:
    """The last lines of a program's output."""
    return "\n".join(text.rstrip().splitlines()[-LOG_TAIL_LINES:])


def tail_of(log: Path) -> str:
    """The last lines of a log, or the reason why there are none."""
    try:
        return tail(log.read_text(errors="replace")) or "(empty)"
    except OSError as error:
        return f"({error.strerror})"


def indent(text: str) -> str:
    """Mark quoted output, to distinguish it from the message."""
    return "\n".join(f"  | {line}" for line in text.splitlines())

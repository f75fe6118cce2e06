"""What can go wrong with a box.

BoxError
├── CompilerMissingError      there is no Go to build with
├── DiskFullError             too little room to build or to run
├── NameRefusedError          a name that cannot name a folder
├── PortTakenError            somebody else listens where a component must
├── ComponentDiedError        a component ended while it was starting
├── ComponentSilentError      a component runs but does not become ready
├── ComponentUnknownError     a component that a box does not have
├── BoxDownError              a box that must run does not
├── ProcessesLeftError        processes of a box outlive being killed
└── …                         what one part alone can meet stands in that part: box.node,
                              box.images, box.platform, box.debian, box.poll

A program that is run to its end and fails is ops.errors.CommandError.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from ops.errors import OpsError

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

LOG_TAIL_LINES = 15


class BoxError(OpsError):
    """Says what failed, on which object, and the command that mends it."""

    def __init__(self, what: str, mend: str) -> None:
        super().__init__(f"{what}\n  mend: {mend}")


class CompilerMissingError(BoxError):
    """The box is built from source, and Go is not there."""

    def __init__(self, expected: Path) -> None:
        super().__init__(f"no Go compiler at {expected}", "make setup")


class DiskFullError(BoxError):
    """The file system under a folder has too little room."""

    def __init__(self, folder: Path, free_bytes: int, needed_bytes: int) -> None:
        free, needed = (f"{size / 2**30:.1f} GiB" for size in (free_bytes, needed_bytes))
        super().__init__(
            f"{folder}: {free} free, {needed} needed",
            "make room there, or name another folder by TMPDIR, GOCACHE or GOMODCACHE",
        )


class NameRefusedError(BoxError):
    """A box's name becomes part of a path, so it is kept plain."""

    def __init__(self, name: str) -> None:
        super().__init__(
            f"box name {name!r}: only a to z, 0 to 9 and hyphens, at most 30",
            "make box-up",
        )


class PortTakenError(BoxError):
    """A component's port is in use by a process that is not of this box."""

    def __init__(self, component: str, port: int, name: str) -> None:
        super().__init__(
            f"{component}: port {port} is taken by a process outside the box",
            f"make box-down BOX={name}, then make box-up BOX={name}: it picks free ports",
        )


class ComponentDiedError(BoxError):
    """A component ended before it was ready; its log says why."""

    def __init__(self, component: str, log: Path, name: str) -> None:
        super().__init__(
            f"{component} ended while starting; the end of {log}:\n{indent(tail_of(log))}",
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
    """A component is named that the box does not have."""

    def __init__(self, component: str, known: Sequence[str], name: str) -> None:
        super().__init__(
            f"box {name!r} has no {component}; it has {', '.join(known)}",
            f"name one of these, or make box-up BOX={name} NODE=real for a real node's",
        )


class BoxDownError(BoxError):
    """Something is asked of a box that is not up."""

    def __init__(self, name: str) -> None:
        super().__init__(f"box {name!r} is not up", f"make box-up BOX={name}")


class ProcessesLeftError(BoxError):
    """Processes of a box were killed, and are still there."""

    def __init__(self, processes: Sequence[str], box: Path, timeout_seconds: float) -> None:
        super().__init__(
            f"still there, {timeout_seconds:.0f} s after being killed: {', '.join(processes)}",
            f"once they are gone, make box-down again: {box} is kept until then",
        )


def tail(text: str) -> str:
    """The last lines of a program's output."""
    return "\n".join(text.rstrip().splitlines()[-LOG_TAIL_LINES:])


def tail_of(log: Path) -> str:
    """The last lines of a log, or a word on why there are none."""
    try:
        return tail(log.read_text(errors="replace")) or "(empty)"
    except OSError as error:
        return f"({error.strerror})"


def indent(text: str) -> str:
    """Set quoted output apart from what the box itself says."""
    return "\n".join(f"  | {line}" for line in text.splitlines())

"""The namespaces of a node, and the process that holds them."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from box import processes, programs
from box.errors import BoxDownError

if TYPE_CHECKING:
    from box.folder import Folder
    from box.processes import Process

HOLDER = "node"
HOLD = Path(__file__).with_name("hold.sh")


@dataclass(frozen=True)
class Namespace:
    """Network, mount and PID namespaces of a local cluster's node."""

    folder: Folder

    @property
    def command(self) -> tuple[str, ...]:
        """The command that creates the namespaces and holds them until it exits."""
        apart = ("--net", "--mount", "--pid", "--fork", "--kill-child", "--mount-proc")
        return ("unshare", *apart, str(HOLD), str(programs.path("pause")))

    @property
    def holder(self) -> Process:
        """The process that holds them."""
        try:
            return processes.leaders(self.folder.root)[HOLDER]
        except KeyError as error:
            raise BoxDownError(self.folder.name) from error

    def enter(self) -> tuple[str, ...]:
        """The prefix of a command that runs inside the namespaces."""
        own = Path("/proc", str(self.holder.pid), "ns")
        return (
            "nsenter",
            f"--net={own / 'net'}",
            f"--mount={own / 'mnt'}",
            f"--pid={own / 'pid_for_children'}",
            # From outside, only the waiting nsenter of such a program is visible, so the program
            # must end with it.
            "setpriv",
            "--pdeathsig=KILL",
        )

    def path(self, inside: str) -> Path:
        """The path from outside of a file on the node."""
        return Path("/proc", str(self.holder.pid), "root", inside.lstrip("/"))

    def is_held(self) -> bool:
        """Whether hold.sh has set up the namespaces."""
        process = processes.leaders(self.folder.root).get(HOLDER)
        if process is None:
            return False
        return "pause" in map(processes.command_name, processes.children(process.pid))

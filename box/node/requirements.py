"""Checks the machine's requirements for a real node, before anything is started."""

from __future__ import annotations

import os
import platform
import shutil
from pathlib import Path

from box import folder
from box.errors import BoxError
from box.node import cgroups
from box.node.packages import environment
from ops.errors import CommandError
from ops.host.command import Command

PROGRAMS = {
    "unshare": "util-linux",
    "nsenter": "util-linux",
    "setpriv": "util-linux",
    "mount": "mount",
    "findmnt": "util-linux",
    "ip": "iproute2",
    "apt-get": "apt",
    "dpkg-deb": "dpkg",
}
"""Programs of the machine that set up a node, and their Debian packages."""
CONTROLLERS = ("cpu", "cpuset", "memory", "pids")
# Kernel features that kube-proxy and netpol use, tried in a temporary network namespace.
TRIAL = """\
set -e
mount --types tmpfs tmpfs /run
mkdir /run/low /run/up /run/work
mount --types overlay --options lowerdir=/run/low,upperdir=/run/up,workdir=/run/work overlay /mnt
ip link add box-trial type veth peer name box-trial-peer
exec "$0" -f -
"""
RULES = """\
table inet trial {
  map targets { type ipv4_addr : verdict; }
  chain forward { type filter hook forward priority 0; ct state established accept; }
  chain nat { type nat hook prerouting priority -100; ip daddr vmap @targets; }
  chain leave { type nat hook postrouting priority 100; mark and 0x4000 == 0x4000 masquerade; }
  chain refuse { reject; }
  chain pick { numgen random mod 2 vmap { 0 : drop, 1 : goto refuse }; }
}
"""


class NodeRefusedError(BoxError):
    """The machine or the local cluster cannot have a real node."""

    def __init__(
        self, why: str, fix: str = "make box-up, without NODE, for control-plane mode"
    ) -> None:
        super().__init__(f"a real node {why}", fix)


def require() -> None:
    """Raise NodeRefusedError unless a node can be started on this machine."""
    require_linux_and_root()
    require_programs()
    require_controllers()
    require_file_system(folder.parent())


def require_linux_and_root() -> None:
    """Linux namespaces, and the privilege to create them."""
    system, machine = platform.system(), platform.machine()
    if (system, machine) != ("Linux", "x86_64"):
        raise NodeRefusedError(f"runs on Linux on x86_64 only; this is {system} on {machine}")
    if os.geteuid() != 0:
        raise NodeRefusedError(
            "needs root, because it creates namespaces, mounts and cgroups",
            "sudo make box-up NODE=real, or make box-up: control-plane mode needs no root",
        )


def require_programs() -> None:
    """The machine's programs."""
    missing = [name for name in PROGRAMS if shutil.which(name) is None]
    if missing:
        packages = " ".join(sorted({PROGRAMS[name] for name in missing}))
        raise NodeRefusedError(f"needs {', '.join(missing)}", f"apt-get install {packages}")


def require_controllers() -> None:
    """Cgroups, version 1 or 2, that this process may change."""
    if cgroups.is_unified():
        found = set((cgroups.ROOT / "cgroup.controllers").read_text().split())
    else:
        found = {path.name for path in cgroups.hierarchies()}
    absent = [name for name in CONTROLLERS if name not in found]
    if absent:
        raise NodeRefusedError(
            f"needs the cgroup controllers {', '.join(absent)} in {cgroups.ROOT}"
        )
    if not os.access(cgroups.ROOT, os.W_OK):
        raise NodeRefusedError(f"needs to write to {cgroups.ROOT}, which is read-only here")


def require_file_system(parent: Path) -> None:
    """A file system that supports the layers of containers."""
    if file_system(parent) == "overlay":
        raise NodeRefusedError(
            f"cannot keep containers in {parent}, which is itself on an overlay file system",
            "TMPDIR=/another/folder make box-up NODE=real",
        )


def file_system(path: Path) -> str:
    """The type of file system that a folder is on."""
    command = ["findmnt", "--noheadings", "--output=FSTYPE", "--target", str(path)]
    return Command(command, "install util-linux").run().strip()


def try_kernel(packages: Path) -> None:
    """Raise NodeRefusedError unless the kernel supports what containers and Services need."""
    apart = ("unshare", "--net", "--mount", "--pid", "--fork", "--mount-proc")
    try:
        Command(
            [*apart, "sh", "-c", TRIAL, packages / "usr/sbin/nft"],
            "install util-linux",
            environment={**os.environ, **environment(packages)},
            stdin=RULES.encode(),
        ).run()
    except CommandError as error:
        raise NodeRefusedError(
            f"needs namespaces, overlay, veth and nftables of the kernel: {error}"
        ) from error

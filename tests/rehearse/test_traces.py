"""A box with a real node leaves nothing behind, whenever it is killed."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import time
from pathlib import Path
from typing import TYPE_CHECKING, cast

import pytest

from box import folder, processes
from box.command import kubectl
from box.folder import Folder
from box.lifecycle import Box
from box.node import cgroups, network
from box.node.namespace import HOLDER
from box.node.network import Network
from tests.orphans import remove_orphans

if TYPE_CHECKING:
    from collections.abc import Iterator

WHERE_THINGS_STAY = ("/etc", "/mnt", "/opt", "/run", "/usr/libexec", "/var/lib", "/var/log")
OWN_BOX = "traces-"
FURNISHES = "installing CoreDNS and local-path-provisioner"
A_MOMENT_SECONDS = 0.3
KERNEL_SETTINGS = (
    "vm/overcommit_memory",
    "kernel/panic",
    "kernel/panic_on_oops",
    "net/ipv4/ip_forward",
)


@pytest.fixture
def spare() -> Iterator[Box]:
    remove_orphans(OWN_BOX)
    box = Box(f"{OWN_BOX}{os.getpid()}", real_node=True)
    try:
        yield box
    finally:
        box.down()


def traces(name: str) -> dict[str, set[str]]:
    """What of this machine a node could have changed, but for the nodes of other boxes."""
    others = [
        Network(cast("int", number))
        for found in folder.existing()
        if found.name != name and (number := found.read_settings().get("network")) is not None
    ]
    return {
        "mounts": set(Path("/proc/mounts").read_text().splitlines()),
        "links": {link for link in links() if link not in {n.link for n in others}},
        "routes": {str(r) for r in network.routes() if not any(n.has(r) for n in others)},
        "control groups": {
            str(branch)
            for hierarchy in cgroups.hierarchies()
            if (branch := hierarchy / cgroups.name(Folder(name))).exists()
        },
        "files": {str(p) for place in WHERE_THINGS_STAY for p in Path(place).glob("*")},
        "processes": {p.name for p in Path("/proc").glob("[0-9]*") if name in command(p)}
        | {str(process.pid) for process in processes.of_box(Folder(name).root)},
        "settings": {f"{n}={Path('/proc/sys', n).read_text()}" for n in KERNEL_SETTINGS},
    }


def links() -> Iterator[str]:
    """The machine's ends of the links to nodes and the like."""
    for line in network.ip("-oneline", "link", "show", "type", "veth").splitlines():
        yield line.split(": ")[1].partition("@")[0]


def command(process: Path) -> str:
    """How a process was called."""
    try:
        return (process / "cmdline").read_text(errors="replace")
    except OSError:
        return ""


@pytest.mark.rehearsal(117, "a box with a real node leaves nothing behind, killed at any moment")
@pytest.mark.parametrize(
    "step", [HOLDER, "kube-apiserver", "installing CRDs", "kubelet", FURNISHES]
)
def test_killed_while_starting(spare: Box, step: str) -> None:
    before = traces(spare.name)
    kill_at(step, spare)
    assert traces(spare.name) != before
    spare.down()
    assert traces(spare.name) == before


@pytest.mark.rehearsal(117, "what a killed start has left undone, the next one does")
def test_started_again(spare: Box) -> None:
    kill_at(FURNISHES, spare)
    spare.up()
    pods = json.loads(kubectl(spare.kubeconfig, "get", "pods", "-A", "--output=json"))["items"]
    assert {pod["status"]["phase"] for pod in pods} == {"Running"}


def kill_at(step: str, spare: Box) -> None:
    """Bring a box up, and kill that shortly after it has said that it does this."""
    arguments = [sys.executable, "-m", "box", "up", "--node", "--name", spare.name]
    with subprocess.Popen(arguments, stderr=subprocess.PIPE, text=True) as up:
        assert up.stderr
        assert any(step in line for line in up.stderr), "it has not come so far"
        time.sleep(A_MOMENT_SECONDS)
        up.kill()


@pytest.mark.rehearsal(118, "boxes with a real node stand side by side, each gone without a trace")
def test_side_by_side(box: Box, spare: Box) -> None:
    before = traces(spare.name)
    spare.up()
    assert spare.network != box.network
    assert all(component.ready for component in (*box.status(), *spare.status()))
    assert traces(spare.name) != before
    spare.down()
    assert traces(spare.name) == before
    assert all(component.ready for component in box.status())

"""The box itself: up, up again, side by side, broken, and gone without a trace."""

from __future__ import annotations

import dataclasses
import json
import os
import signal
import socket
from typing import TYPE_CHECKING

import pytest

from box import __main__ as command_line
from box import folder, lifecycle, processes, programs
from box.components.delivery import githost
from box.errors import CompilerMissingError, ComponentDiedError, DiskFullError, PortTakenError
from box.lifecycle import Box

if TYPE_CHECKING:
    from collections.abc import Iterator


@pytest.fixture
def spare() -> Iterator[Box]:
    box = Box(f"spare-{os.getpid()}")
    try:
        yield box
    finally:
        box.down()


def pids_of(box: Box) -> dict[str, int | None]:
    return {component.name: component.pid for component in box.status()}


def test_boxes_stand_side_by_side_and_leave_nothing(box: Box, spare: Box) -> None:
    spare.up()
    started = pids_of(spare)
    spare.up()
    assert pids_of(spare) == started, "a second up started something"
    assert set(spare.layout.ports.values()).isdisjoint(box.layout.ports.values())
    assert all(component.ready for component in (*box.status(), *spare.status()))

    os.kill(processes.leaders(spare.folder.root)["etcd"].pid, signal.SIGKILL)
    spare.down()
    assert not spare.folder.root.exists()
    assert processes.of_box(spare.folder.root) == []
    assert all(component.ready for component in box.status()), "down ended another box's process"


def test_up_brings_back_what_was_killed(box: Box) -> None:
    before = pids_of(box)
    for component in ("redis", "kwok", "argocd-repo-server"):
        box.kill(component)
    box.up()
    after = pids_of(box)
    changed = {name for name, pid in after.items() if pid != before[name]}
    assert changed == {"redis", "kwok", "argocd-repo-server"}


def test_restart_takes_what_the_box_has(box: Box, capsys: pytest.CaptureFixture[str]) -> None:
    before = pids_of(box)
    assert command_line.main(["restart", "--name", box.name]) == 1
    assert "has no containerd; it has etcd, kube-apiserver" in capsys.readouterr().err
    assert pids_of(box) == before
    box.kill("githost")
    box.restart(["githost", "redis"])
    changed = {name for name, pid in pids_of(box).items() if pid != before[name]}
    assert changed == {"githost", "redis"}


def test_taken_port_is_named(box: Box) -> None:
    box.kill("redis")
    address = ("127.0.0.1", box.layout.ports["redis"])
    with socket.create_server(address), pytest.raises(PortTakenError, match="redis"):
        box.up()
    box.up()


def test_component_that_dies_shows_the_end_of_its_log(box: Box) -> None:
    box.kill("githost")
    broken = dataclasses.replace(githost(box.layout), arguments=("-no-such-flag",))
    with pytest.raises(ComponentDiedError, match="no-such-flag"):
        box.start([broken], set())
    box.up()


def test_full_disk_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(lifecycle, "RUN_BYTES", 2**62)
    with pytest.raises(DiskFullError, match="free"):
        lifecycle.require_room()


def test_missing_compiler_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("sys.executable", "/nonexistent/bin/python")
    with pytest.raises(CompilerMissingError, match="make setup"):
        programs.go("version", module="standins")


def test_command_line_says_what_is_wrong_without_a_traceback(
    capsys: pytest.CaptureFixture[str],
) -> None:
    assert command_line.main(["up", "--name", "Not A Name"]) == 1
    assert "local cluster name 'Not A Name'" in capsys.readouterr().err


def test_status_is_readable_by_machines(box: Box, capsys: pytest.CaptureFixture[str]) -> None:
    assert command_line.main(["status", "--name", box.name, "--json"]) == 0
    components = json.loads(capsys.readouterr().out)
    assert "argocd-repo-server" in {c["name"] for c in components}
    assert {c["name"] for c in components} == {c.name for c in box.components()}


def test_box_that_is_not_there_is_not_ready() -> None:
    assert command_line.main(["status", "--name", "nobody-made-this"]) == 1
    assert command_line.main(["down", "--name", "nobody-made-this"]) == 0


def test_killed_process_is_never_mistaken_for_another() -> None:
    stranger = folder.Folder("nobody-made-this").root
    assert processes.identify(os.getpid(), stranger) is None

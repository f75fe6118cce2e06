"""Where there can be no real node, a sentence says why before anything is started."""

from __future__ import annotations

import os
import platform
import shutil
from typing import TYPE_CHECKING

import pytest

from box import __main__ as command_line
from box import folder
from box.node import cgroups, network, requirements

if TYPE_CHECKING:
    from pathlib import Path

NAME = "refused"


@pytest.fixture(autouse=True)
def no_box(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(folder, "parent", lambda: tmp_path)


def refusal(capsys: pytest.CaptureFixture[str], *arguments: str) -> str:
    """What is said of a box that is to have a real node; nothing of it may be there."""
    assert command_line.main(["up", "--name", NAME, *arguments]) == 1
    return capsys.readouterr().err


def test_without_root(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    monkeypatch.setattr(os, "geteuid", lambda: 1000)
    said = refusal(capsys, "--node")
    assert "needs root" in said
    assert "sudo make box-up NODE=real" in said
    assert not folder.Folder(NAME).root.exists()


def test_elsewhere_than_on_linux(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(platform, "system", lambda: "Darwin")
    assert "Linux on x86_64 only; this is Darwin" in refusal(capsys, "--node")


def test_without_a_program(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(os, "geteuid", lambda: 0)
    monkeypatch.setattr(shutil, "which", lambda name: None if name == "ip" else name)
    said = refusal(capsys, "--node")
    assert "needs ip" in said
    assert "apt-get install iproute2" in said


def test_without_control_groups(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    monkeypatch.setattr(os, "geteuid", lambda: 0)
    monkeypatch.setattr(shutil, "which", lambda name: name)
    (tmp_path / "cgroup.controllers").write_text("cpu io\n")
    monkeypatch.setattr(cgroups, "ROOT", tmp_path)
    assert "needs the cgroup controllers cpuset, memory, pids" in refusal(capsys, "--node")


def test_on_an_overlay(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(requirements, "file_system", lambda _: "overlay")
    with pytest.raises(requirements.NodeRefusedError, match="TMPDIR=/another/folder"):
        requirements.require_file_system(folder.parent())


def test_in_a_box_whose_pods_are_played(capsys: pytest.CaptureFixture[str]) -> None:
    box = folder.Folder(NAME)
    box.create()
    box.write_settings({"ports": {}, "attached": False, "network": None})
    said = refusal(capsys, "--node")
    assert "cannot replace the simulated node" in said
    assert f"make box-down BOX={NAME}" in said


def test_with_every_address_taken(monkeypatch: pytest.MonkeyPatch) -> None:
    everywhere = '[{"dst": "default"}, {"dst": "10.0.0.0/8"}]'
    monkeypatch.setattr(network, "ip", lambda *_, **__: everywhere)
    with pytest.raises(network.NoNetworkError, match="routes to all of them"):
        network.choose([])


def test_addresses_of_others_are_left_to_them(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(network, "ip", lambda *_, **__: '[{"dst": "10.42.1.7"}]')
    assert network.choose([0]) == network.Network(2)

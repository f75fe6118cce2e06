"""What a killed Argo CD leaves in memory: the files of the local cluster alone are removed."""

import json
from pathlib import Path

import pytest

from box import left_over


def kubeconfig(authority: str) -> str:
    cluster = {"server": "https://127.0.0.1:1", "certificate-authority-data": authority}
    return json.dumps({"clusters": [{"name": "box", "cluster": cluster}]})


def test_only_this_clusters_files_are_removed(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    memory = tmp_path / "memory"
    memory.mkdir()
    monkeypatch.setattr(left_over, "MEMORY", memory)
    own = tmp_path / "kubeconfig"
    own.write_text(kubeconfig("b3du"))
    (memory / "1021087481").write_text("certificate-authority-data: b3du\n")
    kept = {"2": "certificate-authority-data: b3RoZXI=\n", "named": "b3du", "3": "b3du" * 20_000}
    for name, text in kept.items():
        (memory / name).write_text(text)
    (memory / "4").symlink_to(own)
    left_over.remove_kubeconfigs(own)
    assert {file.name for file in memory.iterdir()} == {*kept, "4"}
    left_over.remove_kubeconfigs(tmp_path / "none")
    assert {file.name for file in memory.iterdir()} == {*kept, "4"}

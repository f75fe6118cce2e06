"""What is rendered may be missing, empty or misshapen: each verb then says so."""

from collections.abc import Callable
from pathlib import Path

import pytest
import yaml

from ops import cli
from tests import frozen
from tests.conftest import ROOT, copy
from tests.runner import ops_here

DIST = "dist/vergabe-teilnahme.k8s.yaml"
VERBS = (("image", "show"), ("secrets", "check"), ("smoke", "--resolve=127.0.0.1"))


@pytest.fixture
def repository(tmp_path: Path) -> Path:
    """Only what is rendered, and the gate's tools."""
    folder = copy(("dist", "argocd"), tmp_path, frozen.FOLDER)
    for name in (".tools", "imports"):
        (folder / name).symlink_to(ROOT / name)
    return folder


def misshapen(folder: Path) -> str:
    documents = list(yaml.load_all((folder / DIST).read_text(), yaml.CSafeLoader))
    for document in documents:
        if document["kind"] == "Deployment":
            document["spec"] = "text"
    (folder / DIST).write_text(yaml.dump_all(documents, Dumper=yaml.CSafeDumper))
    return "does not match the schema of its kind"


def empty(folder: Path) -> str:
    (folder / DIST).unlink()
    return "dist/ contains no app; run `make synth`"


def elsewhere(folder: Path) -> str:
    (folder / "argocd").rename(folder / "other")
    return "run `make synth`, in the folder of the repository"


def no_text(folder: Path) -> str:
    (folder / DIST).write_bytes(b"\xff\xfe\x00")
    return f"{DIST}:1: "


@pytest.mark.parametrize("verb", VERBS, ids=" ".join)
@pytest.mark.parametrize("spoil", [misshapen, empty, elsewhere, no_text])
def test_what_is_rendered_wrongly_is_named(
    repository: Path, verb: tuple[str, ...], spoil: Callable[[Path], str]
) -> None:
    sentence = spoil(repository)
    answer = ops_here(*verb, folder=repository, variables={"KUBECONFIG": "/nowhere"})
    assert answer.returncode == 1
    assert answer.stderr.startswith("error: ")
    assert sentence in answer.stderr


def test_fault_of_the_tools_own_is_not_blamed_on_what_is_rendered(
    repository: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(cli, "cli", lambda: None)
    with pytest.raises(TypeError):
        ops_here("status", folder=repository, variables={})

"""Every check finds its own defect, and nothing else does."""

import shutil
from pathlib import Path

import pytest
import yaml

from ops.gate.policy import CHECKS
from ops.gate.run import Result, run
from tests.conftest import ROOT
from tests.gate.defects import DEFECTS, Change, Documents, apply

FILES = ("dist", "argocd")


def load(folder: Path) -> Documents:
    return {
        f"{name}/{file.name}": list(yaml.load_all(file.read_text(), yaml.CSafeLoader))
        for name in FILES
        for file in sorted((folder / name).iterdir())
    }


def gate(folder: Path) -> Result:
    return run([folder / name for name in FILES], ROOT, whole_repository=False)


@pytest.fixture
def damaged(two_apps: Path, tmp_path: Path) -> Path:
    shutil.copytree(two_apps, tmp_path / "copy")
    return tmp_path / "copy"


def damage(folder: Path, changes: list[Change]) -> None:
    documents = load(folder)
    apply(changes, documents)
    write(folder, documents)


def write(folder: Path, documents: Documents) -> None:
    for name, content in documents.items():
        (folder / name).write_text(yaml.dump_all(content, Dumper=yaml.CSafeDumper, sort_keys=False))


def test_two_apps_side_by_side_pass(two_apps: Path) -> None:
    result = gate(two_apps)
    assert result.findings == []
    assert len(result.manifests) == 27


@pytest.mark.parametrize(
    ("check", "changes"),
    [(check, changes) for (check, _), changes in DEFECTS.items()],
    ids=[f"{check} {defect}" for check, defect in DEFECTS],
)
def test_defect_is_found_by_its_own_check(damaged: Path, check: str, changes: list[Change]) -> None:
    damage(damaged, changes)
    found = gate(damaged).findings
    assert {finding.id for finding in found} == {check}, "\n".join(map(str, found))
    for finding in found:
        assert finding.message
        assert finding.hint
        assert finding.subject
        assert finding.line >= 1
        assert "geheim" not in str(finding)


def test_every_check_has_a_defect() -> None:
    assert {check for check, _ in DEFECTS} == set(CHECKS)


def test_silenced_check_is_listed_with_its_reason(damaged: Path) -> None:
    changes = DEFECTS["pods.E008", "the old pod ends first"]
    damage(damaged, changes)
    documents = load(damaged)
    deployment = next(d for d in documents["dist/notizen.k8s.yaml"] if d["kind"] == "Deployment")
    deployment["metadata"]["annotations"]["silence.railiance.io/pods.E008"] = "one visitor only"
    write(damaged, documents)
    result = gate(damaged)
    assert result.passed
    assert [(s.finding.id, s.reason) for s in result.silenced] == [
        ("pods.E008", "one visitor only")
    ]

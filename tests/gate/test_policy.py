"""Every check finds its own defect, and nothing else does."""

import shutil
from pathlib import Path
from typing import Any

import pytest
import yaml

from ops import manifests
from ops.gate import policy, schemas
from ops.gate.finding import Finding
from ops.gate.inventory import Inventory
from ops.gate.policy import CHECKS
from ops.gate.run import Result, run
from ops.platform import Platform, root_application
from tests.conftest import ROOT
from tests.gate.defects import DEFECTS, Change, Documents, Set, apply

FILES = ("dist", "argocd")

# One worker for all of them, for what takes time is found once for all.
pytestmark = pytest.mark.xdist_group("policy")


def load(folder: Path) -> Documents:
    return {
        f"{name}/{file.name}": list(yaml.load_all(file.read_text(), yaml.CSafeLoader))
        for name in FILES
        for file in sorted((folder / name).iterdir())
    }


def gate(folder: Path, frozen_repository: Path) -> Result:
    return run([folder / name for name in FILES], frozen_repository, whole_repository=False)


def damage(folder: Path, changes: list[Change]) -> Path:
    documents = load(folder)
    apply(changes, documents)
    for name, content in documents.items():
        text = yaml.dump_all(content, Dumper=yaml.CSafeDumper, sort_keys=False)
        (folder / name).write_text(text)
    return folder


@pytest.fixture
def damaged(two_apps: Path, tmp_path: Path) -> Path:
    """A rendering of its own, to be damaged."""
    return shutil.copytree(two_apps, tmp_path / "copy")


Found = dict[tuple[str, str], list[Finding]]


@pytest.fixture(scope="module")
def found(two_apps: Path, tmp_path_factory: pytest.TempPathFactory) -> Found:
    """What the gate finds of each defect: kubeconform once for all, the policy for each."""
    folder = tmp_path_factory.mktemp("defects")
    copies = {
        defect: damage(shutil.copytree(two_apps, folder / str(number)), changes)
        for number, (defect, changes) in enumerate(DEFECTS.items())
    }
    platform = Platform(root_application(two_apps))
    answers = schemas.validate(manifests.files_in([folder]), platform["kubernetes-version"], ROOT)
    return {defect: _find(copy, answers, platform) for defect, copy in copies.items()}


def _find(copy: Path, answers: list[dict[str, Any]], platform: Platform) -> list[Finding]:
    files = manifests.files_in([copy])
    read = [manifest for file in files for manifest in manifests.read(file)]
    names = {str(file) for file in files}
    about = [answer for answer in answers if answer["filename"] in names]
    invalid, valid = schemas.judge(about, read)
    return invalid + policy.run(Inventory(read, valid, platform))[0]


def test_two_apps_side_by_side_pass(two_apps: Path, frozen_repository: Path) -> None:
    result = gate(two_apps, frozen_repository)
    assert result.findings == []
    assert len(result.manifests) == 28


@pytest.mark.parametrize("defect", DEFECTS, ids=" ".join)
def test_defect_is_found_by_its_own_check(found: Found, defect: tuple[str, str]) -> None:
    findings = found[defect]
    assert {finding.id for finding in findings} == {defect[0]}, "\n".join(map(str, findings))
    for finding in findings:
        assert finding.message
        assert finding.hint
        assert finding.subject
        assert finding.line >= 1
        assert "geheim" not in str(finding)


def test_every_check_has_a_defect() -> None:
    assert {check for check, _ in DEFECTS} == set(CHECKS)


def test_silenced_check_is_listed_with_its_reason(damaged: Path, frozen_repository: Path) -> None:
    reason = Set(
        "Deployment",
        "metadata/annotations/silence.railiance.io~pods.E008",
        "one visitor only, who knows",
    )
    changes = [*DEFECTS["pods.E008", "the old pod ends first"], reason]
    result = gate(damage(damaged, changes), frozen_repository)
    assert result.passed
    assert [(s.finding.id, s.reason) for s in result.silenced] == [
        ("pods.E008", "one visitor only, who knows")
    ]

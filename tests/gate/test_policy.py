"""Every check finds its own defect, and nothing else does."""

import json
import shutil
from collections.abc import Callable
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
from ops.manifests import Manifest
from ops.platform import Platform, root_application
from tests.conftest import ROOT
from tests.gate.defects import DEFECTS, SILENCE, Change, Documents, Set, apply

FILES = ("dist", "argocd")
Damaged = Callable[[list[Change]], Path]


def load(folder: Path) -> Documents:
    return {
        f"{name}/{file.name}": list(yaml.load_all(file.read_text(), yaml.CSafeLoader))
        for name in FILES
        for file in sorted((folder / name).iterdir())
    }


def gate(folder: Path, frozen_repository: Path) -> Result:
    return run([folder / name for name in FILES], frozen_repository, whole_repository=False)


def damage(original: Documents, changes: list[Change], folder: Path) -> list[str]:
    """Writes the files that the changes change, and names them; JSON is YAML, written fast."""
    documents: Documents = json.loads(json.dumps(original))
    apply(changes, documents)
    changed = [name for name in documents if documents[name] != original[name]]
    for name in changed:
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        lines = [f"---\n{json.dumps(document)}\n" for document in documents[name]]
        (folder / name).write_text("".join(lines))
    return changed


@pytest.fixture(scope="module")
def documents(two_apps: Path) -> Documents:
    return load(two_apps)


@pytest.fixture
def damaged(two_apps: Path, documents: Documents, tmp_path: Path) -> Damaged:
    """A rendering of its own, damaged by some changes."""

    def copy(changes: list[Change]) -> Path:
        folder = shutil.copytree(two_apps, tmp_path / "copy")
        damage(documents, changes, folder)
        return folder

    return copy


Found = dict[tuple[str, str], list[Finding]]


@pytest.fixture(scope="module")
def found(two_apps: Path, documents: Documents, tmp_path_factory: pytest.TempPathFactory) -> Found:
    """What the gate finds of each defect: kubeconform once for all, the policy for each.

    What a defect leaves as it is, is read and validated once.
    """
    folder = tmp_path_factory.mktemp("defects")
    changed = {
        defect: {
            name: folder / str(number) / name
            for name in damage(documents, changes, folder / str(number))
        }
        for number, (defect, changes) in enumerate(DEFECTS.items())
    }
    intact = {name: two_apps / name for name in documents}
    platform = Platform(root_application(two_apps))
    files = [*intact.values(), *manifests.files_in([folder])]
    answers = schemas.validate(files, platform["kubernetes-version"], ROOT)
    read = {file: list(manifests.read(file)) for file in files}
    return {
        defect: _find(
            [m for file in {**intact, **new}.values() for m in read[file]], answers, platform
        )
        for defect, new in changed.items()
    }


def _find(read: list[Manifest], answers: list[dict[str, Any]], platform: Platform) -> list[Finding]:
    names = {str(manifest.file) for manifest in read}
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


def test_silenced_check_is_listed_with_its_reason(
    damaged: Damaged, frozen_repository: Path
) -> None:
    reason = Set(
        "Deployment",
        "metadata/annotations/silence.railiance.io~pods.E008",
        "one visitor only, who knows",
    )
    changes = [*DEFECTS["pods.E008", "the old pod ends first"], reason]
    result = gate(damaged(changes), frozen_repository)
    assert result.passed
    assert [(s.finding.id, s.reason) for s in result.silenced] == [
        ("pods.E008", "one visitor only, who knows")
    ]


SLOWLY = Set("Deployment", "spec/minReadySeconds", 10)
WHY = "new pods prove themselves first"
E001, E005 = (f"metadata/annotations/{SILENCE}.{number}" for number in ("E001", "E005"))


def test_unknown_field_is_reported_with_the_annotation_that_accepts_it(
    damaged: Damaged, frozen_repository: Path
) -> None:
    (finding,) = gate(damaged([SLOWLY]), frozen_repository).findings
    assert (finding.id, finding.message) == ("shape.E001", "sets spec.minReadySeconds")
    wanted = 'silence.railiance.io/shape.E001: "spec.minReadySeconds: REASON"'
    assert finding.hint.endswith(f"annotate the object with {wanted}")


def test_accepted_field_passes_and_is_listed(damaged: Damaged, frozen_repository: Path) -> None:
    accepted = Set("Deployment", E001, f"spec.minReadySeconds: {WHY}")
    result = gate(damaged([SLOWLY, accepted]), frozen_repository)
    assert result.passed, result.findings
    assert [(s.finding.message, s.reason) for s in result.silenced] == [
        ("sets spec.minReadySeconds", f"spec.minReadySeconds: {WHY}")
    ]


def test_two_fields_are_accepted_by_name(damaged: Damaged, frozen_repository: Path) -> None:
    paused = Set("Deployment", "spec/paused", value=False)
    both = Set("Deployment", E001, f"spec.minReadySeconds, spec.paused: {WHY}")
    assert gate(damaged([SLOWLY, paused, both]), frozen_repository).passed


NOT_ACCEPTED = {
    "another field": [SLOWLY, Set("Deployment", E001, f"spec.paused: {WHY}")],
    "no field": [SLOWLY, Set("Deployment", E001, WHY)],
    "no reason": [SLOWLY, Set("Deployment", E001, "spec.minReadySeconds: so")],
    "a field of an Application": [
        *DEFECTS["shape.E001", "a second source"],
        Set("Application", E001, f"spec.sources: {WHY}"),
    ],
    "a field of a Database": [
        *DEFECTS["shape.E001", "another role's schema"],
        Set("Database", E001, f"spec.schemas.name, spec.schemas.owner, spec.schemas: {WHY}"),
    ],
    "a field of a security context": [
        *DEFECTS["shape.E001", "capabilities added"],
        Set(
            "Deployment",
            E001,
            f"spec.template.spec.containers.securityContext.capabilities.add: {WHY}",
        ),
    ],
}


@pytest.mark.parametrize("changes", NOT_ACCEPTED.values(), ids=NOT_ACCEPTED)
def test_field_is_not_accepted_by(
    damaged: Damaged, frozen_repository: Path, changes: list[Change]
) -> None:
    result = gate(damaged(changes), frozen_repository)
    assert "shape.E001" in {finding.id for finding in result.findings}
    assert not result.silenced


def test_accepted_kind_passes_and_is_listed(damaged: Damaged, frozen_repository: Path) -> None:
    accepted = Set("PodDisruptionBudget", E005, "a drain leaves one pod")
    changes = [*DEFECTS["shape.E005", "a kind that nothing knows"], accepted]
    result = gate(damaged(changes), frozen_repository)
    assert result.passed, result.findings
    assert [s.finding.id for s in result.silenced] == ["shape.E005"]

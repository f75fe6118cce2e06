"""Every check finds its own defect, and nothing else does."""

import json
import shutil
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import pytest
import yaml

from ops.documents import manifest_files
from ops.documents.manifest import Manifest
from ops.documents.platform import platform_of, root_application
from ops.gate import api_server, policy, schemas
from ops.gate.finding import Finding
from ops.gate.inspection import Result, run
from ops.gate.inventory import Inventory
from ops.gate.policy import CHECKS
from railiance.annotations import PLATFORM_FACT
from tests import frozen
from tests.conftest import ROOT, equipped, frozen_copy, rendered
from tests.gate.defects import DEFECTS, SILENCE, WAVE, Change, Documents, Set, added, apply
from tests.gate.reference_defects import REFERENCE_DEFECTS
from tests.gate.role_defects import ROLE_DEFECTS
from tests.gate.value_defects import VALUE_DEFECTS
from tests.made_up import NOTIZEN, WERKSTATT, WITH_VALKEY

FILES = ("dist", "argocd")
Damaged = Callable[[list[Change]], Path]


def load(folder: Path) -> Documents:
    return {
        f"{name}/{file.name}": list(yaml.load_all(file.read_text(), yaml.CSafeLoader))
        for name in FILES
        for file in sorted((folder / name).iterdir())
    }


def gate(folder: Path, repository: Path) -> Result:
    return run([folder / name for name in FILES], repository, whole_repository=False)


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
def fleet(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """dist/ and argocd/ of the frozen app and of two made-up ones."""
    apps = [*frozen.APPS, NOTIZEN, WERKSTATT]
    return rendered(apps, tmp_path_factory.mktemp("fleet"), platform=WITH_VALKEY)


@pytest.fixture(scope="module")
def repository(fleet: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A repository whose root Application states the platform of these apps."""
    folder = equipped(frozen_copy(tmp_path_factory.mktemp("repository")))
    shutil.copy(fleet / "argocd/root.yaml", folder / "argocd/root.yaml")
    return folder


@pytest.fixture(scope="module")
def documents(fleet: Path) -> Documents:
    return load(fleet)


@pytest.fixture
def damaged(fleet: Path, documents: Documents, tmp_path: Path) -> Damaged:
    """A rendering of its own, damaged by some changes."""

    def copy(changes: list[Change]) -> Path:
        folder = shutil.copytree(fleet, tmp_path / "copy")
        damage(documents, changes, folder)
        return folder

    return copy


Found = dict[tuple[str, str], list[Finding]]


@pytest.fixture(scope="module")
def found(
    fleet: Path, two_apps_with_roles: Path, tmp_path_factory: pytest.TempPathFactory
) -> Found:
    """What the gate finds of each defect."""
    folders = [tmp_path_factory.mktemp("defects") for _ in range(2)]
    return {
        **_findings(fleet, {**DEFECTS, **VALUE_DEFECTS, **REFERENCE_DEFECTS}, folders[0]),
        **_findings(two_apps_with_roles, ROLE_DEFECTS, folders[1]),
    }


def _findings(
    rendering: Path, defects: Mapping[tuple[str, str], list[Change]], folder: Path
) -> Found:
    """What the gate finds of each defect: kubeconform once for all, the policy for each.

    What a defect leaves as it is, is read and validated once.
    """
    documents = load(rendering)
    changed = {
        defect: {
            name: folder / str(number) / name
            for name in damage(documents, changes, folder / str(number))
        }
        for number, (defect, changes) in enumerate(defects.items())
    }
    intact = {name: rendering / name for name in documents}
    platform = platform_of(root_application(rendering))
    files = [*intact.values(), *manifest_files.files_in([folder])]
    answers = schemas.validate(files, platform.kubernetes_version, ROOT)
    read = {file: list(manifest_files.read(file)) for file in files}
    every = [manifest for manifests in read.values() for manifest in manifests]
    refused = api_server.refusals(every, platform.kubernetes_version, ROOT)
    refusals = {id(m): found for m, found in zip(every, refused, strict=True)}
    return {
        defect: _find(
            [m for file in {**intact, **new}.values() for m in read[file]],
            answers,
            refusals,
        )
        for defect, new in changed.items()
    }


def _find(
    read: list[Manifest],
    answers: list[dict[str, Any]],
    refusals: dict[int, list[Finding]],
) -> list[Finding]:
    (root,) = (m for m in read if any(key.startswith(PLATFORM_FACT) for key in m.annotations))
    names = {str(manifest.file) for manifest in read}
    about = [answer for answer in answers if answer["filename"] in names]
    invalid, valid = schemas.judge(about, read)
    refused = [finding for manifest in valid for finding in refusals[id(manifest)]]
    return invalid + refused + policy.run(Inventory(read, valid, platform_of(root)))[0]


def test_apps_side_by_side_pass(fleet: Path, repository: Path) -> None:
    result = gate(fleet, repository)
    assert result.findings == []
    assert len(result.manifests) == 61


def test_two_apps_with_their_roles_pass(two_apps_with_roles: Path, tmp_path: Path) -> None:
    repository = equipped(frozen_copy(tmp_path))
    shutil.copytree(two_apps_with_roles, repository, dirs_exist_ok=True)
    result = gate(repository, repository)
    assert result.findings == []
    roles = [manifest.name for manifest in result.manifests if manifest.kind == "DatabaseRole"]
    assert roles == ["notizen", "vergabe"]


@pytest.mark.parametrize(
    "defect", [*DEFECTS, *VALUE_DEFECTS, *REFERENCE_DEFECTS, *ROLE_DEFECTS], ids=" ".join
)
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
    assert {
        check for check, _ in (*DEFECTS, *VALUE_DEFECTS, *REFERENCE_DEFECTS, *ROLE_DEFECTS)
    } == set(CHECKS)


def test_silenced_check_is_listed_with_its_reason(damaged: Damaged, repository: Path) -> None:
    reason = Set(
        "Deployment",
        "metadata/annotations/silence.railiance.io~pods.E008",
        "one visitor only, who knows",
    )
    changes = [*DEFECTS["pods.E008", "the old pod ends first"], reason]
    result = gate(damaged(changes), repository)
    assert result.passed
    assert [(s.finding.id, s.reason) for s in result.silenced] == [
        ("pods.E008", "one visitor only, who knows")
    ]


SLOWLY = Set("Deployment", "spec/minReadySeconds", 10)
WHY = "new pods prove themselves first"
E001, E005 = (f"metadata/annotations/{SILENCE}.{number}" for number in ("E001", "E005"))


def test_unknown_field_is_reported_with_the_annotation_that_accepts_it(
    damaged: Damaged, repository: Path
) -> None:
    (finding,) = gate(damaged([SLOWLY]), repository).findings
    assert (finding.id, finding.message) == ("shape.E001", "sets spec.minReadySeconds")
    wanted = 'silence.railiance.io/shape.E001: "spec.minReadySeconds: REASON"'
    assert finding.hint.endswith(f"annotate the object with {wanted}")


def test_accepted_field_passes_and_is_listed(damaged: Damaged, repository: Path) -> None:
    accepted = Set("Deployment", E001, f"spec.minReadySeconds: {WHY}")
    result = gate(damaged([SLOWLY, accepted]), repository)
    assert result.passed, result.findings
    assert [(s.finding.message, s.reason) for s in result.silenced] == [
        ("sets spec.minReadySeconds", f"spec.minReadySeconds: {WHY}")
    ]


def test_two_fields_are_accepted_by_name(damaged: Damaged, repository: Path) -> None:
    paused = Set("Deployment", "spec/paused", value=False)
    both = Set("Deployment", E001, f"spec.minReadySeconds, spec.paused: {WHY}")
    assert gate(damaged([SLOWLY, paused, both]), repository).passed


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
    damaged: Damaged, repository: Path, changes: list[Change]
) -> None:
    result = gate(damaged(changes), repository)
    assert "shape.E001" in {finding.id for finding in result.findings}
    assert not result.silenced


def test_accepted_kind_passes_and_is_listed(damaged: Damaged, repository: Path) -> None:
    accepted = Set("PodDisruptionBudget", E005, "a drain leaves one pod")
    changes = [*DEFECTS["shape.E005", "a kind that nothing knows"], accepted]
    result = gate(damaged(changes), repository)
    assert result.passed, result.findings
    assert [s.finding.id for s in result.silenced] == ["shape.E005"]


POD: dict[str, Any] = {
    "hostNetwork": True,
    "containers": [
        {
            "name": "nightly",
            "image": "docker.io/library/notizen:v1",
            "env": [{"name": "DEBUG", "value": "1"}, {"name": "SECRET_TOKEN", "value": "x"}],
        }
    ],
}
FOUND_IN_POD = {
    *("exposure.E006", "image.E001", "image.E004", "image.E005", "pods.E004", "pods.E005"),
    *("pods.E006", "pods.E007", "pods.E010", "pods.E011", "secrets.E002", "settings.E001"),
    "settings.E003",
}
DEPLOYMENT_ALONE = {"image.E003", "settings.E002"}
WEB_ALONE = {"pods.E001", "pods.E008", "settings.E004", "settings.E005", "sync.E012"}
LABELS = {"app.kubernetes.io/name": "notizen"}


def workload(kind: str, pod: dict[str, Any]) -> list[Change]:
    """One more object with pods of a kind, which the app's project allows."""
    template = {"metadata": {"labels": LABELS}, "spec": pod}
    spec: dict[str, Any]
    if kind == "CronJob":
        job: dict[str, Any] = {"template": {**template, "spec": {**pod, "restartPolicy": "Never"}}}
        job["activeDeadlineSeconds"] = 60
        spec = {"schedule": "10 3 * * *", "jobTemplate": {"spec": job}}
        spec["startingDeadlineSeconds"] = 60
        ignored = Set(kind, "metadata/annotations/argocd.argoproj.io~ignore-healthcheck", "true")
        return [*added("batch/v1", kind, {"spec": spec}), ignored]
    spec = {"selector": {"matchLabels": LABELS}, "template": template}
    if kind == "StatefulSet":
        spec["serviceName"] = "notizen"
    return added("apps/v1", kind, {"spec": spec})


WAVES = {"CronJob": "5", "StatefulSet": "0"}


@pytest.mark.parametrize("kind", ["Deployment", "CronJob", "StatefulSet"])
def test_every_pod_check_applies_to_every_kind_with_pods(
    damaged: Damaged, repository: Path, kind: str
) -> None:
    changes = [*workload(kind, POD), Set(kind, WAVE, WAVES[kind])] if kind != "Deployment" else None
    folder = damaged(changes or workload(kind, POD)[:1])
    findings = gate(folder, repository).findings
    found = {f.id for f in findings if f.subject == f"{kind} notizen/more"}
    assert found - WEB_ALONE - DEPLOYMENT_ALONE - {"sync.E004"} == FOUND_IN_POD


@pytest.mark.parametrize("kind", ["CronJob", "StatefulSet"])
def test_object_with_pods_like_those_that_are_rendered_passes(
    damaged: Damaged, documents: Documents, repository: Path, kind: str
) -> None:
    (job,) = (d for d in documents["dist/notizen.k8s.yaml"] if d["kind"] == "Job")
    pod = job["spec"]["template"]["spec"]
    if kind == "StatefulSet":
        pod = {**pod, "restartPolicy": "Always"}
    result = gate(damaged([*workload(kind, pod), Set(kind, WAVE, WAVES[kind])]), repository)
    assert result.findings == []

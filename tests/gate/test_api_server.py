"""What the schemas allow and the API server refuses, the gate refuses in the API server's words."""

import copy
import json
from pathlib import Path
from typing import Any

import pytest

from ops.documents.manifest_files import read
from ops.errors import CommandError
from ops.gate import api_server
from ops.gate.finding import Finding
from ops.gate.inspection import run
from tests import frozen
from tests.conftest import equipped, frozen_copy, rendered
from tests.gate.defects import POD, WEB, Documents, Set, full
from tests.made_up import WERKSTATT, WITH_VALKEY

FILE = "dist/werkstatt.k8s.yaml"
MOUNTS, VOLUMES = f"{WEB}/volumeMounts", f"{POD}/volumes"
CRON_POD = "spec/jobTemplate/spec/template/spec"
BACKEND = "spec/rules/0/http/paths/0"
HOME = {"name": "HOME", "value": "/srv"}
TWICE = {"name": "tmp", "emptyDir": {}}

Case = tuple[str, str, Any, str]
"""A kind, a field of its first object, the value that it gets, and what the gate says of it."""

CASES: dict[str, Case] = {
    "a variable twice": (
        *("Deployment", f"{WEB}/env/0", HOME),
        'containers[name="web"].env: duplicate entries for key [name="HOME"]',
    ),
    "a port twice": (
        *("Deployment", f"{WEB}/ports/1", {"name": "again", "containerPort": 8000}),
        "duplicate entries for key [containerPort=8000",
    ),
    "a port's name twice": (
        *("Deployment", f"{WEB}/ports/1", {"name": "http", "containerPort": 8001}),
        'ports[name="http"].name: Duplicate value: "http"',
    ),
    "no surge and none unavailable": (
        *("Deployment", "spec/strategy/rollingUpdate/maxSurge", 0),
        "may not be 0 when `maxSurge` is 0",
    ),
    "a request above its limit": (
        *("Deployment", f"{WEB}/resources/requests/memory", "4Gi"),
        'Invalid value: "4Gi": must be less than or equal to memory limit of 512Mi',
    ),
    "a quantity with a blank": (
        *("Deployment", f"{WEB}/resources/limits/memory", "1 Gi"),
        "quantities must match the regular expression",
    ),
    "a mount without a volume": (
        *("Deployment", f"{MOUNTS}/0/name", "static"),
        'volumeMounts[name="static"].name: there is no volume "static"',
    ),
    "two volumes at one place": (
        *("Deployment", f"{MOUNTS}/1/mountPath", "/tmp"),  # noqa: S108 (a folder in the pod)
        "duplicate entries for key",
    ),
    "a volume twice": (
        *("Deployment", f"{VOLUMES}/1", TWICE),
        'volumes: duplicate entries for key [name="tmp"]',
    ),
    "a mount that leaves its volume": (
        *("Deployment", f"{MOUNTS}/3/subPath", "../site.cfg"),
        "must not contain '..'",
    ),
    "a selector of other pods": (
        *("Deployment", "spec/selector/matchLabels/app.kubernetes.io~component", "frontend"),
        "`selector` does not match template `labels`",
    ),
    "a label with a blank": (
        *("Deployment", "metadata/labels/app.kubernetes.io~part-of", "our notes"),
        "metadata.labels: Invalid value",
    ),
    "a container's name in capitals": (
        *("Deployment", f"{WEB}/name", "Web"),
        "a lowercase RFC 1123 label must consist of",
    ),
    "a pull policy that does not exist": (
        *("Deployment", f"{WEB}/imagePullPolicy", "Sometimes"),
        'Unsupported value: "Sometimes": supported values: "Always", "IfNotPresent", "Never"',
    ),
    "a variable's name with an equals sign": (
        *("Deployment", f"{WEB}/env/0/name", "A=B"),
        "Invalid value",
    ),
    "pods that are not restarted": (
        *("Deployment", f"{POD}/restartPolicy", "Never"),
        'restartPolicy: Unsupported value: "Never": supported values: "Always"',
    ),
    "a liveness probe that must succeed twice": (
        *("Deployment", f"{WEB}/livenessProbe/successThreshold", 2),
        "must be 1",
    ),
    "a port above 65535": (
        *("Deployment", f"{WEB}/ports/0/containerPort", 80000),
        "must be between 1 and 65535",
    ),
    "a Service's port without a name": (
        *("Service", "spec/ports/1", {"port": 81, "targetPort": "valkey"}),
        "spec.ports[1].name: Required value",
    ),
    "a host with a capital letter": (
        *("Ingress", "spec/rules/0/host", "Werkstatt.whywhynot.de"),
        "spec.rules[0].host: Invalid value",
    ),
    "a path without a slash": (
        *("Ingress", f"{BACKEND}/path", "static"),
        "must be an absolute path",
    ),
    "a path's type that does not exist": (
        *("Ingress", f"{BACKEND}/pathType", "prefix"),
        "pathType: Unsupported value",
    ),
    "a port by name and by number": (
        *("Ingress", f"{BACKEND}/backend/service/port/number", 80),
        "cannot set both port name & port number",
    ),
    "a policy type that does not exist": (
        *("NetworkPolicy", "spec/policyTypes/0", "ingress"),
        "spec.policyTypes[0]: Unsupported value",
    ),
    "a claim without a size": (
        *("PersistentVolumeClaim", "spec/resources/requests/storage", "0"),
        "must be greater than zero",
    ),
    "an access mode that does not exist": (
        *("PersistentVolumeClaim", "spec/accessModes/0", "ReadWrite"),
        "spec.accessModes: Unsupported value",
    ),
    "a schedule's name that is too long": (
        *("CronJob", "metadata/name", "werkstatt-" + "n" * 43),
        "must be no more than 52 characters",
    ),
    "a time zone that does not exist": (
        *("CronJob", "spec/timeZone", "Europe/Bonn"),
        'spec.timeZone: Invalid value: "Europe/Bonn": unknown time zone Europe/Bonn',
    ),
    "runs that are restarted for ever": (
        *("CronJob", f"{CRON_POD}/restartPolicy", "Always"),
        'restartPolicy: Required value: valid values: "OnFailure", "Never"',
    ),
    "a retry less than none": (
        *("Job", "spec/backoffLimit", -1),
        "spec.backoffLimit: Invalid value",
    ),
    "a key with a blank": (
        *("ConfigMap", "data/site cfg", "x"),
        "a valid config key must consist of",
    ),
    "a database that PostgreSQL needs": (
        *("Database", "spec/name", "postgres"),
        "the name postgres is reserved",
    ),
    "a Middleware's name in capitals": (
        *("Middleware", "metadata/name", "Redirect"),
        "metadata.name: Invalid value",
    ),
}


@pytest.fixture(scope="module")
def werkstatt(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A repository with the app that has everything."""
    folder = equipped(frozen_copy(tmp_path_factory.mktemp("werkstatt")))
    return rendered([*frozen.APPS, WERKSTATT], folder, platform=WITH_VALKEY)


@pytest.fixture(scope="module")
def refused(werkstatt: Path, tmp_path_factory: pytest.TempPathFactory) -> dict[str, list[Finding]]:
    """What one run of the gate finds that the API server refuses, by case."""
    folder = tmp_path_factory.mktemp("cases")
    original = load(werkstatt)
    for name, (kind, path, value, _) in CASES.items():
        changed: Documents = copy.deepcopy(original)
        (change,) = full(kind, path, value)
        assert isinstance(change, Set)
        change.apply(changed)
        (document,) = (d for d in changed[FILE] if d not in original[FILE])
        (folder / f"{name}.yaml").write_text(f"---\n{json.dumps(document)}\n")
    result = run([folder], werkstatt, whole_repository=False)
    found: dict[str, list[Finding]] = {name: [] for name in CASES}
    for finding in result.findings:
        if finding.id == api_server.REFUSED:
            found[finding.file.stem].append(finding)
    return found


def load(folder: Path) -> Documents:
    return {FILE: [manifest.content for manifest in read(folder / FILE)]}


@pytest.mark.parametrize("name", CASES)
def test_what_the_api_server_refuses_is_found(refused: dict[str, list[Finding]], name: str) -> None:
    findings = refused[name]
    assert any(CASES[name][-1] in finding.message for finding in findings), findings
    for finding in findings:
        assert finding.hint
        assert finding.subject.startswith(CASES[name][0])


def test_what_is_rendered_passes(werkstatt: Path) -> None:
    result = run([werkstatt / "dist", werkstatt / "argocd"], werkstatt, whole_repository=False)
    assert result.findings == []


def test_validation_of_another_version_is_an_error(werkstatt: Path) -> None:
    with pytest.raises(CommandError, match=r"no validation of Kubernetes 1\.9: run `make setup`"):
        api_server.refusals([], "1.9", werkstatt)

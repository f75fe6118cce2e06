"""What the parts of an app besides web are rendered to, where the snapshots do not say why."""

import dataclasses
import re
import sys
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
import yaml

from railiance import ConfigurationFile, DataFolder, DjangoApp, Valkey, Worker
from railiance.cron import next_after, words
from tests import frozen
from tests.conftest import ROOT, Run, rendered
from tests.made_up import PLAIN, VALKEY_IMAGE, WERKSTATT, WITH_VALKEY
from tests.runner import ops_here
from tests.synth.conftest import edit

Objects = dict[tuple[str, str], dict[str, Any]]


def objects(folder: Path, app: DjangoApp) -> Objects:
    text = (rendered([app], folder, platform=WITH_VALKEY) / f"dist/{app.name}.k8s.yaml").read_text()
    found = yaml.load_all(text, yaml.CSafeLoader)
    return {(document["kind"], document["metadata"]["name"]): document for document in found}


def pod(document: dict[str, Any]) -> dict[str, Any]:
    return dict(document["spec"]["template"]["spec"])


def test_worker_has_what_web_pods_have(tmp_path: Path) -> None:
    found = objects(tmp_path, WERKSTATT)
    web, mail = found["Deployment", "werkstatt"], found["Deployment", "werkstatt-mail"]
    for same in ("env", "image", "securityContext", "volumeMounts", "workingDir"):
        assert pod(web)["containers"][0][same] == pod(mail)["containers"][0][same]
    for same in ("initContainers", "volumes", "serviceAccountName", "securityContext"):
        assert pod(web)[same] == pod(mail)[same]
    assert "ports" not in pod(mail)["containers"][0]
    assert pod(mail)["terminationGracePeriodSeconds"] >= 300


def test_only_one_beat_runs_at_a_time(tmp_path: Path) -> None:
    beat = objects(tmp_path, WERKSTATT)["Deployment", "werkstatt-beat"]
    assert beat["spec"]["strategy"] == {"type": "Recreate"}
    assert beat["spec"]["replicas"] == 1


def test_changed_file_rolls_every_pod_of_the_app_but_not_valkey(tmp_path: Path) -> None:
    changed = dataclasses.replace(
        WERKSTATT,
        configuration_files=(
            ConfigurationFile(path="/etc/werkstatt/site.cfg", content="[site]\nname = Neu\n"),
        ),
    )
    (tmp_path / "new").mkdir()
    before, after = objects(tmp_path, WERKSTATT), objects(tmp_path / "new", changed)
    rolled = {key for key in before if before[key] != after[key]}
    assert rolled == {
        ("ConfigMap", "werkstatt-files"),
        ("Job", "werkstatt-migrate"),
        ("Deployment", "werkstatt"),
        ("Deployment", "werkstatt-mail"),
        ("Deployment", "werkstatt-beat"),
        ("Deployment", "werkstatt-maintenance"),
        ("CronJob", "werkstatt-nightly"),
    }


def test_files_at_similar_paths_have_keys_of_their_own(tmp_path: Path) -> None:
    paths = ("/etc/a/b", "/etc/a_b", "/etc/a__b")
    files = tuple(ConfigurationFile(path=path, content=path) for path in paths)
    found = objects(tmp_path, dataclasses.replace(PLAIN, configuration_files=files))
    data = found["ConfigMap", "plain-files"]["data"]
    mounts = pod(found["Deployment", "plain"])["containers"][0]["volumeMounts"]
    shown = {mount["mountPath"]: data[mount["subPath"]] for mount in mounts if "subPath" in mount}
    assert shown == {path: path for path in paths}


def test_folder_of_the_migrate_job_is_there_before_it(tmp_path: Path) -> None:
    folder = DataFolder(name="data", path="/srv/data", size="1Gi", in_migrate=True)
    found = objects(tmp_path, dataclasses.replace(PLAIN, data_folders=(folder,)))
    waves = {
        kind: document["metadata"]["annotations"]["argocd.argoproj.io/sync-wave"]
        for (kind, _), document in found.items()
    }
    assert waves["PersistentVolumeClaim"] == waves["Job"]
    assert "data-data" in {v["name"] for v in pod(found["Job", "plain-migrate"])["volumes"]}


@pytest.mark.parametrize(
    ("purpose", "policy"), [("cache", "allkeys-lru"), ("queues", "noeviction")]
)
def test_valkey_keeps_what_is_queued_only(tmp_path: Path, purpose: str, policy: str) -> None:
    valkey = Valkey(purpose=purpose, urls={"REDIS_URL": 0}, memory="64Mi")
    found = objects(tmp_path, dataclasses.replace(PLAIN, valkey=valkey))
    command = pod(found["StatefulSet", "plain-valkey"])["containers"][0]["command"]
    assert command[command.index("--maxmemory") + 1] == str(64 * 1024 * 1024)
    assert command[command.index("--maxmemory-policy") + 1] == policy
    assert (("PersistentVolumeClaim", "plain-valkey") in found) is (purpose == "queues")


def test_value_and_argument_reach_the_process_as_written(tmp_path: Path) -> None:
    changed = dataclasses.replace(
        PLAIN,
        environment={"GREETING": "costs $(PRICE) or $$"},
        workers=(Worker(name="mail", command=("work", "$(HOME)")),),
    )
    found = objects(tmp_path, changed)
    container = pod(found["Deployment", "plain-mail"])["containers"][0]
    values = {variable["name"]: variable.get("value") for variable in container["env"]}
    assert values["GREETING"] == "costs $$(PRICE) or $$$"
    assert container["command"] == ["work", "$$(HOME)"]


@pytest.mark.parametrize(
    ("expression", "expected"),
    [
        ("10 3 * * *", "daily at 03:10"),
        ("*/5 * * * *", "every fifth minute of every hour"),
        ("0 3 * * mon", "at 03:00 on Monday"),
    ],
)
def test_schedule_in_words(expression: str, expected: str) -> None:
    assert words(expression) == expected


def test_next_run_is_in_the_zone_of_the_schedule() -> None:
    evening = datetime(2026, 7, 1, 23, 0, tzinfo=UTC)
    found = next_after("10 3 * * *", "Europe/Berlin", evening)
    assert found.astimezone(UTC) == datetime(2026, 7, 2, 1, 10, tzinfo=UTC)


def test_example_of_the_page_passes_the_gate(repository: Path, run: Run) -> None:
    page = (ROOT / "docs/how-to/workers-and-services.md").read_text()
    (example,) = re.findall(r"```python\n(.*?)```", page, re.DOTALL)
    (repository / "apps/konferenz.py").write_text(example)
    (repository / "apps/konferenz.cfg").write_text("[site]\n")
    edit(
        repository / "apps/__init__.py",
        "from apps.verg",
        "from apps.konferenz import KONFERENZ\nfrom apps.verg",
    )
    edit(repository / "apps/__init__.py", "(VERG", "(KONFERENZ, VERG")
    edit(
        repository / frozen.PLATFORM,
        "reserved_hosts",
        f'valkey_image="{VALKEY_IMAGE}",\n    reserved_hosts',
    )
    answer = run(sys.executable, "-O", "app.py", folder=repository)
    assert answer.returncode == 0, answer.stderr
    gate = ops_here("gate", "dist", "argocd", folder=repository, variables={})
    assert gate.returncode == 0, gate.stdout + gate.stderr
    edit(repository / "apps/konferenz.cfg", "[site]", "[page]")
    answer = run(sys.executable, "-O", "app.py", folder=repository)
    assert "[page]" in (repository / "dist/konferenz.k8s.yaml").read_text()
    (repository / "apps/konferenz.cfg").unlink()
    answer = run(sys.executable, "-O", "app.py", folder=repository)
    assert answer.returncode == 1
    assert "apps/konferenz.py:" in answer.stderr
    assert "konferenz.cfg" in answer.stderr

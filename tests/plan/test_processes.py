"""The plan of an app that uses everything: workers, schedules, Valkey, files, folders and steps."""

import re
import shutil
import subprocess
import tempfile
from collections.abc import Callable
from dataclasses import replace
from html import unescape
from pathlib import Path
from typing import Any

import pytest

from ops.plan.build import plan
from ops.plan.markdown import comment
from ops.plan.model import Plan
from railiance import ConfigurationFile, DataFolder, DjangoApp, Schedule, Worker
from tests.conftest import rendered
from tests.made_up import WERKSTATT, WITH_VALKEY

PlanOf = Callable[..., Plan]
NAME = "werkstatt"
IMAGE = replace(WERKSTATT.image, tag="2026.2", digest="sha256:" + "c" * 64)
MAIL, BEAT = WERKSTATT.workers
(NIGHTLY,) = WERKSTATT.schedules
VALKEY = WERKSTATT.valkey
assert VALKEY
DATA, EXPORT = WERKSTATT.data_folders
CACHE = replace(WERKSTATT, valkey=replace(VALKEY, purpose="cache"))
ALONE = replace(WERKSTATT, workers=(), schedules=(), valkey=None)
"""Without any process besides web and migrate."""


@pytest.fixture(scope="session")
def commits(tmp_path_factory: pytest.TempPathFactory) -> Callable[[DjangoApp | None], Path]:
    """A repository with the first commit of an app, rendered once for all tests."""

    made: dict[str, Path] = {}

    def committed(app: DjangoApp | None) -> Path:
        folder = made.setdefault(repr(app), tmp_path_factory.mktemp("before"))
        if not (folder / ".git").exists():
            git(folder, "init", "--quiet")
            commit(folder, app, "before")
        return folder

    return committed


@pytest.fixture
def plan_of(tmp_path: Path, commits: Callable[[DjangoApp | None], Path]) -> PlanOf:
    """Commits one state of an app after the other, and plans the change."""

    def planned(after: DjangoApp, before: DjangoApp | None = WERKSTATT, message: str = "") -> Plan:
        folder = Path(tempfile.mkdtemp(dir=tmp_path))
        shutil.copytree(commits(before), folder, dirs_exist_ok=True)
        commit(folder, after, f"change\n\n{message}")
        return plan("HEAD~1", "HEAD", folder)

    return planned


def commit(folder: Path, app: DjangoApp | None, message: str) -> None:
    if app:
        rendered([app], folder, platform=WITH_VALKEY)
    git(folder, "add", "--all")
    git(folder, "commit", "--quiet", "--allow-empty", "--message", message)


def git(folder: Path, *arguments: str) -> None:
    identity = ("-c", "user.name=test", "-c", "user.email=test@localhost")
    subprocess.run(["git", *identity, *arguments], cwd=folder, check=True)  # noqa: S607


def with_worker(number: int, **fields: Any) -> DjangoApp:
    workers = list(WERKSTATT.workers)
    workers[number] = replace(workers[number], **fields)
    return replace(WERKSTATT, workers=tuple(workers))


def text_of(found: Plan) -> str:
    """The comment as a reader sees it."""
    return unescape(
        re.sub(r"<br>|\n", " ", re.sub(r"</?(code|details|summary)>", "", comment(found)))
    )


CASES: dict[str, tuple[DjangoApp, dict[str, str], tuple[str, ...]]] = {
    "worker added": (
        replace(WERKSTATT, workers=(*WERKSTATT.workers, Worker(name="slow", command=("rq",)))),
        {"Deployment werkstatt-slow": "created"},
        (),
    ),
    "worker removed": (
        replace(WERKSTATT, workers=(MAIL,)),
        {"Deployment werkstatt-beat": "deleted"},
        ("a task in progress has 65 s to finish",),
    ),
    "command of a worker": (
        with_worker(0, command=("celery", "--app=other", "worker")),
        {"Deployment werkstatt-mail": "pods roll without a gap"},
        (
            "celery --app=werkstatt … → celery --app=other …",
            "the new pods run before the last old one ends",
            "a task in progress has 305 s to finish",
        ),
    ),
    "command of a worker of which only one may run": (
        with_worker(1, command=("celery", "beat")),
        {"Deployment werkstatt-beat": "pods roll with a gap"},
        ("strategy Recreate ends the old pods before new ones start",),
    ),
    "the old pods have the old time": (
        with_worker(0, longest_task_seconds=600),
        {"Deployment werkstatt-mail": "pods roll without a gap"},
        ("a task in progress has 305 s to finish",),
    ),
    "heartbeat removed": (
        with_worker(0, heartbeat=None),
        {"Deployment werkstatt-mail": "pods roll without a gap"},
        ("/srv/cache/alive 60, periodSeconds: 15",),
    ),
    "schedule added": (
        replace(
            WERKSTATT,
            schedules=(NIGHTLY, Schedule(name="hourly", cron="5 * * * *", manage=("clean",))),
        ),
        {"CronJob werkstatt-hourly": "created"},
        ("(Etc/UTC), next 20",),
    ),
    "schedule removed": (
        replace(WERKSTATT, schedules=()),
        {"CronJob werkstatt-nightly": "deleted"},
        ("a run in progress is ended",),
    ),
    "other times": (
        replace(WERKSTATT, schedules=(replace(NIGHTLY, cron="30 4 * * 1"),)),
        {"CronJob werkstatt-nightly": "changes in place"},
        ("daily at 03:10 (Europe/Berlin) → at 04:30 on Monday (Europe/Berlin), next 20",),
    ),
    "configuration file": (
        replace(
            WERKSTATT,
            configuration_files=(
                ConfigurationFile(
                    path="/etc/werkstatt/site.cfg",
                    content="[site]\nname = Werkstatt\ntheme = dark\n",
                ),
            ),
        ),
        {
            "ConfigMap werkstatt-files": "changes in place",
            "Deployment werkstatt": "pods roll without a gap",
        },
        ("data.etc_werkstatt_site.cfg: +theme = dark", "the configuration files change"),
    ),
    "Valkey removed": (
        replace(WERKSTATT, valkey=None),
        {
            "StatefulSet werkstatt-valkey": "data at risk",
            "PersistentVolumeClaim werkstatt-valkey": "nothing happens",
            "Namespace werkstatt": "nothing happens",
        },
        ("what is on its volume stays there", "Prune=false: it stays"),
    ),
    "queues become a cache": (
        CACHE,
        {
            "StatefulSet werkstatt-valkey": "data at risk",
            "PersistentVolumeClaim werkstatt-valkey": "nothing happens",
        },
        ("… --maxmemory-policy noeviction --save",),
    ),
    "memory of queues": (
        replace(WERKSTATT, valkey=replace(VALKEY, memory="256Mi")),
        {"StatefulSet werkstatt-valkey": "pods roll with a gap"},
        ("… --maxmemory 134217728 … → … --maxmemory 268435456 …", "on its volume stays there"),
    ),
    "volume of queues grows": (
        replace(WERKSTATT, valkey=replace(VALKEY, size="2Gi")),
        {"PersistentVolumeClaim werkstatt-valkey": "refused by the API server"},
        (),
    ),
    "folder added": (
        replace(
            WERKSTATT,
            data_folders=(DATA, EXPORT, DataFolder(name="more", path="/srv/more", size="1Gi")),
        ),
        {
            "PersistentVolumeClaim werkstatt-more": "created",
            "Deployment werkstatt": "pods roll without a gap",
        },
        ("volumes[data-more]: absent → persistentVolumeClaim.claimName: werkstatt-more",),
    ),
    "folder for the migrate Job too": (
        replace(WERKSTATT, data_folders=(DATA, replace(EXPORT, in_migrate=True))),
        {
            "PersistentVolumeClaim werkstatt-export": "changes in place",
            "Job werkstatt-migrate": "migrations run",
        },
        ("applies or deletes it at another point of the sync",),
    ),
    "folder of another size": (
        replace(WERKSTATT, data_folders=(DATA, replace(EXPORT, size="2Gi"))),
        {"PersistentVolumeClaim werkstatt-export": "refused by the API server"},
        (),
    ),
    "launcher": (
        replace(WERKSTATT, launcher=("python", "-m", "werkstatt")),
        {
            "Job werkstatt-migrate": "migrations run",
            "CronJob werkstatt-nightly": "changes in place",
        },
        ("werkstatt … → python -m werkstatt …",),
    ),
}


@pytest.mark.parametrize(("after", "effects", "said"), CASES.values(), ids=CASES)
def test_change(
    plan_of: PlanOf, after: DjangoApp, effects: dict[str, str], said: tuple[str, ...]
) -> None:
    found = plan_of(after)
    classed = {f"{c.manifest.kind} {c.manifest.name}": c.effect.words for c in found.changes}
    assert effects.items() <= classed.items()
    assert "unknown: needs review" not in classed.values()
    for sentence in said:
        assert sentence in text_of(found)


def test_cache_is_lost_when_its_pod_ends(plan_of: PlanOf) -> None:
    assert CACHE.valkey
    larger = replace(CACHE, valkey=replace(CACHE.valkey, memory="256Mi"))
    found = plan_of(larger, CACHE)
    assert found.passed
    assert "what it holds in memory, such as a cache, is lost" in text_of(found)


def test_image_is_one_line_however_many_processes(plan_of: PlanOf) -> None:
    text = text_of(plan_of(replace(WERKSTATT, image=IMAGE)))
    assert text.count("2026.2") == 1
    places = (
        "in Job werkstatt-migrate, Deployment werkstatt, Deployment werkstatt-mail, "
        "Deployment werkstatt-beat, Deployment werkstatt-maintenance, CronJob werkstatt-nightly"
    )
    assert places in text


def test_folder_removed_is_acknowledged_once(plan_of: PlanOf) -> None:
    without = replace(WERKSTATT, data_folders=(DATA,))
    found = plan_of(without)
    assert len([c for c in found.changes if c.effect.words == "data at risk"]) == 4
    (trailer,) = found.unacknowledged
    assert trailer == "Acknowledge-Data-Risk: Deployment werkstatt/werkstatt"
    assert plan_of(without, message=trailer).passed


def test_first_process_narrows_who_is_reached(plan_of: PlanOf) -> None:
    found = plan_of(replace(ALONE, workers=(MAIL,)), ALONE)
    exposed = {c.manifest.name: c for c in found.changes if c.effect.words == "exposure changes"}
    assert {"werkstatt", "werkstatt-internal"} <= exposed.keys()
    assert "are denied, unless a policy allows them; app.kubernetes.io/name=werkstatt" in text_of(
        found
    )


def test_upgrade_step_alone_starts_no_sync(plan_of: PlanOf) -> None:
    found = plan_of(replace(WERKSTATT, upgrade_steps=(*WERKSTATT.upgrade_steps, ("warm",))))
    assert found.unacknowledged == ["Acknowledge-Hook: Job werkstatt/werkstatt-migrate"]
    assert "absent → /opt/venv/bin/python -c … werkstatt warm" in text_of(found)


def test_sync_waits_for_workers_and_valkey_and_for_no_schedule(plan_of: PlanOf) -> None:
    (steps,) = (app.steps for app in plan_of(replace(WERKSTATT, image=IMAGE)).apps)
    waited = {(step.wave, step.kind, step.name) for step in steps if str(step.action) == "wait"}
    assert waited >= {
        (-2, "StatefulSet", "werkstatt-valkey"),
        (-1, "Job", "werkstatt-migrate"),
        (0, "Deployment", "werkstatt"),
        (0, "Deployment", "werkstatt-mail"),
        (0, "Deployment", "werkstatt-beat"),
    }
    assert "CronJob" not in {kind for _, kind, _ in waited}
    assert steps[-1].kind == "CronJob"


SCREEN = 50
"""So many characters of inline code fit a phone."""


@pytest.mark.parametrize("before", [None, WERKSTATT, ALONE], ids=["install", "image", "all of it"])
def test_comment_fits_a_phone(plan_of: PlanOf, before: DjangoApp | None) -> None:
    text = comment(plan_of(replace(WERKSTATT, image=IMAGE), before))
    folded = re.compile(r"<details>.*?</details>\n", re.DOTALL)
    open_ = unescape(re.sub(r"\]\([^)]*\)", "]", folded.sub("", text)))
    assert "|" not in open_, "tables are wider than a phone"
    assert max(map(len, re.split(r"\s|<[a-z/]+>", open_))) <= SCREEN
    summaries = re.findall(r"<summary>(.*?)</summary>", text)
    assert max(len(unescape(re.sub(r"<[a-z/]+>", "", summary))) for summary in summaries) <= 120
    labels = [line for node in re.findall(r's\d+\["(.*?)"\]', text) for line in node.split("<br>")]
    assert labels
    assert max(map(len, labels)) <= SCREEN
    assert len(open_.splitlines()) <= 70

"""What a deploy makes of what Argo CD says, where a rehearsal cannot hold the moment."""

from typing import Any

import pytest

from ops import waiting
from ops.deploy import argocd
from ops.deploy.argocd import Delivery
from ops.errors import OpsError
from ops.rendered import load
from tests.conftest import ROOT

FLEET = load(ROOT)
APP = FLEET.app("vergabe-teilnahme")
OURS, OTHER = "a" * 40, "b" * 40
MIGRATION = {
    "kind": "Job",
    "namespace": APP.namespace,
    "name": "migrate",
    "hookPhase": "Failed",
    "message": "backoff limit",
}


def sync(
    phase: str, ended: str | None = None, *resources: dict[str, Any], revision: str = OURS
) -> dict[str, Any]:
    """A sync of ours, as Argo CD reports it; one that is to be tried again runs, and has ended."""
    result = {"revision": revision, "resources": list(resources)}
    return {"phase": phase, "finishedAt": ended, "message": phase.lower(), "syncResult": result}


def application(
    revision: str, operation: dict[str, Any] | None = None, **status: Any
) -> dict[str, Any]:
    told = {"sync": {"status": "OutOfSync", "revision": revision}, "operationState": operation}
    return {"kind": "Application", "metadata": {}, "status": {**told, **status}}


SEEN = application(OURS)
HEALTHY = application(
    OURS,
    sync("Succeeded", "now"),
    sync={"status": "Synced", "revision": OURS},
    health={"status": "Healthy"},
)
DEGRADED = {**HEALTHY, "status": {**HEALTHY["status"], "health": {"status": "Degraded"}}}
MIGRATION_FAILED = application(OURS, sync("Running", "first", MIGRATION))
TRIED_AGAIN = application(OURS, sync("Running"))
FAILED_AGAIN = application(OURS, sync("Running", "second", MIGRATION))
FAILED = application(OURS, sync("Failed", "first", MIGRATION))
UNREADABLE = application(OTHER, conditions=[{"type": "ComparisonError", "message": "no route"}])


class Told:
    """A cluster whose Argo CD says one thing after the other, and the last for ever."""

    def __init__(self, *told: dict[str, Any]) -> None:
        self.told = list(told)
        self.started = 0

    def get(self, kind: str, name: str, _: str | None = None) -> dict[str, Any] | None:
        if kind != "Application" or name == FLEET.root.name:
            return {"metadata": {}}
        return self.told.pop(0) if len(self.told) > 1 else self.told[0]

    def all(self, *_: Any) -> list[dict[str, Any]]:
        return []

    def patch(self, _: dict[str, Any], changes: dict[str, Any]) -> None:
        self.started += "operation" in changes


@pytest.fixture(autouse=True)
def at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(waiting, "POLL_SECONDS", 0)
    monkeypatch.setattr(argocd, "LOOK_AGAIN_SECONDS", -1)
    monkeypatch.setattr(argocd, "SEEN_TIMEOUT_SECONDS", 0.01)
    monkeypatch.setattr(argocd, "SYNC_TIMEOUT_SECONDS", 0.01)


def deliver(cluster: Told) -> None:
    said: list[str] = []
    # The first is asked for whether the Application is there at all.
    cluster.told.insert(0, cluster.told[0])
    Delivery(cluster, APP, FLEET.root, OURS, said.append, lambda: None).run()  # type: ignore[arg-type]


MIGRATION_TOLD = f"Job {APP.namespace}/migrate: backoff limit"
ENDINGS = {
    "not pushed": (
        [application(OTHER)],
        f"Argo CD sees {OTHER}, not {OURS}; `git push origin HEAD:main`",
    ),
    "Argo CD cannot read": ([UNREADABLE], "not within .*; no route$"),
    "pushed meanwhile": ([SEEN, application(OTHER)], f"has gone on to {OTHER}"),
    "migration": ([SEEN, MIGRATION_FAILED], MIGRATION_TOLD),
    "migration that had failed before": (
        [MIGRATION_FAILED, MIGRATION_FAILED, TRIED_AGAIN, FAILED_AGAIN],
        MIGRATION_TOLD,
    ),
    "sync": ([SEEN, FAILED], MIGRATION_TOLD),
    "time": ([SEEN, TRIED_AGAIN], "not within .*Argo CD is not done"),
    "degraded": ([DEGRADED], "synced, but Degraded"),
}


@pytest.mark.parametrize(("told", "words"), ENDINGS.values(), ids=ENDINGS)
def test_deploy_ends_with_what_argo_cd_says(told: list[dict[str, Any]], words: str) -> None:
    with pytest.raises(OpsError, match=f"(?s){words}"):
        deliver(Told(*told))


def test_commit_that_argo_cd_has_looked_for_only_once_may_yet_come() -> None:
    deliver(Told(application(OTHER), SEEN, HEALTHY))


@pytest.mark.parametrize(
    ("told", "started"),
    [
        ([MIGRATION_FAILED, MIGRATION_FAILED, TRIED_AGAIN, HEALTHY], 0),
        ([FAILED, FAILED, FAILED, TRIED_AGAIN, HEALTHY], 1),
    ],
)
def test_sync_that_failed_before_is_waited_for_or_started_again_once(
    told: list[dict[str, Any]], started: int
) -> None:
    cluster = Told(*told)
    deliver(cluster)
    assert cluster.started == started

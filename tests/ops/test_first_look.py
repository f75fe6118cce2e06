"""The status of an app that is not installed yet, or is being installed: no outage."""

from typing import Any

import pytest

from ops.results.result import Result, State
from ops.status import look
from ops.status.reading import Live
from tests.ops.test_verdicts import APP, COMPLETE, deployment, live

ARGOCD = frozenset({"Application"})
SYNCING = {"status": {"sync": {"status": "OutOfSync"}, "operationState": {"phase": "Running"}}}


@pytest.fixture
def lines(monkeypatch: pytest.MonkeyPatch) -> Any:
    def seen(there: Live) -> dict[str, Result]:
        monkeypatch.setattr(look, "read", lambda *_: there)
        cluster: Any = None
        return {line.id: line for line in look.look(APP, cluster)}

    return seen


def test_app_that_is_not_there_is_one_line_with_the_way_to_install_it(lines: Any) -> None:
    found = lines(live(kinds=ARGOCD))
    assert found.keys() == {"installed"}
    line = found["installed"]
    assert (line.state, line.details) == (State.FAILED, [])
    assert line.evidence == f"not installed: there is no Namespace {APP.name}"
    assert line.fix.startswith(f"`ops preflight --app {APP.name}` checks")
    kept = lines(live(Database={"spec": {}}))["installed"]
    assert kept.details == ["Database databases/vergabe-db is there, and will be used again"]


def test_first_sync_is_in_progress_and_not_failed(lines: Any) -> None:
    before = lines(live(kinds=ARGOCD, Application=SYNCING))
    assert [(line.id, line.state) for line in before.values()] == [("installed", State.IN_PROGRESS)]
    during = lines(live(kinds=ARGOCD, Application=SYNCING, Namespace={"metadata": {}}))
    failed = {name for name, line in during.items() if line.state is State.FAILED}
    assert failed == {"role"}
    assert during["pods"].evidence.endswith("yet; the sync is in progress")


def test_each_missing_object_is_reported_once(lines: Any) -> None:
    found = lines(live(kinds=ARGOCD, Namespace={"metadata": {}}, Deployment=deployment(COMPLETE)))
    said = [line for one in found.values() for line in (one.evidence, *one.details)]
    for kind in ("Certificate", "Ingress", "Database", "PersistentVolumeClaim", "Service"):
        assert len([line for line in said if f"{kind} " in line]) == 1, kind
    for name in ("sync", "health"):
        assert "`ops deploy --app vergabe-teilnahme` has Argo CD sync" in found[name].fix

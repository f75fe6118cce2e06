"""`ops maintenance`, and what plan, status and smoke test make of it."""

import base64
import dataclasses
import subprocess
from collections.abc import Callable
from pathlib import Path
from typing import Any, cast

import pytest

from ops.cluster.live_object import LiveObject
from ops.declarations import declared_maintenance
from ops.documents.fleet import App, load
from ops.errors import OpsError
from ops.kinds.secret import Secret
from ops.maintenance import operator_pass
from ops.objects.base import typed
from ops.plan.simulation import Action, Step, sync
from ops.plan.synced_application import SyncedApplication
from ops.results.result import State
from ops.smoke import session
from ops.smoke.browser import Answer
from ops.smoke.target import target_of
from ops.smoke.visit import Visit
from ops.status import maintenance_status
from tests import frozen
from tests.conftest import Run, rendered
from tests.made_up import NOTIZEN, WERKSTATT, WITH_VALKEY
from tests.ops.test_hosts import done, live

APP, DECLARATION = "vergabe-teilnahme", "apps/vergabe_teilnahme.py"
DIST = f"dist/{APP}.k8s.yaml"


@pytest.fixture
def git(repository: Path) -> Callable[..., str]:
    """A repository of git with everything committed."""

    def run(*arguments: str) -> str:
        identity = ("-c", "user.name=test", "-c", "user.email=test@localhost")
        command = ["git", *identity, *arguments]
        done = subprocess.run(command, cwd=repository, check=True, capture_output=True, text=True)
        return done.stdout

    run("init", "--quiet", "--initial-branch=main")
    (repository / ".git/info/exclude").write_text(".venv\n.tools\nimports\n__pycache__\n")
    run("add", "--all")
    run("commit", "--quiet", "--message=first")
    return run


def test_on_and_off_change_the_declaration_and_what_is_rendered_and_commit_nothing(
    ops: Run, repository: Path, git: Callable[..., str]
) -> None:
    on = ops("maintenance", "on", folder=repository)
    assert (on.returncode, on.stderr) == (0, "")
    assert "+    maintenance=True,\n" in on.stdout
    assert f'git commit -m "{APP}: maintenance on" {DECLARATION} dist argocd' in on.stdout
    changed = git("status", "--porcelain", "--untracked-files=no").split()
    assert set(changed) == {"M", DECLARATION, DIST}
    again = ops("maintenance", "on", folder=repository)
    assert again.stdout == f"{APP}: maintenance is on already: nothing changed\n"

    plan = ops("plan", "HEAD", folder=repository)
    assert plan.returncode == 0, plan.stdout
    assert "visitors see the maintenance page (503), operators the app" in plan.stdout
    assert "the pods roll" not in plan.stdout

    git("commit", "--quiet", "--all", "--message=on")
    off = ops("maintenance", "off", folder=repository)
    assert (off.returncode, off.stderr) == (0, "")
    assert git("diff", "HEAD~1") == ""
    back = ops("plan", "HEAD", folder=repository)
    assert "visitors see the app again, instead of the maintenance page" in back.stdout


SOURCES = {
    "behind the name": (
        'A = DjangoApp(name="a", host="b")',
        'A = DjangoApp(name="a", maintenance=True, host="b")',
    ),
    "off already": (
        'A = DjangoApp(name="a", maintenance=False, host="b")',
        'A = DjangoApp(name="a", maintenance=True, host="b")',
    ),
}


def declared(folder: Path, source: str) -> declared_maintenance.DeclaredMaintenance:
    (folder / "apps").mkdir()
    (folder / "apps/a.py").write_text(source)
    return declared_maintenance.read(folder, "a")


@pytest.mark.parametrize(("source", "expected"), SOURCES.values(), ids=SOURCES)
def test_field_is_set_where_it_stands(tmp_path: Path, source: str, expected: str) -> None:
    assert declared(tmp_path, source).switched(on=True).decode() == expected


def test_field_is_removed_with_its_comma_and_nothing_else(tmp_path: Path) -> None:
    found = declared(tmp_path, 'A = DjangoApp(name="a",  # \u00fc\n    maintenance=True, host="b")')
    assert found.is_on
    assert found.switched(on=False).decode() == 'A = DjangoApp(name="a", host="b")'


WRONG = {
    "a name": ('A = DjangoApp(name="a", maintenance=ON)', "maintenance= is not True or False"),
    "a number": ('A = DjangoApp(name="a", maintenance=1)', "maintenance= is not True or False"),
    "another app": ('A = DjangoApp(name="b")', 'no DjangoApp(name="a", …)'),
}


@pytest.mark.parametrize(("source", "sentence"), WRONG.values(), ids=WRONG)
def test_declaration_of_another_form_is_refused(tmp_path: Path, source: str, sentence: str) -> None:
    with pytest.raises(OpsError) as refused:
        declared(tmp_path, source)
    assert sentence in str(refused.value)
    assert "by hand" in str(refused.value)


@pytest.fixture(scope="module")
def on(tmp_path_factory: pytest.TempPathFactory) -> App:
    """An app in maintenance."""
    folder = rendered([WERKSTATT], tmp_path_factory.mktemp("on"), None, WITH_VALKEY)
    return load(folder).app("werkstatt")


def test_web_deployment_is_found_beside_the_page(on: App) -> None:
    assert on.web.manifest.name == "werkstatt"
    assert on.maintenance
    assert on.maintenance.manifest.name == "werkstatt-maintenance"


def steps(folder: Path, *, before: bool, after: bool) -> list[Step]:
    """The steps of the sync from one state to the other."""
    states = []
    for number, is_on in enumerate((before, after)):
        place = folder / str(number)
        place.mkdir()
        apps = [dataclasses.replace(NOTIZEN, maintenance=is_on)]
        states.append(load(rendered(apps, place)).app("notizen"))
    old, new = states
    return sync(SyncedApplication(new.application), list(new.documents), list(old.documents))


def position(steps: list[Step], action: Action, kind: str, name: str) -> int:
    return next(
        number
        for number, step in enumerate(steps)
        if (step.action, step.kind, step.name) == (action, kind, name)
    )


def test_page_is_ready_before_the_ingress_asks_it(tmp_path: Path) -> None:
    taken = steps(tmp_path, before=False, after=True)
    ready = position(taken, Action.WAIT, "Deployment", "notizen-maintenance")
    asked = position(taken, Action.APPLY, "Middleware", "notizen-maintenance")
    assert max(ready, asked) < position(taken, Action.APPLY, "Ingress", "notizen")


def test_page_stays_until_no_ingress_asks_it(tmp_path: Path) -> None:
    taken = steps(tmp_path, before=True, after=False)
    last = max(
        position(taken, Action.APPLY, "Ingress", name)
        for name in ("notizen", "notizen-www-notizen-whywhynot-de")
    )
    for kind in ("Middleware", "Service", "Deployment", "NetworkPolicy"):
        assert position(taken, Action.PRUNE, kind, "notizen-maintenance") > last


SINCE = "2026-11-27T01:02:03+00:00"


def status(app: App, available: int) -> Any:
    seen = live(app)
    assert app.maintenance
    manifest = app.maintenance.manifest
    content = {
        **manifest.content,
        "metadata": {**manifest.content["metadata"], "creationTimestamp": SINCE},
        "status": {"availableReplicas": available},
    }
    documents: dict[Any, Any] = {
        **seen.documents,
        manifest: done(LiveObject(content, manifest.entry)),
    }
    return maintenance_status.maintenance(app, dataclasses.replace(seen, documents=documents))


def test_status_says_that_maintenance_is_on_and_since_when(on: App) -> None:
    line = status(on, available=1)
    assert (line.state, line.evidence) == (State.WARNING, "visitors see the maintenance page")
    assert line.since.isoformat() == SINCE
    assert "ops maintenance off" in line.fix


def test_status_names_a_page_that_does_not_answer(on: App) -> None:
    line = status(on, available=0)
    assert line.state is State.FAILED
    assert "the page has no ready pod" in line.evidence


def test_status_has_no_such_line_while_maintenance_is_off() -> None:
    app = load(frozen.FOLDER).app(None)
    assert maintenance_status.maintenance(app, live(app)) is None


class Showing:
    """A browser that gets one answer."""

    def __init__(self, status: int, **headers: str) -> None:
        self.answer = Answer("https://a/", status, cast("Any", headers), b"")
        self.cookie_values: list[str] = []

    def get_once(self, _: str) -> Answer:
        return self.answer


@pytest.mark.parametrize(
    ("browser", "evidence"),
    [
        (Showing(503, **{"retry-after": "300"}), "visitors see the maintenance page (503, Retry-A"),
        (Showing(200), "it is declared, but visitors do not see the page: 200"),
        (Showing(503), "it is declared, but visitors do not see the page: 503"),
    ],
)
def test_smoke_test_never_passes_during_maintenance(
    on: App, browser: Showing, evidence: str
) -> None:
    visit = Visit(target_of(on), cast("Any", None), cast("Any", browser), 1)
    (result,) = session.run(visit)
    assert (result.id, result.state) == ("maintenance", State.FAILED)
    assert result.evidence.startswith(evidence)


class Holding:
    """A cluster with one Secret."""

    def __init__(self, **data: str) -> None:
        encoded = {key: base64.b64encode(value.encode()).decode() for key, value in data.items()}
        self.secret = typed(Secret, {"data": encoded})

    def get(self, model: type[Secret], name: str, namespace: str) -> Secret:
        assert (model, name, namespace) == (Secret, "werkstatt-env", "werkstatt")
        return self.secret


def test_link_is_signed_with_the_apps_own_secret_key(on: App) -> None:
    link = operator_pass.address(cast("Any", Holding(WERKSTATT_SECRET="key")), on, hours=1)
    assert link.startswith("https://werkstatt.whywhynot.de/?maintenance-pass=")
    other = operator_pass.address(cast("Any", Holding(WERKSTATT_SECRET="other")), on, hours=1)
    assert link.rpartition(".")[2] != other.rpartition(".")[2]
    assert "key" not in link


def test_link_without_a_secret_key_or_maintenance_is_refused(on: App) -> None:
    with pytest.raises(OpsError, match="has no key WERKSTATT_SECRET; run: ops secrets apply"):
        operator_pass.address(cast("Any", Holding()), on, hours=1)
    off = load(frozen.FOLDER).app(None)
    with pytest.raises(OpsError, match="turn it on with `ops maintenance on --app "):
        operator_pass.address(cast("Any", Holding()), off, hours=1)

"""Objects that move between Applications: who owns the live one, and what starts empty."""

import dataclasses
import json
import shutil
from collections.abc import Callable, Sequence
from pathlib import Path

import pytest

from ops.plan.as_json import as_json
from ops.plan.build import plan
from railiance import AdditionalHost, DataFolder, DjangoApp, SharedDatabase
from tests import frozen
from tests.conftest import rendered
from tests.made_up import NOTIZEN
from tests.plan.conftest import APP, ARGOCD, DIST, ROOT, Document, History, effects

BEFORE = frozen.VERGABE_TEILNAHME
RENAMED = dataclasses.replace(BEFORE, name="tender")
OTHER_IMAGE = dataclasses.replace(BEFORE.image, repository="gitea.coulomb.social/coulomb/other")
UNRELATED = dataclasses.replace(
    RENAMED,
    host="other.whywhynot.de",
    allowed_hosts=(),
    csrf_trusted_origins=(),
    image=OTHER_IMAGE,
    database=SharedDatabase(name="other_db", role="other"),
)
DATABASE = "Database vergabe-db"
REFUSED = "ends with «Shared resource found» and applies nothing until the mark is removed"
PAGE = "docs/how-to/rename-an-app.md"
Render = Callable[[Sequence[DjangoApp]], Document]


def plan_of(history: History, base: str = "HEAD") -> Document:
    """The plan to the work tree, without a process of its own."""
    found: Document = json.loads(as_json(plan(base, None, history.folder)))
    return found


@pytest.fixture
def become(history: History, tmp_path: Path) -> Render:
    """Renders other apps in the place of those before, and plans that."""

    def render(apps: Sequence[DjangoApp]) -> Document:
        target = tmp_path / "rendered"
        shutil.rmtree(target, ignore_errors=True)
        target.mkdir()
        rendered(apps, target)
        for name in ("dist", "argocd"):
            shutil.rmtree(history.folder / name)
            shutil.copytree(target / name, history.folder / name)
        planned = plan_of(history)
        history.commit("next")
        return planned

    return render


def reason(planned: Document, kind: str, app: str) -> str:
    (found,) = (
        change["reason"]
        for each in planned["apps"]
        if each["name"] == app
        for change in each["changes"]
        if change["kind"] == kind
    )
    return str(found)


def said(planned: Document, app: str) -> list[str]:
    return [note for each in planned["apps"] if each["name"] == app for note in each["notes"]]


def test_renamed_app_does_not_get_the_database_that_is_kept(become: Render) -> None:
    planned = become([RENAMED, NOTIZEN])
    database = reason(planned, "Database", "tender")
    assert f"bears the mark of Application argocd/{APP}, which leaves it (Delete=false)" in database
    assert REFUSED in database
    assert PAGE in database
    assert "renders it from now on" in reason(planned, "Database", APP)
    assert set(planned["unacknowledged"]) == {
        f"Acknowledge-Deletion: Application argocd/{APP}",
        "Acknowledge-Data-Risk: Database databases/vergabe-db",
        "Acknowledge-Data-Risk: PersistentVolumeClaim tender/tender-media",
    }


def test_renamed_app_starts_with_an_empty_volume_and_without_secrets(become: Render) -> None:
    planned = become([RENAMED, NOTIZEN])
    volume = reason(planned, "PersistentVolumeClaim", "tender")
    assert volume.startswith(f"it starts empty: PersistentVolumeClaim {APP}/{APP}-media")
    (note,) = said(planned, "tender")
    assert "get 404 from its deletion by the root Application" in note
    assert "until this sync has applied Ingress tender/tender (wave 2)" in note
    assert "tender/tender-env" in note


def test_each_volume_of_a_renamed_app_is_compared_with_its_own(become: Render) -> None:
    folders = (DataFolder(name="archive", path="/srv/archive", size="1Gi"),)
    become([dataclasses.replace(BEFORE, data_folders=folders), NOTIZEN])
    planned = become([dataclasses.replace(RENAMED, data_folders=folders), NOTIZEN])
    (app,) = (each for each in planned["apps"] if each["name"] == "tender")
    reasons = {c["name"]: c["reason"] for c in app["changes"] if c["kind"].startswith("Persistent")}
    assert f"{APP}/{APP}-archive " in reasons["tender-archive"]
    assert f"{APP}/{APP}-media " in reasons["tender-media"]


def test_renamed_app_with_another_database_leaves_the_former_one(become: Render) -> None:
    database = dataclasses.replace(BEFORE.database, name="tender_db")
    planned = become([dataclasses.replace(RENAMED, database=database), NOTIZEN])
    assert "it starts empty: Database databases/vergabe-db" in reason(planned, "Database", "tender")


def test_renamed_app_on_another_host_is_known_by_its_image(become: Render) -> None:
    moved = dataclasses.replace(UNRELATED, image=BEFORE.image)
    planned = become([moved, NOTIZEN])
    assert "it starts empty" in reason(planned, "PersistentVolumeClaim", "tender")


def test_app_removed_while_another_comes_is_no_rename(become: Render) -> None:
    planned = become([UNRELATED, NOTIZEN])
    assert reason(planned, "PersistentVolumeClaim", "tender").startswith("it is new")
    assert said(planned, "tender") == []


def test_without_the_option_a_kept_database_is_taken_over(history: History, become: Render) -> None:
    become([RENAMED, NOTIZEN])
    history.git("reset", "--quiet", "--hard", "HEAD~1")
    before = history.git("rev-parse", "HEAD")
    become([RENAMED, NOTIZEN])
    file = "argocd/tender.yaml"
    history.replace("      - FailOnSharedResource=true\n", "", file)
    planned = plan_of(history, before)
    assert reason(planned, "Database", "tender").endswith(
        "Application argocd/tender takes it over as it is"
    )


def test_what_is_deleted_with_its_application_is_created_empty(
    history: History, become: Render
) -> None:
    history.replace("Prune=false,Delete=false", "Prune=false")
    history.commit("not kept")
    planned = become([RENAMED, NOTIZEN])
    database = reason(planned, "Database", "tender")
    assert f"Application argocd/{APP} deletes it, and Application argocd/tender creates" in database
    assert "new and empty" in database


def move(history: History, kind: str, *, keeps: bool = False) -> Document:
    """One object of the app moves to the other Application, which keeps all else."""
    documents: list[Document] = []

    def take(found: list[Document]) -> list[Document]:
        documents.extend(d for d in found if d["kind"] == kind)
        return found if keeps else [d for d in found if d["kind"] != kind]

    history.edit(take)
    history.edit(lambda found: [*found, *documents], "dist/notizen.k8s.yaml")
    return plan_of(history)


def test_database_moved_to_another_application_ends_that_ones_sync(history: History) -> None:
    planned = move(history, "Database")
    (moved,) = (
        change["reason"]
        for change in next(a for a in planned["apps"] if a["name"] == "notizen")["changes"]
        if change["name"] == "vergabe-db"
    )
    assert REFUSED in moved
    assert "(Prune=false)" in moved
    (note,) = said(planned, APP)
    assert f"Application argocd/{APP} stays OutOfSync because of Database" in note
    assert "annotate databases vergabe-db argocd.argoproj.io/tracking-id-" in note


def test_workload_moved_to_another_application_is_deleted_first(history: History) -> None:
    planned = move(history, "Deployment")
    (moved,) = next(a for a in planned["apps"] if a["name"] == "notizen")["changes"][:1]
    assert moved["effect"] == "pods roll with a gap"
    assert f"Application argocd/{APP} deletes it, and" in moved["reason"]
    assert "until it is gone, the sync of Application argocd/notizen ends with" in moved["reason"]


def test_object_of_two_applications_is_an_error(history: History) -> None:
    planned = move(history, "Database", keeps=True)
    (error,) = planned["errors"]
    assert error["subject"] == "Database databases/vergabe-db"
    assert f"Application argocd/{APP} renders it as well" in error["problem"]


def test_other_database_leaves_the_former_in_the_secret_and_out_of_sync(become: Render) -> None:
    become([BEFORE, NOTIZEN])
    database = dataclasses.replace(BEFORE.database, name="tender_db")
    planned = become([dataclasses.replace(BEFORE, database=database), NOTIZEN])
    assert effects(planned)["Database tender-db"] == "data at risk"
    out_of_sync, url = said(planned, APP)
    assert "`ops status` and `ops deploy` do not come to an end" in out_of_sync
    assert "compare-options=IgnoreExtraneous" in out_of_sync
    assert url.startswith(f"DATABASE_URL in Secret {APP}-env still names the database vergabe_db")


def test_volume_no_longer_declared_leaves_the_app_out_of_sync(become: Render) -> None:
    become([BEFORE, NOTIZEN])
    planned = become([dataclasses.replace(BEFORE, media=None), NOTIZEN])
    (note,) = said(planned, APP)
    assert f"because of PersistentVolumeClaim {APP}/{APP}-media" in note


def test_host_that_moves_to_another_app_is_not_served_meanwhile(become: Render) -> None:
    host = AdditionalHost(host="shared.whywhynot.de")
    open_ = {"allowed_hosts": (), "csrf_trusted_origins": ()}
    with_host, without = (
        dataclasses.replace(BEFORE, **open_, additional_hosts=hosts)  # type: ignore[arg-type]
        for hosts in ((host,), ())
    )
    become([with_host, NOTIZEN])
    heir = dataclasses.replace(
        NOTIZEN,
        **open_,  # type: ignore[arg-type]
        additional_hosts=(*NOTIZEN.additional_hosts, host),
    )
    (note,) = said(become([without, heir]), "notizen")
    assert note.startswith(f"shared.whywhynot.de moves here from Application argocd/{APP}")
    assert "get 404" in note
    assert "(wave 4)" in note


def test_created_data_may_have_been_kept(history: History) -> None:
    planned = plan_of(history, history.git("hash-object", "-t", "tree", "/dev/null"))
    assert "if one is on the cluster already" in reason(planned, "Database", APP)


def test_moved_file_of_the_same_application_moves_nothing(history: History) -> None:
    (history.folder / ARGOCD).rename(history.folder / "argocd/elsewhere.yaml")
    planned = plan_of(history)
    assert not [c for c in effects(planned).values() if c in {"data at risk", "deleted"}]
    assert (history.folder / DIST).exists()
    assert (history.folder / ROOT).exists()

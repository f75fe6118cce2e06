"""What the plan states about a role that moves to its app, and about extensions."""

import shutil
from functools import partial
from pathlib import Path
from typing import Any

from tests.plan.conftest import Document, History, effects

ROLES = {"DatabaseRole notizen", "DatabaseRole vergabe"}


def test_roles_come_without_touching_pods_and_stay_when_taken_back(
    history: History, two_apps_with_roles: Path
) -> None:
    shutil.copytree(two_apps_with_roles, history.folder, dirs_exist_ok=True)
    history.commit("CloudNativePG 1.30")
    planned = effects(history.plan("HEAD~1", "HEAD"))
    assert {name for name, effect in planned.items() if effect == "created"} == ROLES
    assert {name for name, effect in planned.items() if "migrations" in effect} == {
        "Job notizen-migrate",
        "Job vergabe-teilnahme-migrate",
    }
    assert not [name for name, effect in planned.items() if "roll" in effect or "data" in effect]

    back = effects(history.plan("HEAD", "HEAD~1"))
    assert {name: back[name] for name in ROLES} == dict.fromkeys(ROLES, "nothing happens")


def test_changes_of_a_role_are_judged(history: History, two_apps_with_roles: Path) -> None:
    shutil.copytree(two_apps_with_roles, history.folder, dirs_exist_ok=True)
    history.commit("CloudNativePG 1.30")
    wanted: dict[str, tuple[Any, str]] = {
        "superuser": (True, "exposure changes"),
        "databaseRoleReclaimPolicy": ("delete", "data at risk"),
        "name": ("other", "refused by the API server"),
        "connectionLimit": (40, "changes in place"),
    }
    for field, (value, effect) in wanted.items():
        history.change("DatabaseRole", partial(change_spec, **{field: value}))
        assert effects(history.plan())["DatabaseRole vergabe"] == effect, field
        history.git("checkout", "--quiet", ".")


def change_spec(document: Document, **fields: Any) -> None:
    document["spec"].update(fields)


def extensions(history: History, *names: tuple[str, str]) -> Document:
    found = [{"name": name, "ensure": ensure} for name, ensure in names]
    history.change("Database", lambda d: d["spec"].update(extensions=found))
    planned = history.plan()
    changes: list[Document] = [c for app in planned["apps"] for c in app["changes"]]
    (change,) = (change for change in changes if change["kind"] == "Database")
    return change


def test_extensions_come_and_stay(history: History) -> None:
    assert extensions(history, ("pg_trgm", "present"))["effect"] == "changes in place"
    history.commit("pg_trgm")
    removed = extensions(history)
    assert (removed["effect"], "stays in the database" in removed["reason"]) == (
        "changes in place",
        True,
    )
    assert extensions(history, ("pg_trgm", "absent"))["effect"] == "data at risk"

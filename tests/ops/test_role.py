"""The role that owns an app's database, as the preflight and the status judge it."""

import dataclasses
from pathlib import Path
from typing import Any, cast

import pytest

from ops.cluster.client import Cluster
from ops.cluster.live_object import LiveObject
from ops.documents.fleet import App, Fleet, load
from ops.host.threads import begin
from ops.kinds.cluster import Cluster as PostgresCluster
from ops.kinds.database_role import DatabaseRole
from ops.kinds.secret import Secret
from ops.objects.base import Object, typed
from ops.preflight import role_readiness, secrets_readiness
from ops.preflight.subject import Subject
from ops.results.result import Result, State
from ops.status import database_status
from ops.status.reading import Live
from tests import frozen
from tests.conftest import rendered

Content = dict[str, Any]
RECONCILED = {"managedRolesStatus": {"byStatus": {"reconciled": ["vergabe"]}}}
APPLIED = {"metadata": {"generation": 1}, "status": {"applied": True, "observedGeneration": 1}}
FAILED = {
    "metadata": {"generation": 1},
    "status": {"applied": False, "message": 'secrets "vergabe-app-credentials" not found'},
}


def postgres(*roles: Content) -> Content:
    spec = {"managed": {"roles": list(roles)}}
    return {"metadata": {"name": "apps-pg"}, "spec": spec, "status": RECONCILED}


class OneCluster:
    """A cluster with a PostgreSQL cluster, and perhaps a DatabaseRole."""

    def __init__(self, postgres: Content, role: Content | None = None) -> None:
        self.found = {PostgresCluster: postgres, DatabaseRole: role}

    def get(self, model: type[Object], *_: str) -> Object | None:
        content = self.found.get(model)
        return None if content is None else typed(model, content)


def fleet(folder: Path, *, with_roles: bool, limit: int | None = None) -> Fleet:
    app = frozen.VERGABE_TEILNAHME
    app = dataclasses.replace(
        app, database=dataclasses.replace(app.database, connection_limit=limit)
    )
    platform = frozen.WITH_ROLES if with_roles else frozen.RAILIANCE01
    return load(rendered([app], folder, platform=platform))


def preflight(fleet: Fleet, cluster: OneCluster) -> Result:
    opened = cast("Cluster", cluster)
    return role_readiness.role(Subject(fleet.app(), fleet.root, opened, begin(lambda: (1, 34))))


def status(app: App, cluster: OneCluster) -> Result:
    def live(content: Content | None) -> LiveObject | None:
        entry = app.manifests(DatabaseRole)[0].entry
        return None if content is None else LiveObject(content, entry)

    role, found = cluster.found[DatabaseRole], cluster.found[PostgresCluster]
    documents = {manifest: begin(lambda: live(role)) for manifest in app.manifests(DatabaseRole)}
    documents[app.application] = begin(lambda: None)
    read = {"documents": documents, "postgres": begin(lambda: typed(PostgresCluster, found or {}))}
    others = {field.name: None for field in dataclasses.fields(Live)}
    return database_status.role(app, Live(**cast("Any", others | read)))


MANAGED: dict[str, tuple[Content, int | None, State, str]] = {
    "no limit, none declared": ({}, None, State.OK, "is reconciled"),
    "a limit, none declared": ({"connectionLimit": 9}, None, State.OK, "is reconciled"),
    "as declared": ({"connectionLimit": 40}, 40, State.OK, "is reconciled"),
    "no limit": ({}, 40, State.WARNING, "has no connection limit, not of 40 as declared"),
    "a higher limit": ({"connectionLimit": 90}, 40, State.WARNING, "limit of 90, not of 40"),
    "a lower limit": ({"connectionLimit": 20}, 40, State.FAILED, "20 connections, and the app"),
}


@pytest.mark.parametrize(("role", "limit", "state", "evidence"), MANAGED.values(), ids=MANAGED)
def test_platforms_role_is_compared_with_the_declared_limit(
    tmp_path: Path, role: Content, limit: int | None, state: State, evidence: str
) -> None:
    found = preflight(
        fleet(tmp_path, with_roles=False, limit=limit),
        OneCluster(postgres({"name": "vergabe", **role})),
    )
    assert (found.state, evidence in found.evidence) == (state, True), found.evidence
    assert ("connectionLimit: 40" in found.fix) == (state is not State.OK)


def test_missing_role_is_the_platforms_to_make(tmp_path: Path) -> None:
    found = preflight(fleet(tmp_path, with_roles=False), OneCluster(postgres()))
    assert found.state is State.FAILED
    assert found.evidence == "role vergabe is not in spec.managed.roles"
    assert "railiance-platform" in found.fix


DECLARED: dict[str, tuple[Content | None, list[Content], State, State, str]] = {
    "before the first install": (None, [], State.OK, State.FAILED, "is not there yet"),
    "applied": (APPLIED, [], State.OK, State.OK, "role vergabe is applied"),
    "without its Secret": (FAILED, [], State.FAILED, State.FAILED, 'credentials" not found'),
    "the platform's as well": (
        FAILED,
        [{"name": "vergabe"}],
        State.WARNING,
        State.WARNING,
        "is in spec.managed.roles of apps-pg, which takes precedence",
    ),
    "still the platform's": (
        None,
        [{"name": "vergabe"}],
        State.WARNING,
        State.FAILED,
        "is in spec.managed.roles of apps-pg, which takes precedence",
    ),
    "an older generation": (
        {**APPLIED, "metadata": {"generation": 2}},
        [],
        State.FAILED,
        State.UNKNOWN,
        "CloudNativePG has not reported whether it is applied",
    ),
}


@pytest.mark.parametrize("case", DECLARED.values(), ids=DECLARED)
def test_declared_role_is_judged_by_its_own_status(
    tmp_path: Path, case: tuple[Content | None, list[Content], State, State, str]
) -> None:
    role, managed, before, now, evidence = case
    rendered, cluster = fleet(tmp_path, with_roles=True), OneCluster(postgres(*managed), role)
    found = preflight(rendered, cluster)
    assert (found.state, evidence in found.evidence) == (before, True), found.evidence
    assert status(rendered.app(), cluster).state is now


def test_credentials_of_a_declared_role_are_looked_for(tmp_path: Path) -> None:
    class WithoutCredentials(OneCluster):
        def get(self, model: type[Object], *place: str) -> Object | None:
            if model is not Secret:
                return super().get(model, *place)
            keys = {} if place[1] == "databases" else {"SECRET_KEY": "YQ==", "DATABASE_URL": "YQ=="}
            return typed(Secret, {"data": keys})

    for with_roles, state in ((False, State.OK), (True, State.FAILED)):
        found = fleet(tmp_path, with_roles=with_roles)
        opened = cast("Cluster", WithoutCredentials(postgres()))
        subject = Subject(found.app(), found.root, opened, begin(lambda: (1, 34)))
        result = secrets_readiness.complete(subject)
        assert result.state is state, result.evidence
    assert result.evidence == ("Secret databases/vergabe-app-credentials has no username, password")

"""What stops a deploy and what does not, on clusters that a rehearsal does not have."""

import copy
from typing import Any, cast

import pytest

from ops.cluster.client import Cluster
from ops.cluster.live_object import LiveObject
from ops.documents.fleet import load
from ops.documents.manifest import Manifest
from ops.host.threads import begin
from ops.kinds.application import Application
from ops.kinds.cluster import Cluster as PostgresCluster
from ops.kinds.storage_class import StorageClass
from ops.objects.base import Object, typed
from ops.preflight import (
    argocd_readiness,
    checklist,
    cluster_readiness,
    postgres_readiness,
    volumes_readiness,
)
from ops.preflight.subject import Subject
from ops.results.result import State
from tests import frozen

FLEET = load(frozen.FOLDER)
APP = FLEET.app("vergabe-teilnahme")
(ROOT_CHECK,) = (check for check in checklist.CHECKS if check.id == "argocd.root")


class WithoutArgo:
    """A cluster that serves what is rendered but for Argo CD's own kinds."""

    def kinds(self, api_version: str) -> frozenset[str]:
        return frozenset(one.kind for one in APP.documents if one.api_version == api_version)

    def get(self, *_: Any) -> Object | None:
        return None


class WithRoot(WithoutArgo):
    """A cluster with a root Application."""

    def __init__(self, **source: str) -> None:
        self.root = copy.deepcopy(FLEET.root.content)
        self.root["spec"]["source"] |= source

    def get(self, *_: Any) -> Object | None:
        return typed(Application, self.root)


class WithPostgres(WithoutArgo):
    """A cluster whose shared PostgreSQL cluster has these lines."""

    def __init__(self, *lines: str) -> None:
        spec = {"postgresql": {"pg_hba": list(lines)}} if lines else {}
        self.postgres = {"metadata": {"name": "apps-pg"}, "spec": spec}

    def get(self, *_: Any) -> Object | None:
        return typed(PostgresCluster, self.postgres)


def subject(cluster: WithoutArgo, *, with_argocd: bool = True) -> Subject:
    opened = cast("Cluster", cluster)
    return Subject(APP, FLEET.root, opened, begin(lambda: (1, 34)), with_argocd)


@pytest.mark.parametrize(("with_argocd", "state"), [(True, State.FAILED), (False, State.OK)])
def test_kinds_of_argo_cd_are_needed_only_where_it_brings_the_app(
    *, with_argocd: bool, state: State
) -> None:
    asked = cluster_readiness.kinds(subject(WithoutArgo(), with_argocd=with_argocd))
    assert asked.state is state, asked.evidence


@pytest.mark.parametrize(
    ("cluster", "passes", "stops"),
    [
        (WithoutArgo(), False, False),
        (WithRoot(), True, False),
        (WithRoot(targetRevision="old"), False, True),
    ],
    ids=["none", "as rendered", "another branch"],
)
def test_root_application_is_made_once_and_never_changed(
    *, cluster: WithoutArgo, passes: bool, stops: bool
) -> None:
    result = ROOT_CHECK.ask(subject(cluster))
    assert (result.passes, result.stops_a_deploy) == (passes, stops), result.evidence


class WithDatabaseOf(WithoutArgo):
    """A cluster on which the app's Database has the mark of an Application."""

    def __init__(self, owner: str) -> None:
        self.owner = owner

    def live(self, manifest: Manifest) -> LiveObject | None:
        if manifest.kind != "Database":
            return None
        mark = {"argocd.argoproj.io/tracking-id": f"{self.owner}:postgresql.cnpg.io/Database:x/y"}
        annotations = mark if self.owner else {}
        return LiveObject(
            {**manifest.content, "metadata": {"annotations": annotations}}, manifest.entry
        )


@pytest.mark.parametrize(
    ("owner", "state"),
    [("platform", State.FAILED), (APP.name, State.OK), ("", State.OK)],
    ids=["another's", "its own", "nobody's"],
)
def test_database_of_another_application_is_named(owner: str, state: State) -> None:
    found = argocd_readiness.owner(subject(WithDatabaseOf(owner)))
    assert found.state is state
    if state is State.FAILED:
        assert "Database databases/vergabe-db is Application platform's" in found.evidence
        assert "annotate databases vergabe-db argocd.argoproj.io/tracking-id-" in found.fix


OWN = "host vergabe_db vergabe all scram-sha-256"
NO_OTHER = "host all vergabe all reject"


@pytest.mark.parametrize(
    ("lines", "state"),
    [
        ((OWN, NO_OTHER), State.OK),
        (("# apps", "host plain plain all md5", OWN, NO_OTHER), State.OK),
        (("hostssl vergabe_db,x y,vergabe 10.0.0.0 255.0.0.0 cert", NO_OTHER), State.OK),
        ((), State.WARNING),
        ((OWN,), State.WARNING),
        ((OWN, "host all all all scram-sha-256", NO_OTHER), State.WARNING),
        (('host "/^vergabe(_db)?$" vergabe all scram-sha-256', NO_OTHER), State.OK),
        (("host /( vergabe all md5", OWN, NO_OTHER), State.OK),
        (("host sameuser vergabe all md5", OWN, NO_OTHER), State.OK),
        ((NO_OTHER, OWN), State.WARNING),
        (("host vergabe_db all all reject", NO_OTHER), State.WARNING),
        (("host", "", "host vergabe_db vergabe all"), State.WARNING),
    ],
)
def test_lines_of_the_role_are_judged(lines: tuple[str, ...], state: State) -> None:
    answer = postgres_readiness.access(subject(WithPostgres(*lines)))
    assert answer.state is state, answer.evidence


class WithClasses(WithoutArgo):
    """A cluster with these StorageClasses."""

    def __init__(self, *names: str) -> None:
        self.names = names

    def get(self, model: Any, name: str, *_: Any) -> Object | None:
        assert model is StorageClass
        return typed(StorageClass, {"metadata": {"name": name}}) if name in self.names else None


def test_storage_class_of_the_volumes_must_be_there() -> None:
    assert volumes_readiness.has_claims(APP)
    there = volumes_readiness.storage_classes(subject(WithClasses("local-path")))
    assert (there.state, there.evidence) == (
        State.OK,
        "StorageClass local-path is there for 1 volume",
    )
    missing = volumes_readiness.storage_classes(subject(WithClasses("other")))
    assert missing.state is State.FAILED
    assert "no StorageClass local-path" in missing.evidence

"""What an app's database, its extensions and its role are rendered as."""

import dataclasses
from typing import Any

import pytest
from cdk8s import Testing as Cdk8sTesting

from railiance import DjangoApp, Platform
from railiance.app_chart import DjangoAppChart
from tests.frozen import RAILIANCE01, WITH_ROLES
from tests.made_up import PLAIN


def documents(platform: Platform, **database: Any) -> dict[str, Any]:
    app: DjangoApp = dataclasses.replace(
        PLAIN, database=dataclasses.replace(PLAIN.database, role="plain_web", **database)
    )
    chart = DjangoAppChart(Cdk8sTesting.app(), app.name, app=app, platform=platform)
    return {document["kind"]: document for document in Cdk8sTesting.synth(chart)}


def test_extensions_are_present_in_the_declared_order() -> None:
    spec = documents(RAILIANCE01, extensions=("unaccent", "pg_trgm"))["Database"]["spec"]
    assert spec["extensions"] == [
        {"name": "unaccent", "ensure": "present"},
        {"name": "pg_trgm", "ensure": "present"},
    ]


def test_database_without_extensions_states_none() -> None:
    assert "extensions" not in documents(RAILIANCE01)["Database"]["spec"]


def test_limit_of_a_platforms_role_is_a_note_for_the_preflight() -> None:
    limited = documents(RAILIANCE01, connection_limit=40)
    assert limited["Database"]["metadata"]["annotations"]["railiance.io/connections"] == "40"
    assert "DatabaseRole" not in limited
    unlimited = documents(RAILIANCE01)["Database"]["metadata"]["annotations"]
    assert "railiance.io/connections" not in unlimited


@pytest.mark.parametrize(("declared", "rendered"), [(None, -1), (40, 40)])
def test_role_may_log_in_and_nothing_else(declared: int | None, rendered: int) -> None:
    found = documents(WITH_ROLES, connection_limit=declared)
    role = found["DatabaseRole"]
    assert role["apiVersion"] == "postgresql.cnpg.io/v1"
    assert role["spec"] == {
        "name": "plain_web",
        "cluster": {"name": "apps-pg"},
        "databaseRoleReclaimPolicy": "retain",
        "login": True,
        "superuser": False,
        "createdb": False,
        "createrole": False,
        "replication": False,
        "connectionLimit": rendered,
        "passwordSecret": {"name": "plain-web-app-credentials"},
    }
    metadata = role["metadata"]
    assert (metadata["name"], metadata["namespace"]) == ("plain-web", "databases")
    assert metadata["annotations"] == {
        "argocd.argoproj.io/sync-wave": "-2",
        "argocd.argoproj.io/sync-options": "Prune=false,Delete=false",
    }
    assert "railiance.io/connections" not in found["Database"]["metadata"]["annotations"]


def test_role_is_all_that_the_newer_platform_adds() -> None:
    before, after = documents(RAILIANCE01), documents(WITH_ROLES)
    assert after.pop("DatabaseRole")
    assert after == before


def test_version_is_a_fact_only_where_it_is_not_the_default() -> None:
    key = "platform.railiance.io/cloudnative-pg"
    assert key not in RAILIANCE01.annotations()
    assert WITH_ROLES.annotations()[key] == "1.30"
    for platform in (RAILIANCE01, WITH_ROLES):
        assert Platform.from_annotations(platform.annotations()) == platform

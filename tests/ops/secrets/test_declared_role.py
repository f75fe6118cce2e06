"""The credentials of a role that is declared with its app are the app's to apply."""

from collections.abc import Callable
from pathlib import Path
from typing import Any, cast

import pytest

from ops.cluster.client import Cluster
from ops.documents.fleet import App, load
from ops.errors import OpsError
from ops.kinds.namespace import Namespace
from ops.kinds.secret import Secret
from ops.objects.base import Object, typed
from ops.secrets import comparison
from ops.secrets.apply import Applying
from ops.secrets.wanted import Wanted
from tests import frozen
from tests.conftest import rendered
from tests.made_up import NOTIZEN
from tests.ops.secrets.operator import Operator

CREDENTIALS = "Secret databases/notizen-app-credentials"


class Secrets:
    """A cluster that has Namespaces, and those Secrets that are applied."""

    context = server = ""

    def __init__(self) -> None:
        self.applied: dict[str, dict[str, Any]] = {}

    def get(self, model: type[Object], name: str, namespace: str = "") -> Object | None:
        if model is Namespace:
            return Namespace()
        found = self.applied.get(f"Secret {namespace}/{name}")
        return typed(Secret, found) if found else None

    def apply(self, document: dict[str, Any]) -> None:
        metadata = document["metadata"]
        self.applied[f"Secret {metadata['namespace']}/{metadata['name']}"] = document


@pytest.fixture
def apply(set_up: Operator, monkeypatch: pytest.MonkeyPatch) -> Callable[..., list[str]]:
    """Applies the operator's file with the rendering of a platform."""
    monkeypatch.chdir(set_up.folder)
    monkeypatch.setenv("HOME", str(set_up.home))
    for name in ("SOPS_AGE_KEY_FILE", "XDG_CONFIG_HOME"):
        monkeypatch.delenv(name, raising=False)

    def run(cluster: Secrets, app: App) -> list[str]:
        applying = Applying(cast("Cluster", cluster), Wanted.by(app), app.manifest(Namespace))
        return [outcome.object for outcome in applying.run(platform=False)]

    return run


def app(folder: Path, *, with_roles: bool) -> App:
    platform = frozen.WITH_ROLES if with_roles else frozen.RAILIANCE01
    return load(rendered([NOTIZEN], folder, platform=platform)).app()


def test_credentials_are_applied_last_and_taken_over_at_once(
    apply: Callable[..., list[str]], tmp_path: Path
) -> None:
    cluster = Secrets()
    assert apply(cluster, app(tmp_path, with_roles=True))[-1] == CREDENTIALS
    assert list(cluster.applied)[-1] == CREDENTIALS
    assert cluster.applied[CREDENTIALS]["metadata"]["labels"] == {"cnpg.io/reload": "true"}
    assert cluster.applied[CREDENTIALS]["type"] == "kubernetes.io/basic-auth"


def test_another_password_is_replaced_where_the_role_is_declared_alone(
    apply: Callable[..., list[str]], tmp_path: Path
) -> None:
    cluster = Secrets()
    apply(cluster, app(tmp_path, with_roles=True))
    wanted = cluster.applied[CREDENTIALS]["data"]["password"]
    cluster.applied[CREDENTIALS]["data"] = {"username": "bm90aXplbg==", "password": "YQ=="}
    with pytest.raises(OpsError, match="nothing was applied"):
        apply(cluster, app(tmp_path, with_roles=False))
    apply(cluster, app(tmp_path, with_roles=True))
    assert cluster.applied[CREDENTIALS]["data"]["password"] == wanted


def test_credentials_are_complete_once_both_namespaces_have_them(
    apply: Callable[..., list[str]], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    cluster = Secrets()
    found = app(tmp_path, with_roles=True)
    apply(cluster, found)
    monkeypatch.setattr(Cluster, "open", lambda _: cluster)
    assert comparison.report(Wanted.by(found), None).complete
    del cluster.applied[CREDENTIALS]
    rows = comparison.report(Wanted.by(found), None).rows
    assert [row.key for row in rows if not row.in_cluster] == ["username", "password"]


def test_rotation_needs_no_option_for_a_declared_role(set_up: Operator) -> None:
    assert "apply --platform" in set_up.ops("rotate", "password").stdout
    for name in ("dist", "argocd"):
        (set_up.folder / name).unlink()
    rendered([NOTIZEN], set_up.folder, platform=frozen.WITH_ROLES)
    assert "--platform" not in set_up.ops("rotate", "password").stdout

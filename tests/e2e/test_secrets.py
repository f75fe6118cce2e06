"""Rehearsals 30 to 33: Secrets reach the cluster apart from git, and never lock the app out."""

from __future__ import annotations

import base64
import json
from typing import TYPE_CHECKING
from urllib.parse import unquote, urlsplit

import pytest

from tests import frozen
from tests.conftest import rendered
from tests.e2e.platform import DATABASES
from tests.e2e.rehearsal import APP, Rehearsal
from tests.e2e.status import is_complete
from tests.ops.secrets.operator import SOPS, Operator

if TYPE_CHECKING:
    from ops.objects.base import Document

ENV, CREDENTIALS = f"{APP}-env", "vergabe-app-credentials"
PLATFORM = DATABASES["metadata"]["name"]
DIGEST = "railiance.io/secrets-digest"


@pytest.fixture
def operator(rehearsal: Rehearsal, tmp_path_factory: pytest.TempPathFactory) -> Operator:
    """An operator at the rehearsal's repository, with the box's kubeconfig and a file made."""
    home = tmp_path_factory.mktemp("home")
    kubeconfig = str(rehearsal.box.kubeconfig)
    made = Operator(rehearsal.repository.folder, home, APP, variables={"KUBECONFIG": kubeconfig})
    made.init(stdin="")
    return made


def apply(operator: Operator, *arguments: str) -> list[str]:
    answer = operator.ops("apply", "--confirm-context", "box", *arguments)
    assert answer.returncode == 0, answer.stderr
    return answer.stdout.splitlines()


def live(rehearsal: Rehearsal, name: str, namespace: str = APP) -> Document:
    found = rehearsal.cluster.get("Secret", name, namespace)
    assert found is not None, f"there is no Secret {namespace}/{name}"
    return found


def values(secret: Document) -> dict[str, str]:
    return {key: base64.b64decode(value).decode() for key, value in secret["data"].items()}


def platform_made(rehearsal: Rehearsal, password: str) -> None:
    rehearsal.cluster.create(
        {
            "apiVersion": "v1",
            "kind": "Secret",
            "metadata": {"name": CREDENTIALS, "namespace": PLATFORM},
            "type": "kubernetes.io/basic-auth",
            "stringData": {"username": "vergabe", "password": password},
        }
    )


def render(rehearsal: Rehearsal) -> None:
    """What `make synth` does."""
    folder = rehearsal.repository.folder
    rendered(frozen.APPS, folder, folder / "secrets")


@pytest.mark.rehearsal(30, "Secrets come first on an empty cluster, and applying again is nothing")
def test_secrets_are_applied_before_anything_else(rehearsal: Rehearsal, operator: Operator) -> None:
    assert operator.ops("check", "--context", "box").returncode == 1
    refused = operator.ops("apply")
    assert (refused.returncode, "give --confirm-context box" in refused.stderr) == (1, True)
    assert rehearsal.live("Namespace") is None

    assert apply(operator) == [
        f"Namespace {APP}: created",
        f"Secret {APP}/{ENV}: created",
        f"Secret {APP}/{CREDENTIALS}: created",
        (
            f"Secret {PLATFORM}/{CREDENTIALS}: missing (created by railiance-platform, or by "
            "you with --platform)"
        ),
    ]
    assert values(live(rehearsal, ENV)) == operator.values()[ENV]
    assert values(live(rehearsal, CREDENTIALS)) == operator.values()[CREDENTIALS]
    checked = operator.ops("check", "--json")
    assert (checked.returncode, json.loads(checked.stdout)["complete"]) == (0, True)
    assert not any(secret in checked.stdout for secret in operator.values()[ENV].values())

    before = [live(rehearsal, name) for name in (ENV, CREDENTIALS)]
    assert apply(operator)[:2] == [
        f"Secret {APP}/{ENV}: unchanged",
        f"Secret {APP}/{CREDENTIALS}: unchanged",
    ]
    assert [live(rehearsal, name) for name in (ENV, CREDENTIALS)] == before

    render(rehearsal)
    rehearsal.install()
    managers = rehearsal.existing("Namespace")["metadata"]["managedFields"]
    appliers = {entry["manager"] for entry in managers if entry["operation"] == "Apply"}
    assert appliers == {"argocd-controller"}
    digests = {
        rehearsal.existing(kind)["spec"]["template"]["metadata"]["annotations"][DIGEST]
        for kind in ("Deployment", "Job")
    }
    assert len(digests) == 1
    assert [live(rehearsal, name) for name in (ENV, CREDENTIALS)] == before


@pytest.mark.rehearsal(31, "a password that PostgreSQL has not is never applied by itself")
def test_platforms_password_is_compared_and_written_only_when_asked(
    rehearsal: Rehearsal, operator: Operator
) -> None:
    platform_made(rehearsal, "p@ss/w:rd")
    refused = operator.ops("apply", "--confirm-context", "box")
    assert refused.returncode == 1
    assert f"nothing was applied: Secret {PLATFORM}/{CREDENTIALS}" in refused.stderr
    assert "p@ss" not in refused.stderr
    assert rehearsal.live("Namespace") is None

    assert operator.ops("init", "--password-from-cluster").returncode == 2
    taken = operator.ops("rotate", "password", "--from-cluster")
    assert taken.returncode == 0, taken.stderr
    assert operator.values()[CREDENTIALS]["password"] == "p@ss/w:rd"
    operator.file.unlink()
    taken = operator.ops("init", "--password-from-cluster")
    assert taken.returncode == 0, taken.stderr
    url = urlsplit(operator.values()[ENV]["DATABASE_URL"])
    assert unquote(url.password or "") == "p@ss/w:rd"
    assert apply(operator)[-1] == f"Secret {PLATFORM}/{CREDENTIALS}: equal"

    operator.ops("rotate", "password")
    before = rehearsal.cluster.now()
    assert apply(operator, "--platform") == [
        f"Secret {APP}/{ENV}: changed (DATABASE_URL)",
        f"Secret {APP}/{CREDENTIALS}: changed (password)",
        f"Secret {PLATFORM}/{CREDENTIALS}: changed (password)",
    ]
    order = [
        event.document["metadata"]["namespace"]
        for event in rehearsal.cluster.since(before, "Secret")
    ]
    assert order == [APP, APP, PLATFORM]
    there = live(rehearsal, CREDENTIALS, PLATFORM)
    assert there["metadata"]["labels"] == {"cnpg.io/reload": "true"}
    assert values(there) == operator.values()[CREDENTIALS]
    assert apply(operator)[-1] == f"Secret {PLATFORM}/{CREDENTIALS}: equal"


@pytest.mark.rehearsal(32, "a rotated secret goes through git: migrated first, then the pods roll")
def test_rotation_rolls_the_pods_through_git(rehearsal: Rehearsal, operator: Operator) -> None:
    apply(operator)
    render(rehearsal)
    rehearsal.install()
    job = rehearsal.existing("Job")["metadata"]["uid"]
    generation = rehearsal.existing("Deployment")["metadata"]["generation"]

    assert operator.ops("rotate", "SECRET_KEY").returncode == 0
    assert apply(operator)[0] == f"Secret {APP}/{ENV}: changed (SECRET_KEY)"
    assert rehearsal.existing("Deployment")["metadata"]["generation"] == generation
    render(rehearsal)
    rehearsal.deploy("another SECRET_KEY")

    assert rehearsal.existing("Job")["metadata"]["uid"] != job
    assert is_complete(rehearsal.existing("Job"))
    assert rehearsal.existing("Deployment")["metadata"]["generation"] == generation + 1


@pytest.mark.rehearsal(33, "sops and kubectl alone apply the file, and keys that others added stay")
def test_file_is_good_without_this_tool(rehearsal: Rehearsal, operator: Operator) -> None:
    apply(operator)
    before = values(live(rehearsal, ENV))
    decrypted = operator.run(SOPS, "decrypt", operator.file).stdout
    for name in (ENV, CREDENTIALS):
        rehearsal.cluster.delete(live(rehearsal, name))
    rehearsal.cluster.kubectl("apply", "--filename=-", stdin=decrypted)
    assert values(live(rehearsal, ENV)) == before

    rehearsal.cluster.patch(live(rehearsal, ENV), {"stringData": {"BY_HAND": "kept"}})
    assert apply(operator)[0] == f"Secret {APP}/{ENV}: unchanged"
    assert values(live(rehearsal, ENV)) == {**before, "BY_HAND": "kept"}

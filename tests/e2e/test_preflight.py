"""Rehearsals 43 to 45: `ops preflight` names each thing that is missing, on its own line."""

from __future__ import annotations

import json
import shutil
import socket
import time
from typing import TYPE_CHECKING

import pytest

from tests import frozen
from tests.e2e.actors import PUBLIC_ADDRESS
from tests.e2e.platform import ISSUER, POSTGRES, TRAEFIK, at, ready
from tests.e2e.rehearsal import APP, ARGOCD, DIST, ROOT_APPLICATION, Rehearsal
from tests.e2e.tool import Tool

if TYPE_CHECKING:
    from pathlib import Path

    from ops.objects.base import Document

OUTSIDE = {"dns", "port.http", "port.https", "registry", "image"}
"""What is asked of the world outside the cluster, which a rehearsal does not have."""
SECRETS = {"vergabe-teilnahme-env": ("SECRET_KEY", "DATABASE_URL")}
SCHEDULE: Document = {
    "apiVersion": "postgresql.cnpg.io/v1",
    "kind": "ScheduledBackup",
    "metadata": {"name": "nightly", "namespace": "databases"},
    "spec": {"schedule": "0 0 3 * * *", "cluster": {"name": "apps-pg"}},
}
CLAIMING: Document = {
    "apiVersion": "networking.k8s.io/v1",
    "kind": "Ingress",
    "metadata": {"name": "claiming", "namespace": "databases"},
    "spec": {
        "defaultBackend": {"service": {"name": "any", "port": {"number": 80}}},
        "rules": [{"host": "vergabe-teilnahme.whywhynot.de"}],
    },
}


def create_secrets(rehearsal: Rehearsal) -> None:
    """Values nobody uses: no container runs."""
    for name, keys in SECRETS.items():
        metadata = {"name": name, "namespace": APP}
        values = dict.fromkeys(keys, "unused")
        secret = {"apiVersion": "v1", "kind": "Secret", "metadata": metadata, "stringData": values}
        rehearsal.cluster.create(secret)


def lines(ops: Tool) -> tuple[int, dict[str, Document]]:
    """The exit code, and the lines that ask the cluster."""
    code, found = ops.lines("preflight", "results")
    return code, {name: line for name, line in found.items() if name not in OUTSIDE}


def states(ops: Tool) -> dict[str, str]:
    """The lines that are neither ok nor the warning that nothing is backed up."""
    found = {name: line["state"] for name, line in lines(ops)[1].items()}
    assert found.pop("postgres.backup") == "warning"
    return {name: state for name, state in found.items() if state != "ok"}


@pytest.mark.rehearsal(43, "preflight: before a first install, after it, and with read rights only")
def test_preflight_before_and_after_a_first_install(rehearsal: Rehearsal, tmp_path: Path) -> None:
    ops = Tool(rehearsal.box.kubeconfig)
    code, found = lines(ops)
    missing = {name for name, line in found.items() if line["state"] == "failed"}
    assert code == 1
    assert missing == {"argocd.root", "argocd.app", "secrets"}
    assert not [name for name in missing if found[name]["stops_a_deploy"]]
    assert "not there yet" in found["database"]["evidence"]
    assert "not there yet" in found["namespace.label"]["evidence"]

    rehearsal.install()
    create_secrets(rehearsal)
    assert states(ops) == {}
    everything = lines(ops)

    reader = Tool(user(rehearsal, tmp_path, rules=[READ]))
    assert lines(reader) == everything
    assert reader.lines("status", "results")[0] == 0


READ = {"apiGroups": ["*"], "resources": ["*"], "verbs": ["get", "list"]}


def user(rehearsal: Rehearsal, folder: Path, rules: list[Document]) -> Path:
    """The kubeconfig of a user with these rights and no other."""
    named: Document = {"metadata": {"name": "user"}}
    role = {"apiVersion": RBAC, "kind": "ClusterRole", **named, "rules": rules}
    cluster = rehearsal.cluster
    documents: tuple[Document, ...] = (
        {"apiVersion": "v1", "kind": "ServiceAccount", "metadata": {"name": "user"}},
        role,
        {
            "apiVersion": RBAC,
            "kind": "ClusterRoleBinding",
            **named,
            "roleRef": {"apiGroup": "rbac.authorization.k8s.io", **ref(role)},
            "subjects": [{"kind": "ServiceAccount", "name": "user", "namespace": "default"}],
        },
    )
    for document in documents:
        cluster.kubectl("apply", "--namespace=default", "--filename=-", stdin=json.dumps(document))
    token = cluster.kubectl("create", "token", "user", "--namespace=default").strip()
    config = json.loads(rehearsal.box.kubeconfig.read_text())
    config["users"][0]["user"] = {"token": token}
    return write(folder / "user", config)


RBAC = "rbac.authorization.k8s.io/v1"


def ref(role: Document) -> Document:
    return {"kind": role["kind"], "name": role["metadata"]["name"]}


def write(file: Path, config: Document) -> Path:
    file.write_text(json.dumps(config))
    file.chmod(0o600)
    return file


@pytest.mark.rehearsal(44, "preflight: each thing that is not as it has to be fails its own line")
def test_each_thing_that_is_missing_has_its_line(rehearsal: Rehearsal, tmp_path: Path) -> None:
    rehearsal.install()
    create_secrets(rehearsal)
    on_the_cluster(rehearsal)
    in_the_declaration(rehearsal, tmp_path)
    backups(rehearsal)


def fails(ops: Tool, name: str, *words: str, state: str = "failed") -> None:
    """These lines, and no others, are of that state, in these words and with a fix."""
    assert states(ops) == dict.fromkeys(name.split(), state)
    for each in name.split():
        line = lines(ops)[1][each]
        assert not [word for word in words if word not in line["evidence"]], line["evidence"]
        assert line["fix"]


def on_the_cluster(rehearsal: Rehearsal) -> None:
    """One thing after the other goes wrong there, and is put right."""
    ops, cluster = Tool(rehearsal.box.kubeconfig), rehearsal.cluster
    good = (cluster.get("Cluster", "apps-pg", "databases") or {})["status"]
    down = {"phase": "Failing over", "readyInstances": 0, "phaseReason": "no primary"}
    cluster.patch_status(POSTGRES, down)
    fails(ops, "postgres.cluster", "Failing over", "0 of 1", "no primary")
    cluster.patch_status(POSTGRES, {**good, "phaseReason": None})

    reason = {"cannotReconcile": {"vergabe": ["no password Secret"]}}
    cluster.patch_status(POSTGRES, {"managedRolesStatus": reason})
    fails(ops, "postgres.role", "no password Secret")
    cluster.patch_status(POSTGRES, {"managedRolesStatus": {"cannotReconcile": None}})

    database = rehearsal.existing("Database")
    cluster.patch_status(database, {"applied": False, "message": "no such role"})
    fails(ops, "database", "no such role")
    cluster.patch_status(database, {"applied": True, "message": None})

    cluster.patch_status(ISSUER, {"conditions": [ready("False", "account not registered")]})
    fails(ops, "issuer", "account not registered")
    cluster.patch_status(ISSUER, {"conditions": [ready("True", "issued before")]})

    cluster.patch_status(TRAEFIK, at("192.0.2.1"))
    fails(ops, "traefik.address", "192.0.2.1", PUBLIC_ADDRESS)
    cluster.patch_status(TRAEFIK, at(PUBLIC_ADDRESS))

    cluster.create(CLAIMING)
    fails(ops, "host", "databases/claiming")
    cluster.delete(CLAIMING)

    (name, keys), *_ = SECRETS.items()
    secret = {"kind": "Secret", "metadata": {"name": name, "namespace": APP}}
    cluster.patch(secret, {"data": {keys[0]: None}})
    fails(ops, "secrets", f"{name} has no {keys[0]}")
    cluster.patch(secret, {"stringData": {keys[0]: "unused"}})
    assert states(ops) == {}


NAMED = "  name: {}\n  namespace: argocd\n"
FOREIGN = "argocd.app argocd.owner"
"""There is no such Application, and what the app keeps bears the mark of the former one."""
VERSION = "platform.railiance.io/kubernetes-version: "
OTHERWISE = (
    (ROOT_APPLICATION, f'{VERSION}"1.34"', f'{VERSION}"1.30"', "cluster.version", "failed"),
    (ROOT_APPLICATION, f'{VERSION}"1.34"', f'{VERSION}"1.33"', "cluster.version", "warning"),
    (ROOT_APPLICATION, "path: argocd", "path: other", "argocd.root", "failed"),
    (ARGOCD, "path: dist", "path: other", "argocd.app", "failed"),
    (ARGOCD, NAMED.format(APP), NAMED.format("other"), FOREIGN, "failed"),
    (DIST, "client: apps-pg", "client: other", "namespace.label", "failed"),
    (DIST, "traefik.io/v1alpha1", "traefik.io/v9", "cluster.kinds", "failed"),
)
"""What else could be rendered: the file, the text, the other text, the line that tells, its state.
"""


def in_the_declaration(rehearsal: Rehearsal, folder: Path) -> None:
    """What is rendered says otherwise than the cluster is."""
    for number, (file, old, new, name, state) in enumerate(OTHERWISE):
        work = folder / str(number)
        for part in ("dist", "argocd"):
            shutil.copytree(frozen.FOLDER / part, work / part)
        text = (work / file).read_text()
        assert old in text, f"{file} does not contain {old}"
        (work / file).write_text(text.replace(old, new))
        fails(Tool(rehearsal.box.kubeconfig, work), name, state=state)


def backups(rehearsal: Rehearsal) -> None:
    """From none at all to one that is recent."""
    ops, cluster = Tool(rehearsal.box.kubeconfig), rehearsal.cluster

    def says(state: str, words: str) -> None:
        line = lines(ops)[1]["postgres.backup"]
        assert (line["state"], words in line["evidence"]) == (state, True), line

    says("warning", "vergabe_db would be lost")
    store = {"destinationPath": "s3://backups/", "s3Credentials": {"inheritFromIAMRole": True}}
    cluster.patch(POSTGRES, {"spec": {"backup": {"barmanObjectStore": store}}})
    says("warning", "no ScheduledBackup")
    cluster.create(SCHEDULE)
    says("warning", "no backup has succeeded")
    cluster.patch_status(POSTGRES, {"lastSuccessfulBackup": "2026-01-01T03:00:00Z"})
    says("warning", "more than 8 days ago")
    now = time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime())
    cluster.patch_status(POSTGRES, {"lastSuccessfulBackup": now})
    says("ok", "with vergabe_db in it")


@pytest.mark.rehearsal(45, "preflight and status for a user without rights, and a silent cluster")
def test_what_cannot_be_asked_is_no_pass(rehearsal: Rehearsal, tmp_path: Path) -> None:
    nobody = Tool(user(rehearsal, tmp_path, rules=[]))
    code, found = lines(nobody)
    assert code == 1
    # Every user may ask for the version and the kinds.
    asked = {name for name, line in found.items() if line["state"] != "unknown"}
    assert asked == {"cluster.version", "cluster.kinds"}
    assert "lacks the permission" in found["issuer"]["evidence"]
    code, items = nobody.lines("status", "results")
    assert code == 1
    assert {item["state"] for item in items.values()} == {"unknown"}

    with socket.create_server(("127.0.0.1", 0)) as silent:
        config = json.loads(rehearsal.box.kubeconfig.read_text())
        config["clusters"][0]["cluster"]["server"] = f"https://127.0.0.1:{silent.getsockname()[1]}"
        away = Tool(write(tmp_path / "away", config), timeout_seconds=20)
        began = time.monotonic()
        done = away("status")
        assert (done.returncode, done.stdout) == (1, "")
        assert "does not answer" in done.stderr
        assert time.monotonic() - began < 15
        code, found = lines(away)
        assert code == 1
        assert {line["state"] for line in found.values()} == {"unknown"}
        assert "does not answer" in found["cluster.version"]["evidence"]

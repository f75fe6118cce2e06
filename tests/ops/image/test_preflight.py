"""What `ops preflight` says of the registry, the name and the ports, with the cluster away."""

import json
import re
from pathlib import Path
from typing import Any

import pytest
import yaml

from tests.ops.image.conftest import APP, RENDERED, REPOSITORY, Desk
from tests.ops.image.gateway import Gateway
from tests.ops.image.images import Pusher, layer
from tests.ops.kubeconfig import nowhere

RENDERED_TAG = "483a4df"
HOST = "vergabe-teilnahme.whywhynot.de"
ADDRESS = "92.205.130.254"
OUTSIDE = {"dns", "port.http", "port.https", "registry", "image"}


@pytest.fixture
def at_home(desk: Desk, tmp_path: Path) -> Desk:
    """The app under a name and at an address of this machine, and no cluster."""
    for name, old, new in ((RENDERED, HOST, "localhost"), ("argocd/root.yaml", ADDRESS, LOOPBACK)):
        (desk.folder / name).write_text(desk.text(name).replace(old, new))
    away = {"KUBECONFIG": str(nowhere(tmp_path)), "NO_PROXY": LOOPBACK}
    return Desk(desk.folder, desk.run, {**desk.variables, **away})


LOOPBACK = "127.0.0.1"


def preflight(desk: Desk) -> dict[str, dict[str, Any]]:
    answer = desk.ops("preflight", "--json")
    assert answer.returncode == 1, answer.stderr
    return {line["id"]: line for line in json.loads(answer.stdout)["results"]}


def test_registry_and_name_are_asked_with_the_cluster_away(at_home: Desk, pusher: Pusher) -> None:
    digest = pusher.image("pushed", layer("a"))
    at_home.use("pushed", digest)
    lines = preflight(at_home)
    assert lines["registry"]["state"] == lines["image"]["state"] == "ok"
    assert digest in lines["image"]["evidence"]
    # Of localhost there may be an AAAA record besides.
    assert lines["dns"]["evidence"].startswith("localhost → 127.0.0.1")
    assert lines["dns"]["state"] in ("ok", "warning")

    asked = {name for name, line in lines.items() if line["state"] != "unknown"}
    assert asked == OUTSIDE
    assert "does not answer" in lines["cluster.version"]["evidence"]
    assert "see cluster.version" in lines["issuer"]["evidence"]


def test_image_that_is_not_the_rendered_one_fails(at_home: Desk, pusher: Pusher) -> None:
    digest = pusher.image(RENDERED_TAG, layer("pushed again"))
    image = preflight(at_home)["image"]
    assert image["state"] == "failed"
    assert f"has the digest {digest}, not " in image["evidence"]
    assert "ops image set" in image["fix"]

    at_home.use("never-pushed", digest)
    image = preflight(at_home)["image"]
    assert image["state"] == "failed"
    assert f"{REPOSITORY} has no 'never-pushed'" in image["evidence"]


def test_registry_that_is_out_of_order_is_not_checked(at_home: Desk, gateway: Gateway) -> None:
    gateway.faults["/"] = (503, {}, b"")
    lines = preflight(at_home)
    assert lines["registry"]["state"] == lines["image"]["state"] == "unknown"


def test_host_at_another_address_fails(at_home: Desk) -> None:
    root = at_home.folder / "argocd/root.yaml"
    root.write_text(root.read_text().replace(LOOPBACK, "192.0.2.1"))
    dns = preflight(at_home)["dns"]
    assert dns["state"] == "failed"
    assert "127.0.0.1, not 192.0.2.1" in dns["evidence"]
    assert dns["fix"].startswith("in the DNS zone, make localhost → 192.0.2.1")


def add_valkey(desk: Desk, digest: str) -> None:
    """A Valkey whose image is in the same repository as the app's."""
    found = re.search(r"image: (\S+):[^@:]+@", desk.text(RENDERED))
    assert found
    container = {
        "name": "valkey",
        "image": f"{found[1]}:valkey@{digest}",
        "volumeMounts": [{"name": "data", "mountPath": "/data"}],
    }
    document = {
        "apiVersion": "apps/v1",
        "kind": "StatefulSet",
        "metadata": {"name": "valkey", "namespace": APP, "labels": {"app.kubernetes.io/name": APP}},
        "spec": {"template": {"spec": {"containers": [container]}}},
    }
    path = desk.folder / RENDERED
    path.write_text(f"{path.read_text()}---\n{yaml.safe_dump(document)}")


def test_image_of_valkey_is_looked_for_as_well(at_home: Desk, pusher: Pusher) -> None:
    assert "image.valkey" not in preflight(at_home)
    add_valkey(at_home, "sha256:" + "0" * 64)
    asked = preflight(at_home)["image.valkey"]
    assert asked["state"] == "failed"
    assert f"{REPOSITORY} has no 'valkey'" in asked["evidence"]
    assert "valkey_image" in asked["fix"]

    digest = pusher.image("valkey", layer("valkey"), config={"WorkingDir": "/data"})
    asked = preflight(at_home)["image.valkey"]
    assert asked["state"] == "failed"
    assert f"has the digest {digest}, not sha256:0000" in asked["evidence"]
    path = at_home.folder / RENDERED
    path.write_text(path.read_text().replace("sha256:" + "0" * 64, digest))
    assert preflight(at_home)["image.valkey"]["state"] == "ok"

"""A real node: pods run, find and reach each other, keep their data, and outlive its services."""

from __future__ import annotations

import urllib.request
from typing import TYPE_CHECKING

import pytest

from box.command import kubectl
from box.node.namespace import HOLDER
from box.node.services import SERVICES
from box.poll import until
from tests.rehearse.pods import FRIEND, SERVER, SERVICE, STRANGER

if TYPE_CHECKING:
    from box.lifecycle import Box
    from tests.rehearse.pods import Pod, Pods


@pytest.mark.rehearsal(110, "a node is ready, and a Deployment's probes are answered")
def test_pods_run(box: Box, pods: Pods) -> None:
    assert " Ready " in kubectl(box.kubeconfig, "get", "nodes")
    assert "serving" in pods.kubectl(SERVER, "logs", SERVER.name)
    assert pods.run(STRANGER, "echo here").strip() == "here"


@pytest.mark.rehearsal(111, "pods find the API server and a Service by name, and reach both")
def test_names_and_services(box: Box, pods: Pods) -> None:
    assert box.node.network.api_service in pods.run(
        STRANGER, "busybox nslookup kubernetes.default.svc.cluster.local"
    )
    pods.run(STRANGER, "busybox nc -w 3 kubernetes.default.svc.cluster.local 443 < /dev/null")
    assert pods.reaches(STRANGER)
    assert pods.reaches(FRIEND, "server", 80)


@pytest.mark.rehearsal(112, "processes of this machine reach a pod and a Service")
def test_reached_from_the_machine(pods: Pods) -> None:
    service = pods.kubectl(
        SERVER, "get", "service", "server", "--output=jsonpath={.spec.clusterIP}"
    )
    for address in (f"{service}:80", f"{pods.address(SERVER)}:8000"):
        direct = urllib.request.build_opener(urllib.request.ProxyHandler({}))
        with direct.open(f"http://{address}/", timeout=5) as response:
            assert response.read() == b"hello\n"


@pytest.mark.rehearsal(
    113, "a volume is made for its first pod, holds what is written, and can be full"
)
def test_volumes(pods: Pods) -> None:
    assert pods.run(FRIEND, "echo kept > /data/file && cat /data/file").strip() == "kept"
    said = pods.run(FRIEND, "busybox dd if=/dev/zero of=/small/file bs=1M count=600 2>&1 || true")
    assert "No space left on device" in said
    assert pods.run(FRIEND, "busybox rm /small/file && echo gone").strip() == "gone"


@pytest.mark.rehearsal(114, "a NetworkPolicy lets through what it says, and nothing else")
@pytest.mark.parametrize(
    ("policy", "kept_out", "let_in"),
    [
        ("from-own-namespace", STRANGER, FRIEND),
        ("from-nobody", STRANGER, None),
        ("from-abroad", FRIEND, STRANGER),
        ("other-port", STRANGER, None),
        ("to-names-only", FRIEND, STRANGER),
    ],
)
def test_network_policy(pods: Pods, policy: str, kept_out: Pod, let_in: Pod | None) -> None:
    assert pods.reaches(FRIEND)
    assert pods.reaches(STRANGER)
    pods.wait_until_enforced(f"{policy}.yaml", cut_off=kept_out)
    if let_in:
        assert pods.reaches(let_in)
    else:
        assert not pods.reaches(FRIEND)
    assert SERVICE in pods.run(FRIEND, f"busybox nslookup {SERVICE}")
    available = "--output=jsonpath={.status.availableReplicas}"
    assert pods.kubectl(SERVER, "get", SERVER.name, available) == "1", "the probes were cut off"
    pods.open_to(kept_out)


@pytest.mark.rehearsal(115, "the node's services are killed and started again, pods unharmed")
def test_services_restart(box: Box, pods: Pods) -> None:
    pods.wait_until_enforced("from-own-namespace.yaml", cut_off=STRANGER)
    before, processes = pods.containers(), {c.name: c.pid for c in box.status()}
    box.kill("kube-proxy")  # what has ended by itself is started as well
    box.restart()
    changed = {c.name for c in box.status() if c.pid != processes[c.name]}
    assert changed == set(SERVICES)
    assert all(component.ready for component in box.status())
    assert pods.containers() == before
    # A kubelet that starts takes a pod for ready only once it has probed it itself.
    until(lambda: pods.reaches(FRIEND), "the server is reached again", 10)
    assert not pods.reaches(STRANGER), "the policy was lost"
    pods.open_to(STRANGER)


@pytest.mark.rehearsal(
    116, "the node ends and starts again, and everything comes back with its data"
)
def test_node_reboots(box: Box, pods: Pods) -> None:
    pods.run(FRIEND, "echo kept > /data/file")
    before = pods.containers()
    box.restart([HOLDER])
    until(lambda: pods.are_others_than(before), "every container is started anew", 60)
    pods.start()
    assert pods.run(FRIEND, "cat /data/file").strip() == "kept"
    until(lambda: pods.reaches(STRANGER), "the server is reached again", 20)

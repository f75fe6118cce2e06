"""Which differences between a rendered and a live document are told, and which are none."""

import copy
from pathlib import Path
from typing import Any

import pytest

from ops.cluster.drift import differences
from ops.cluster.live_object import LiveObject
from ops.documents.manifest import Manifest
from railiance.annotations import HOOK

CONTAINER = {
    "name": "web",
    "image": "app:1",
    "env": [{"name": "A", "value": "1"}, {"name": "B", "valueFrom": {"secretKeyRef": {}}}],
    "resources": {"limits": {"cpu": "1", "memory": "1Gi"}},
    "ports": [{"containerPort": 8000}],
    "volumeMounts": [{"mountPath": "/tmp", "name": "tmp"}],  # noqa: S108 (a path in a pod)
    "args": ["a", "b"],
}
DOCUMENT: dict[str, Any] = {
    "apiVersion": "apps/v1",
    "kind": "Deployment",
    "metadata": {"name": "app", "namespace": "app", "labels": {"example.org/name": "app"}},
    "spec": {
        "replicas": 1,
        "paused": False,
        "selector": {"matchLabels": {"a": "b"}},
        "template": {
            "spec": {
                "containers": [CONTAINER],
                "volumes": [{"name": "tmp", "emptyDir": {"sizeLimit": "1Gi"}}],
                "tolerations": [],
            }
        },
    },
}


def manifest(document: dict[str, Any]) -> Manifest:
    return Manifest(Path("dist/app.yaml"), 1, document)


def found(change: str) -> list[str]:
    """What is told of the document after a change by hand."""
    live = copy.deepcopy(DOCUMENT)
    pod = live["spec"]["template"]["spec"]
    container = pod["containers"][0]
    names = {"live": live, "spec": live["spec"], "pod": pod, "container": container}
    exec(change, names)  # noqa: S102 (the test's own lines)
    subject = "Deployment app/app: "
    return [
        str(one).removeprefix(subject)
        for one in differences(manifest(DOCUMENT), LiveObject(live, None))
    ]


@pytest.mark.parametrize(
    "change",
    [
        "",
        "live['status'] = {}; live['metadata']['uid'] = 'x'; live['metadata']['labels']['c'] = 'd'",
        "spec['revisionHistoryLimit'] = 10; container['imagePullPolicy'] = 'Always'",
        "del spec['paused']; del pod['tolerations']",
        "container['resources']['limits'] = {'cpu': '1000m', 'memory': '1073741824'}",
        "pod['volumes'][0]['emptyDir']['sizeLimit'] = '1024Mi'",
        "container['env'].reverse()",
        "container['ports'][0]['protocol'] = 'TCP'",
    ],
)
def test_what_a_cluster_writes_by_itself_is_no_difference(change: str) -> None:
    assert found(change) == []


POD = "spec.template.spec"


@pytest.mark.parametrize(
    ("change", "told"),
    [
        ("spec['replicas'] = 3", "spec.replicas: rendered 1, live 3"),
        ("del spec['replicas']", "spec.replicas: rendered 1, live not there"),
        (
            "live['metadata']['labels']['example.org/name'] = 'x'",
            "metadata.labels['example.org/name']: rendered app, live x",
        ),
        (
            "spec['selector']['matchLabels']['c'] = 'd'",
            (
                'spec.selector: rendered {"matchLabels": {"a": "b"}}, '
                'live {"matchLabels": {"a": "b", "c": "d"}}'
            ),
        ),
        (
            "container['resources']['limits']['cpu'] = '1500m'",
            f"{POD}.containers[web].resources.limits.cpu: rendered 1, live 1500m",
        ),
        (
            "container['env'][0]['value'] = '2'",
            f"{POD}.containers[web].env[A].value: rendered 1, live 2",
        ),
        (
            "container['args'] = ['b', 'a']",
            f'{POD}.containers[web].args: rendered ["a", "b"], live ["b", "a"]',
        ),
        (
            "container['ports'] = [{'containerPort': 8000, 'protocol': 'UDP'}]",
            (
                f'{POD}.containers[web].ports[8000]: rendered {{"containerPort": 8000}}, '
                f"live not there|{POD}.containers[web].ports[8000]: only on the cluster"
            ),
        ),
        (
            "pod['volumes'] = []",
            (
                f'{POD}.volumes[tmp]: rendered {{"name": "tmp", "emptyDir": '
                '{"sizeLimit": "1Gi"}}, live not there'
            ),
        ),
        (
            "pod['containers'].append({'name': 'added'})",
            f"{POD}.containers[added]: only on the cluster",
        ),
    ],
)
def test_a_change_by_hand_is_told_with_its_field(change: str, told: str) -> None:
    assert found(change) == told.split("|")


def test_what_is_added_is_named_and_not_repeated() -> None:
    """Somebody may have put a secret there."""
    added = "container['env'].append({'name': 'C', 'value': 'hunter2'})"
    assert found(added) == [f"{POD}.containers[web].env[C]: only on the cluster"]
    replaced = "container['env'][1] = {'name': 'B', 'value': 'hunter2'}"
    (told,) = found(replaced)
    assert "hunter2" not in told


def test_document_that_is_missing_is_told_unless_it_is_a_hook() -> None:
    assert [str(one) for one in differences(manifest(DOCUMENT), None)] == [
        "Deployment app/app: not on the cluster"
    ]
    hook = copy.deepcopy(DOCUMENT)
    hook["metadata"]["annotations"] = {HOOK: "Sync"}
    assert differences(manifest(hook), None) == []

"""What is installed on the second floor, as far as it can be seen without a cluster."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from box.cluster import CNPG, read
from box.lifecycle import Box
from box.platform import apply, cloudnative_pg, traefik
from box.platform.install import NodeMissingError, install
from box.programs import module_folder
from ops.errors import CommandError

if TYPE_CHECKING:
    from pathlib import Path

IMAGE = "registry.example.org/operator:1"


def test_of_the_operators_own_manifest_only_the_deployment_differs() -> None:
    release = read(module_folder(*CNPG) / "releases/cnpg-1.28.0.yaml")
    changed = list(cloudnative_pg.operator_documents(IMAGE))
    different = [a["kind"] for a, b in zip(release, changed, strict=True) if a != b]
    assert different == ["Deployment"]


def test_the_operator_runs_its_image_and_gives_it_to_every_instance() -> None:
    (deployment,) = (
        document
        for document in cloudnative_pg.operator_documents(IMAGE)
        if document["kind"] == "Deployment"
    )
    (container,) = deployment["spec"]["template"]["spec"]["containers"]
    environment = {each["name"]: each.get("value") for each in container["env"]}
    assert container["image"] == environment["OPERATOR_IMAGE_NAME"] == IMAGE
    assert container["imagePullPolicy"] == "IfNotPresent"


def test_a_role_may_log_in_and_nothing_else() -> None:
    (role,) = cloudnative_pg.cluster(["vergabe"], IMAGE, "local-path")["spec"]["managed"]["roles"]
    secret = cloudnative_pg.credentials(("vergabe", "made-up"))
    assert role["passwordSecret"]["name"] == secret["metadata"]["name"]
    assert secret["type"] == "kubernetes.io/basic-auth"
    assert {name for name, value in role.items() if value is True} == {"login"}


def test_only_labelled_namespaces_reach_postgres() -> None:
    clients, operator = cloudnative_pg.network_policies()
    assert clients["spec"]["ingress"] == [
        {
            "from": [
                {"namespaceSelector": {"matchLabels": {"railiance.io/postgres-client": "apps-pg"}}}
            ],
            "ports": [{"protocol": "TCP", "port": 5432}],
        }
    ]
    sources = operator["spec"]["ingress"][0]["from"]
    assert {"podSelector": {}} in sources  # of its own namespace
    assert all(source for source in sources)  # an empty one would be everybody


def test_traefik_gets_the_rights_that_its_documentation_grants() -> None:
    documents = traefik.documents(IMAGE)
    (binding,) = (each for each in documents if each["kind"] == "ClusterRoleBinding")
    (account,) = (each for each in documents if each["kind"] == "ServiceAccount")
    assert [(s["name"], s["namespace"]) for s in binding["subjects"]] == [
        (account["metadata"]["name"], account["metadata"]["namespace"])
    ]


def deployment(generation: int = 2, **status: int) -> dict[str, Any]:
    counted = {"observedGeneration": 2, "replicas": 1, "updatedReplicas": 1, "availableReplicas": 1}
    return {
        "metadata": {"generation": generation},
        "spec": {"replicas": 1},
        "status": counted | status,
    }


@pytest.mark.parametrize(
    ("live", "rolled_out"),
    [
        (deployment(), True),
        (deployment(generation=3), False),
        (deployment(replicas=2), False),
        (deployment(updatedReplicas=0), False),
        (deployment(availableReplicas=0), False),
        ({}, False),
    ],
)
def test_a_deployment_is_rolled_out_once_only_its_newest_pods_are_there(
    live: dict[str, Any], *, rolled_out: bool
) -> None:
    assert apply.is_rolled_out(live) is rolled_out


@pytest.mark.parametrize(
    ("status", "healthy"),
    [
        ({}, False),
        ({"instances": 1}, False),
        ({"instances": 1, "readyInstances": 0}, False),
        ({"instances": 1, "readyInstances": 1}, True),
    ],
)
def test_the_cluster_is_healthy_once_every_instance_is_ready(
    status: dict[str, int], *, healthy: bool
) -> None:
    assert cloudnative_pg.is_healthy({"status": status}) is healthy


def test_a_webhook_that_does_not_answer_yet_is_asked_again(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    answers = [CommandError("failed calling webhook: refused", ""), None]

    def kubectl(*_arguments: object, **_options: object) -> str:
        if error := answers.pop(0):
            raise error
        return ""

    monkeypatch.setattr(apply, "kubectl", kubectl)
    apply.apply_once_admitted(tmp_path, [{"metadata": {"name": "x"}}])
    assert not answers


def test_what_the_api_server_refuses_is_not_asked_again(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    def kubectl(*_arguments: object, **_options: object) -> str:
        raise CommandError("unknown field", "")

    monkeypatch.setattr(apply, "kubectl", kubectl)
    with pytest.raises(CommandError, match="unknown field"):
        apply.apply_once_admitted(tmp_path, [{"metadata": {"name": "x"}}])


def test_a_box_whose_node_is_played_is_refused() -> None:
    with pytest.raises(NodeMissingError, match="NODE=real"):
        install(Box("never-brought-up"), [], [])

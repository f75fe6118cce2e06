"""The constructs are cdk8s' own: whoever knows cdk8s can patch, visit, validate and extend them."""

import dataclasses
from collections.abc import Callable
from typing import Any

import cdk8s_plus_28 as kplus
import jsii
import pytest
from cdk8s import ApiObject, ApiObjectMetadata, Chart, JsonPatch
from cdk8s import Testing as Cdk8sTesting
from constructs import IConstruct, IValidation

from railiance import DjangoApp, Platform
from railiance.app_chart import DjangoAppChart
from railiance.argocd_charts import DeliveryChart, RootChart
from railiance.parts.app_service_account import AppServiceAccount
from railiance.parts.pod import Pods
from railiance.parts.web_deployment import WebDeployment
from tests.made_up import NOTIZEN, PLAIN

ELSEWHERE = Platform(
    name="elsewhere",
    public_address="198.51.100.7",
    kubernetes_version="1.33",
    postgres_cluster="shared",
    postgres_namespace="postgres",
    postgres_host="shared-rw.postgres",
    postgres_client_label="example.org/postgres-client",
    cluster_issuer="internal-ca",
    ingress_class="haproxy",
    ingress_namespace="ingress",
    storage_class="longhorn",
    registry="registry.example.org",
    repository_url="https://git.example.org/team/apps.git",
    revision="production",
    argocd_namespace="gitops",
    reserved_hosts=(),
    reserved_namespaces=(),
    reserved_roles=(),
)
"""A cluster that has nothing in common with the production node."""


ONE_HOST = dataclasses.replace(NOTIZEN, allowed_hosts=(), additional_hosts=())
"""One document of each kind."""


def chart(app: DjangoApp = ONE_HOST) -> DjangoAppChart:
    return DjangoAppChart(Cdk8sTesting.app(), app.name, app=app, platform=ELSEWHERE)


def synth(of: Chart) -> dict[str, Any]:
    return {document["kind"]: document for document in Cdk8sTesting.synth(of)}


PARTS: dict[str, Callable[[DjangoAppChart], IConstruct | None]] = {
    "Namespace": lambda chart: chart.namespace_object,
    "Database": lambda chart: chart.database,
    "ServiceAccount": lambda chart: chart.service_account,
    "NetworkPolicy": lambda chart: chart.network_policy,
    "Job": lambda chart: chart.migrate,
    "PersistentVolumeClaim": lambda chart: chart.media,
    "Deployment": lambda chart: chart.web,
    "Service": lambda chart: chart.service,
    "Certificate": lambda chart: chart.certificate,
    "Middleware": lambda chart: chart.redirect,
    "Ingress": lambda chart: chart.ingress,
}


def test_every_document_is_an_api_object_below_the_chart() -> None:
    runs = chart()
    assert [found.kind for found in runs.api_objects] == list(PARTS)
    assert [document["kind"] for document in Cdk8sTesting.synth(runs)] == list(PARTS)


BY_CDK8S_PLUS = {
    "ServiceAccount": ("imagePullSecrets", [{"name": "registry"}]),
    "NetworkPolicy": ("spec", {"podSelector": {}, "policyTypes": ["Ingress", "Egress"]}),
}
"""Fields that Kubernetes 1.28 has: of others, cdk8s-plus drops what is patched in."""


@pytest.mark.parametrize("kind", PARTS)
def test_part_takes_patches_and_metadata(kind: str) -> None:
    runs = chart()
    part = PARTS[kind](runs)
    assert part is not None
    field, value = BY_CDK8S_PLUS.get(kind, ("anything", {"goes": [1, "yes"]}))
    ApiObject.of(part).add_json_patch(JsonPatch.add(f"/{field}", value))
    ApiObject.of(part).metadata.add_annotation("example.org/owner", "team")
    before, after = synth(chart())[kind], synth(runs)[kind]
    assert after[field] == value
    assert after["metadata"]["annotations"].pop("example.org/owner") == "team"
    assert {**after, field: None} == {**before, field: None}


def test_patch_goes_into_what_the_part_renders() -> None:
    runs = chart()
    runs.web.add_json_patch(JsonPatch.replace("/spec/replicas", 5))
    runs.web.add_json_patch(JsonPatch.add("/spec/template/spec/priorityClassName", "high"))
    spec = synth(runs)["Deployment"]["spec"]
    assert (spec["replicas"], spec["template"]["spec"]["priorityClassName"]) == (5, "high")


def test_aspect_visits_every_object() -> None:
    """cdk8s has no class for aspects: a visit of the tree is what they are made of."""
    runs = chart()
    for construct in runs.node.find_all():
        if isinstance(construct, ApiObject):
            construct.metadata.add_label("example.org/cost-centre", "4711")
    labels = [document["metadata"]["labels"] for document in Cdk8sTesting.synth(runs)]
    assert [label["example.org/cost-centre"] for label in labels] == ["4711"] * len(PARTS)


def test_validation_stops_the_synthesis_with_its_words() -> None:
    @jsii.implements(IValidation)
    class FewReplicas:
        def validate(self) -> list[str]:
            return ["two replicas are one too many"]

    runs = chart()
    runs.web.node.add_validation(FewReplicas())
    with pytest.raises(RuntimeError, match=r"notizen/web\] two replicas are one too many"):
        Cdk8sTesting.synth(runs)


def test_dependency_orders_the_documents() -> None:
    runs = chart()
    runs.service_account.node.add_dependency(runs.service)
    kinds = list(synth(runs))
    assert kinds.index("Service") < kinds.index("ServiceAccount")


def test_addition_gets_the_apps_namespace_and_labels() -> None:
    runs = chart()
    kplus.ConfigMap(runs, "banner", data={"text": "maintenance"})
    added = synth(runs)["ConfigMap"]
    assert added["metadata"]["name"] == "notizen-banner"
    assert added["metadata"]["namespace"] == "notizen"
    assert added["metadata"]["labels"]["app.kubernetes.io/part-of"] == "notizen"


def test_declaration_extends_its_own_chart_and_project() -> None:
    def extend(chart: DjangoAppChart) -> None:
        chart.web.add_json_patch(JsonPatch.add("/spec/minReadySeconds", 10))
        kplus.ConfigMap(chart, "banner", metadata=ApiObjectMetadata(name="banner"))

    runs = chart(dataclasses.replace(PLAIN, extend=extend))
    assert synth(runs)["Deployment"]["spec"]["minReadySeconds"] == 10
    delivery = DeliveryChart(Cdk8sTesting.app(), "plain", chart=runs, platform=ELSEWHERE)
    allowed = synth(delivery)["AppProject"]["spec"]["namespaceResourceWhitelist"]
    assert {"group": "", "kind": "ConfigMap"} in allowed


def test_charts_work_in_any_cdk8s_app_with_any_platform() -> None:
    app = Cdk8sTesting.app()
    runs = DjangoAppChart(app, "runs", app=NOTIZEN, platform=ELSEWHERE)
    delivery = DeliveryChart(app, "delivery", chart=runs, platform=ELSEWHERE)
    root = RootChart(app, "root", platform=ELSEWHERE)
    beside = Chart(app, "beside", namespace="elsewhere")
    kplus.ConfigMap(beside, "banner", metadata=ApiObjectMetadata(name="banner"))
    assert synth(beside)["ConfigMap"]["metadata"]["namespace"] == "elsewhere"
    assert "banner" not in str(Cdk8sTesting.synth(runs))
    text = str([Cdk8sTesting.synth(runs), Cdk8sTesting.synth(delivery), Cdk8sTesting.synth(root)])
    for fact in ("shared-rw.postgres", "internal-ca", "haproxy", "longhorn", "gitops", "v1.33"):
        assert fact in text
    for fact in (
        "railiance01",
        "apps-pg",
        "letsencrypt",
        "traefik'",
        "local-path",
        "'namespace': 'argocd'",
    ):
        assert fact not in text


def test_part_stands_in_a_chart_of_others() -> None:
    own = Chart(Cdk8sTesting.app(), "own")
    account = AppServiceAccount(own, "account", app=PLAIN)
    pods = Pods(app=PLAIN, platform=ELSEWHERE, service_account=account, annotations={})
    WebDeployment(own, "web", app=PLAIN, pods=pods)
    pod = synth(own)["Deployment"]["spec"]["template"]["spec"]
    assert pod["serviceAccountName"] == "plain"

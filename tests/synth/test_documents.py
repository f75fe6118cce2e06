"""What holds of every app's documents, whichever it is."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import yaml
from cdk8s import Testing as Cdk8sTesting

from railiance import DjangoApp
from railiance.app_chart import DjangoAppChart
from railiance.argocd_charts import DeliveryChart
from railiance.parts.typed_object import TypedObject
from tests.frozen import APPS, RAILIANCE01
from tests.made_up import NOTIZEN, PLAIN

ALL = [*APPS, NOTIZEN, PLAIN]

WAVES = {
    "Namespace": -3,
    "Database": -2,
    "ServiceAccount": -2,
    "NetworkPolicy": -2,
    "Job": -1,
    "PersistentVolumeClaim": 0,
    "Deployment": 0,
    "Service": 0,
    "Certificate": 1,
    "Middleware": 2,
    "Ingress": 2,
}

ADDITIONAL_WAVES = {("Certificate", 3), ("Middleware", 4), ("Ingress", 4)}
"""Of additional hosts."""


def chart(app: DjangoApp) -> DjangoAppChart:
    return DjangoAppChart(Cdk8sTesting.app(), app.name, app=app, platform=RAILIANCE01)


def documents(app: DjangoApp) -> dict[str, Any]:
    return {document["kind"]: document for document in Cdk8sTesting.synth(chart(app))}


def leaves(node: Any) -> Iterator[object]:
    if isinstance(node, dict):
        for key, value in node.items():
            yield key
            yield from leaves(value)
    elif isinstance(node, list):
        for value in node:
            yield from leaves(value)
    else:
        yield node


@pytest.mark.parametrize("app", ALL, ids=lambda app: app.name)
def test_documents_come_in_the_order_of_their_waves(app: DjangoApp) -> None:
    waves = [
        (document["kind"], int(document["metadata"]["annotations"]["argocd.argoproj.io/sync-wave"]))
        for document in Cdk8sTesting.synth(chart(app))
    ]
    expected = {(kind, wave) for kind, wave in WAVES.items() if app.media or "Claim" not in kind}
    assert set(waves) == (expected | ADDITIONAL_WAVES if app.additional_hosts else expected)
    assert [wave for _, wave in waves] == sorted(wave for _, wave in waves)


def test_nothing_is_specific_to_the_first_app() -> None:
    for app in (NOTIZEN, PLAIN):
        runs = chart(app)
        delivery = DeliveryChart(Cdk8sTesting.app(), app.name, chart=runs, platform=RAILIANCE01)
        words = list(leaves([*Cdk8sTesting.synth(runs), *Cdk8sTesting.synth(delivery)]))
        assert not [word for word in words if "vergabe" in str(word)]


def test_only_web_pods_mount_the_volume() -> None:
    """The migrate Job runs a wave before the claim exists: it would wait for ever."""
    rendered = documents(NOTIZEN)
    assert "notizen-media" in leaves(rendered["Deployment"])
    assert "notizen-media" not in leaves(rendered["Job"])


def test_grace_period_covers_a_longer_graceful_timeout() -> None:
    pod = documents(NOTIZEN)["Deployment"]["spec"]["template"]["spec"]
    assert pod["terminationGracePeriodSeconds"] == 10 + 60 + 5


def test_values_reach_the_yaml_as_they_were_declared(
    two_apps: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Every field and every type: cdk8s drops what it does not know, and YAML has many truths."""
    given: dict[str, Any] = {}
    init = TypedObject.__init__

    def noting(self: TypedObject, *scope: Any, **content: Any) -> None:
        given[content["kind"]] = content.get("spec")
        init(self, *scope, **content)

    monkeypatch.setattr(TypedObject, "__init__", noting)
    chart(NOTIZEN)
    text = (two_apps / "dist/notizen.k8s.yaml").read_text()
    rendered = {
        document["kind"]: document.get("spec") for document in yaml.load_all(text, yaml.CSafeLoader)
    }
    assert {kind: rendered[kind] for kind in given} == given
    assert rendered.keys() - given.keys() == {"ServiceAccount"}
    assert 'value: "yes"' in text

"""Renders charts to YAML with cdk8s; importing this starts Node.js.

Each chart has a cdk8s App of its own: an App walks and validates all of its charts for every
chart, so with one App the time would grow quadratically with the number of apps.
"""

from pathlib import Path

from cdk8s import App, Chart

from railiance import fleet, secrets
from railiance.app_chart import DjangoAppChart
from railiance.argocd_charts import DeliveryChart, RootChart
from railiance.django_app import DjangoApp
from railiance.errors import RenderError
from railiance.platform import Platform
from railiance.quoting import quote_numbers
from railiance.workers import Files


def app_files(app: DjangoApp, platform: Platform, secrets_folder: Path | None) -> Files:
    """An app's file in dist/, and its file in argocd/."""
    annotations = secrets.annotations(secrets_folder, app.name)
    runs = DjangoAppChart(App(), app.name, app=app, platform=platform, pod_annotations=annotations)
    delivery = DeliveryChart(App(), app.name, chart=runs, platform=platform)
    return {f"dist/{app.name}.k8s.yaml": _yaml(runs), f"argocd/{app.name}.yaml": _yaml(delivery)}


def root_files(platform: Platform) -> Files:
    """The root Application's file in argocd/."""
    chart = RootChart(App(), fleet.ROOT_CHART, platform=platform)
    return {f"argocd/{fleet.ROOT_CHART}.yaml": _yaml(chart)}


def _yaml(chart: Chart) -> bytes:
    try:
        text = App.of(chart).synth_yaml()
        return quote_numbers(text).encode()
    except RuntimeError as error:  # jsii reports failures in Node.js like this
        raise RenderError(f"cdk8s failed: {error}") from error

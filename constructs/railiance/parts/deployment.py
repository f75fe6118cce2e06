"""The Deployment that serves the app."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

from railiance.django_app import DjangoApp
from railiance.manage import WAIT_FOR_MIGRATIONS
from railiance.metadata import Component, component_labels, object_meta, pod_meta
from railiance.parts import media, pod
from railiance.waves import Wave

if TYPE_CHECKING:
    from imports.kubernetes import Container, Deployment, PodSpec, Probe

PRE_STOP_SECONDS = 10
"""How long a pod goes on serving after it was told to end: until no proxy sends to it any more."""
MARGIN_SECONDS = 5
START_TRIES, START_PERIOD_SECONDS = 60, 2
LIVE_PERIOD_SECONDS, LIVE_TRIES = 10, 30
"""A health path that asks the database fails while that is away, and a web container that is then
started again is away for longer: so liveness bears a restart of the database."""
OLD_REVISIONS = 5


def deployment(app: DjangoApp, pod_annotations: Mapping[str, str]) -> Deployment:
    """Web pods behind startup, readiness and liveness probes, rolled without a gap.

    A pod starts its web container once the database has every migration of its image; until then
    the container wait-for-migrations runs and says why. So new code never meets an old schema,
    whatever the order in which things were applied, and neither does a new pod after a restore.
    The new pod must be ready before the old one is told to end (maxUnavailable 0, maxSurge 1).
    The old one then serves on for 10 s, gets gunicorn's graceful timeout to finish its requests,
    and is killed 5 s later. The startup probe allows two minutes; the liveness probe ends a
    container after five minutes without an answer, the readiness probe takes it off after 15 s.
    Source: Kubernetes, "Pod Lifecycle"; gunicorn, "Settings", graceful_timeout.
    """
    return {
        "apiVersion": "apps/v1",
        "kind": "Deployment",
        "metadata": object_meta(app, app.name, Component.WEB, Wave.WEB),
        "spec": {
            "replicas": app.replicas,
            "revisionHistoryLimit": OLD_REVISIONS,
            "progressDeadlineSeconds": 300,
            "selector": {"matchLabels": component_labels(app, Component.WEB)},
            "strategy": {
                "type": "RollingUpdate",
                "rollingUpdate": {"maxUnavailable": 0, "maxSurge": 1},
            },
            "template": {
                "metadata": pod_meta(app, Component.WEB, pod_annotations),
                "spec": _web_pod(app),
            },
        },
    }


def _web_pod(app: DjangoApp) -> PodSpec:
    spec: PodSpec = {
        "initContainers": [_waiting_container(app)],
        **pod.pod_spec(app, _web_container(app)),
    }
    spec["terminationGracePeriodSeconds"] = (
        PRE_STOP_SECONDS + app.graceful_timeout_seconds + MARGIN_SECONDS
    )
    if app.media:
        media.mount(app, app.media, spec)
    return spec


def _waiting_container(app: DjangoApp) -> Container:
    waiting = pod.container(app, "wait-for-migrations")
    waiting["command"] = WAIT_FOR_MIGRATIONS
    return waiting


def _web_container(app: DjangoApp) -> Container:
    web = pod.container(app, "web")
    web["ports"] = [{"name": "http", "containerPort": app.port, "protocol": "TCP"}]
    web["startupProbe"] = _probe(app, START_PERIOD_SECONDS, START_TRIES)
    web["readinessProbe"] = _probe(app, period_seconds=5, failure_threshold=3)
    web["livenessProbe"] = _probe(app, LIVE_PERIOD_SECONDS, LIVE_TRIES)
    web["lifecycle"] = {"preStop": {"sleep": {"seconds": PRE_STOP_SECONDS}}}
    return web


def _probe(app: DjangoApp, period_seconds: int, failure_threshold: int) -> Probe:
    """Asks as the ingress controller would.

    Without the Host header Django answers 400; without X-Forwarded-Proto it redirects to another
    host, which the kubelet takes for success.
    """
    return {
        "httpGet": {
            "path": app.health_path,
            "port": "http",
            "scheme": "HTTP",
            "httpHeaders": [
                {"name": "Host", "value": app.host},
                {"name": "X-Forwarded-Proto", "value": "https"},
            ],
        },
        "periodSeconds": period_seconds,
        "timeoutSeconds": 5,
        "successThreshold": 1,
        "failureThreshold": failure_threshold,
    }

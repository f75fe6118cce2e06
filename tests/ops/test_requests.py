"""What the preflight reports about long requests and large uploads."""

from pathlib import Path
from typing import Any, cast

import pytest

from ops.documents.fleet import App, load
from ops.host.threads import begin
from ops.kinds.pod import Pod
from ops.objects.base import typed
from ops.preflight import requests_readiness
from ops.preflight.subject import Subject
from ops.results.result import Result, State
from tests import frozen
from tests.conftest import rendered
from tests.made_up import WERKSTATT, WITH_VALKEY

READ = "--entryPoints.websecure.transport.respondingTimeouts.readTimeout"


class WithTraefik:
    """A cluster whose Traefik has these arguments, or no pod."""

    def __init__(self, *arguments: str, pods: int = 1) -> None:
        container = {"name": "traefik", "args": list(arguments)}
        self.pods = [typed(Pod, {"spec": {"containers": [container]}})] * pods

    def all(self, model: type[Pod], namespace: str, labels: dict[str, str]) -> list[Pod]:
        assert model is Pod
        assert (namespace, labels) == ("kube-system", {"app.kubernetes.io/name": "traefik"})
        return self.pods


@pytest.fixture(scope="module")
def app(two_apps: Path) -> App:
    return load(two_apps).app("notizen")


def asked(app: App, cluster: WithTraefik) -> Result:
    root = load(frozen.FOLDER).root
    return requests_readiness.limits(
        Subject(app, root, cast("Any", cluster), begin(lambda: (1, 34)))
    )


@pytest.mark.parametrize(
    ("arguments", "takes"),
    [
        ((), "take 60s"),
        ((f"{READ}=600s", "--ping=true"), "take 600s"),
        ((f"{READ.lower()}=1h",), "take 1h"),
        ((f"{READ}=0s",), "take any time"),
        ((f"{READ.replace('websecure', 'web')}=5s",), "take 60s"),
    ],
)
def test_upload_may_take_what_traefik_is_told(
    app: App, arguments: tuple[str, ...], takes: str
) -> None:
    result = asked(app, WithTraefik(*arguments))
    assert result.state is State.OK
    assert result.evidence.startswith("an upload may have 256Mi (/tmp) and ")
    assert takes in result.evidence
    assert result.evidence.endswith("an answer may take 30 s with gunicorn")


def test_traefik_without_a_pod_is_a_warning(app: App) -> None:
    result = asked(app, WithTraefik(pods=0))
    assert result.state is State.WARNING
    assert "Traefik's readTimeout is unknown: it has no pod" in result.evidence
    assert "256Mi" in result.evidence


def test_declared_sizes_and_timeouts_count(tmp_path: Path) -> None:
    app = load(rendered([WERKSTATT], tmp_path, None, WITH_VALKEY)).app("werkstatt")
    result = asked(app, WithTraefik())
    assert result.evidence.startswith("an upload may have 2Gi (/tmp)")
    assert result.evidence.endswith("an answer may take 120 s with gunicorn")

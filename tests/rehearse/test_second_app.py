"""Another app beside the first, from `ops new`; and an Ingress that is not this repository's."""

from __future__ import annotations

import dataclasses
import datetime
import json
import time
from collections import Counter
from typing import TYPE_CHECKING

import pytest

from box.platform.cert_manager import ISSUER
from box.poll import until
from ops.cluster.live_object import LiveObject
from ops.documents import fleet
from ops.kinds.database import Database
from ops.kinds.description.health import State
from ops.smoke.browser import Browser
from ops.smoke.outcome import FailedError
from ops.smoke.place import Place
from tests.rehearse.conftest import GITEA_HOST, SECOND_APP, SECOND_HOST
from tests.rehearse.doorbell import Doorbell
from tests.rehearse.site import settle
from tests.rehearse.visitors import OK, PATIENCE_SECONDS

if TYPE_CHECKING:
    from collections.abc import Iterator

    from ops.documents.fleet import App
    from tests.rehearse.site import Site

GITEA = "gitea"
ANSWERS_WITHIN_SECONDS = 180
MANY_RINGS = 50


@pytest.fixture
def gitea(site: Site) -> Iterator[str]:
    """A site of somebody else's behind the same Traefik."""
    labels = {"app": GITEA}
    pod = {
        "containers": [
            {
                "name": GITEA,
                "image": site.image,
                "imagePullPolicy": "IfNotPresent",
                "command": ["python", "-m", "http.server", "3000", "--directory", "/usr/local/lib"],
            }
        ]
    }
    backend = {"service": {"name": GITEA, "port": {"number": 3000}}}
    paths = [{"path": "/", "pathType": "Prefix", "backend": backend}]
    documents = [
        named("v1", "Namespace", {}),
        named(
            "apps/v1",
            "Deployment",
            {
                "replicas": 1,
                "selector": {"matchLabels": labels},
                "template": {"metadata": {"labels": labels}, "spec": pod},
            },
        ),
        named("v1", "Service", {"selector": labels, "ports": [{"port": 3000}]}),
        named(
            "networking.k8s.io/v1",
            "Ingress",
            {
                "ingressClassName": "traefik",
                "rules": [{"host": GITEA_HOST, "http": {"paths": paths}}],
                "tls": [{"hosts": [GITEA_HOST], "secretName": f"{GITEA}-tls"}],
            },
            annotations={"cert-manager.io/cluster-issuer": ISSUER},
        ),
    ]
    text = json.dumps({"apiVersion": "v1", "kind": "List", "items": documents})
    site.kubectl("apply", "--filename=-", stdin=text)
    until(lambda: gitea_answers(site), "somebody else's site answers", ANSWERS_WITHIN_SECONDS)
    yield GITEA
    site.kubectl("delete", "namespace", GITEA, "--wait=false")


def named(version: str, kind: str, spec: object, **metadata: object) -> dict[str, object]:
    """A document of the namespace of that name."""
    place = {"name": GITEA} | ({} if kind == "Namespace" else {"namespace": GITEA})
    return {"apiVersion": version, "kind": kind, "metadata": place | metadata, "spec": spec}


def gitea_answers(site: Site) -> bool:
    """Whether somebody else's host is answered by his own pod, with its own certificate."""
    place = Place(host=GITEA_HOST, address=site.address)
    try:
        with Browser(place, site.authority, PATIENCE_SECONDS) as browser:
            return browser.get("/").status == OK
    except FailedError:
        return False


@pytest.mark.rehearsal(7, "a second app from ops new: nobody else notices")
@pytest.mark.usefixtures("gitea")
def test_second_app_disturbs_nobody(site: Site) -> None:
    second = dataclasses.replace(site, app=SECOND_APP, person=None)
    title, seen = "a second app beside the first", "nothing, on either app and on Gitea's host"
    site.begin_with("first")
    facts = "--tag first --settings vergabe_teilnahme.settings.prod"
    site.do(
        f"ops new {SECOND_APP} {facts} --repository {site.image.partition(':')[0]}",
        f"ops secrets init --app {SECOND_APP} --password-from-cluster",
        "make synth",
        "git add .sops.yaml secrets apps dist argocd",
        f"git commit --quiet --all --message '{SECOND_APP}'",
    )
    with site.unseen(7, title, seen=seen) as people, doorbell(site) as rung:
        by_hand = applied_by_hand(second)
        site.do(f"ops secrets apply --app {SECOND_APP}")
        with people.timed():
            site.do("git push --quiet")
            second.deploy()
        with second.visitors() as its_own:
            its_own.until_answered(ANSWERS_WITHIN_SECONDS)
            roll_first_app(site)
            settle()
    assert its_own.failed_later == []
    assert second.plan.host == SECOND_HOST
    answers = Counter((ring.scheme, ring.status) for ring in rung.rings)
    assert answers.keys() == {("http", OK), ("https", OK)}
    assert min(answers.values()) > MANY_RINGS
    assert gitea_answers(site)
    site.figures.times["a further app: `kubectl apply` of its documents"] = by_hand
    site.figures.times[
        "a further app: `git push` and `ops deploy`, gate and preflight included"
    ] = people.seconds
    site.figures.times["of that, its sync by Argo CD, wave by wave"] = sync_seconds(second)


def sync_seconds(second: Site) -> float:
    """How long Argo CD's sync of the app took."""
    operation = second.get("application", namespace="argocd")["status"]["operationState"]
    began, ended = (
        datetime.datetime.fromisoformat(operation[key]) for key in ("startedAt", "finishedAt")
    )
    return (ended - began).total_seconds()


def roll_first_app(site: Site) -> None:
    """Deploy another image of it, now that it is one of two."""
    site.do(
        f"ops image set --app {site.app} second",
        f"git commit --all --quiet --message '{site.app} second'",
        "git push --quiet",
    )
    site.deploy()


def doorbell(site: Site) -> Doorbell:
    """Rings at the host of somebody else's."""
    return Doorbell(Place(host=GITEA_HOST, address=site.address), "/")


def applied_by_hand(second: Site) -> float:
    """How long the app takes without Argo CD, which does not know it yet; it is gone again then."""
    file = f"dist/{SECOND_APP}.k8s.yaml"
    database = rendered_app(second).typed(Database).spec.name
    second.do(f"ops secrets apply --app {SECOND_APP}")
    start = time.monotonic()
    second.do(f"kubectl apply --filename {file}")
    until(lambda: are_all_healthy(second), "all of it is healthy", ANSWERS_WITHIN_SECONDS)
    seconds = time.monotonic() - start
    second.do(f"kubectl delete --filename {file}")
    second.sql(f"DROP DATABASE {database} WITH (FORCE)", database="postgres")
    return seconds


def rendered_app(second: Site) -> App:
    """What is rendered of the app."""
    return fleet.load(second.operator.folder).app(second.app)


def are_all_healthy(second: Site) -> bool:
    """Whether every document of the app is there, and is what Argo CD would call healthy."""
    wanted = rendered_app(second).documents
    live = ((one, second.get(one.kind.lower(), one.name, one.namespace)) for one in wanted)
    return all(
        found and LiveObject(found, one.entry).health.state is State.HEALTHY for one, found in live
    )

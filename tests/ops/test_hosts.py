"""What the operator's tool makes of an app with several hosts, of which one may have trouble."""

import socket
from concurrent.futures import Future
from pathlib import Path
from typing import Any, TypeVar, cast

import pytest

from ops.cluster.live_object import LiveObject
from ops.documents.fleet import App, load
from ops.documents.manifest import Manifest
from ops.errors import OpsError
from ops.host.threads import begin
from ops.kinds.certificate import Certificate
from ops.objects.base import Object, typed
from ops.plan.simulation import Action, sync
from ops.plan.synced_application import SyncedApplication
from ops.preflight import exposure_readiness, hosts_readiness
from ops.preflight.subject import Subject
from ops.results.result import Result, State
from ops.status import certificate_status, hosts_status
from ops.status.reading import Live
from tests import frozen

T = TypeVar("T")
MAIN, SERVED, REDIRECTED = (
    "notizen.whywhynot.de",
    "www.notizen.whywhynot.de",
    "notizen.whywhynot.org",
)
ADDRESS = frozen.RAILIANCE01.public_address
ISSUED = {
    "conditions": [{"type": "Ready", "status": "True"}],
    "notAfter": "2126-01-01T00:00:00Z",
}
REFUSED = {
    "conditions": [{"type": "Ready", "status": "False", "message": "no A record"}],
    "failedIssuanceAttempts": 1,
}
PUBLISHED = {"loadBalancer": {"ingress": [{"ip": ADDRESS}]}}


@pytest.fixture(scope="module")
def app(two_apps: Path) -> App:
    return load(two_apps).app("notizen")


def done(value: T) -> "Future[T]":
    future: Future[T] = Future()
    future.set_result(value)
    return future


def live(app: App, **status: Any) -> Live:
    """A cluster on which every document is, with these states by name, or an issued one."""
    known = {"Certificate": ISSUED, "Ingress": PUBLISHED}

    def there(manifest: Manifest) -> LiveObject:
        state = status.get(manifest.name.replace("-", "_"), known.get(manifest.kind, {}))
        return LiveObject({**manifest.content, "status": state}, manifest.entry)

    documents = (*app.documents, *app.argocd)
    return Live(
        documents={manifest: done(there(manifest)) for manifest in documents},
        all_pods=done([]),
        all_jobs=done([]),
        postgres=done(None),
        receipts=done(None),
        command_receipts=done(None),
        argocd_kinds=done(frozenset()),
    )


def test_main_host_is_found_among_several(app: App) -> None:
    assert [(host.name, host.is_redirected) for host in app.hosts] == [
        (MAIN, False),
        (SERVED, False),
        (REDIRECTED, True),
    ]
    assert app.host == MAIN
    assert [str(host.certificate) for host in app.hosts] == [
        "Certificate notizen/notizen-tls",
        "Certificate notizen/www-notizen-whywhynot-de-tls",
        "Certificate notizen/notizen-whywhynot-org-tls",
    ]


def test_several_ingresses_of_which_none_is_the_main_hosts_are_refused(app: App) -> None:
    others = [m for m in app.documents if (m.kind, m.name) != ("Ingress", "notizen")]
    headless = App(name="notizen", documents=others, argocd=app.argocd, platform=app.platform)
    with pytest.raises(OpsError, match="2 Ingresses are rendered, and none of them is named"):
        _ = headless.host


def test_additional_host_without_certificate_is_named_and_leaves_the_main_one_alone(
    app: App,
) -> None:
    seen = live(app, notizen_whywhynot_org_tls=REFUSED)
    assert certificate_status.certificate(app, seen).state is State.OK
    line = hosts_status.additional(app, seen)
    assert line
    assert line.state is State.FAILED
    assert line.evidence == "1 of 2 additional hosts can be reached"
    assert line.details == [f"{REDIRECTED}: certificate: not ready: no A record"]


def test_main_host_without_certificate_is_no_matter_of_the_additional_ones(app: App) -> None:
    seen = live(app, notizen_tls=REFUSED)
    assert certificate_status.certificate(app, seen).state is State.FAILED
    line = hosts_status.additional(app, seen)
    assert line
    assert line.state is State.OK


def test_app_with_one_host_has_no_such_line() -> None:
    app = load(frozen.FOLDER).app(None)
    assert hosts_status.additional(app, live(app)) is None


class Holding:
    """A cluster with Certificates in these states, by name."""

    def __init__(self, **status: Any) -> None:
        self.status = status

    def get(self, _: type[Object], name: str, __: str) -> Object | None:
        found = self.status.get(name.replace("-", "_"))
        return None if found is None else typed(Certificate, {"status": found})


def subject(app: App, cluster: Holding | None = None) -> Subject:
    opened = cast("Any", cluster or Holding())
    return Subject(app, load(frozen.FOLDER).root, opened, begin(lambda: (1, 34)))


def resolves(monkeypatch: pytest.MonkeyPatch, **addresses: str) -> None:
    """A resolver that knows these names, with `_` for a dot; of others it has the platform's."""

    def look_up(name: str, *_: Any, **__: Any) -> list[Any]:
        address = addresses.get(name.replace(".", "_"), ADDRESS)
        return [(socket.AF_INET, 1, 6, "", (address, 0))]

    monkeypatch.setattr(socket, "getaddrinfo", look_up)


def dns(app: App) -> tuple[Result, Result]:
    return exposure_readiness.dns(subject(app)), hosts_readiness.dns(subject(app))


def test_dns_of_an_additional_host_is_a_line_of_its_own(
    app: App, monkeypatch: pytest.MonkeyPatch
) -> None:
    resolves(monkeypatch, notizen_whywhynot_org="192.0.2.9")
    main, additional = dns(app)
    assert main.state is State.OK
    assert additional.state is State.FAILED
    assert additional.evidence == f"{REDIRECTED} → 192.0.2.9, not {ADDRESS}"
    assert REDIRECTED in additional.fix


def test_dns_of_every_additional_host_is_asked(app: App, monkeypatch: pytest.MonkeyPatch) -> None:
    resolves(monkeypatch)
    _, additional = dns(app)
    assert additional.state is State.OK
    assert additional.evidence == f"{SERVED} → {ADDRESS}; {REDIRECTED} → {ADDRESS}"


def test_pause_after_a_failed_certificate_is_named_with_what_ends_it(app: App) -> None:
    cluster = Holding(notizen_tls=ISSUED, notizen_whywhynot_org_tls=REFUSED)
    paused = hosts_readiness.certificates(subject(app, cluster))
    assert paused.state is State.WARNING
    assert paused.evidence.startswith(f"no certificate for {REDIRECTED}: ")
    assert paused.fix.endswith("`cmctl renew -n notizen notizen-whywhynot-org-tls`")
    assert hosts_readiness.certificates(subject(app)).state is State.OK


def test_everything_else_is_synced_before_an_additional_host_is_waited_for(app: App) -> None:
    application = SyncedApplication(app.application)
    steps = sync(application, list(app.documents), [])
    waited = next(
        number
        for number, step in enumerate(steps)
        if step.action is Action.WAIT and step.name == "notizen-whywhynot-org-tls"
    )
    later = {step.name for step in steps[waited + 1 :] if step.action is not Action.WAIT}
    assert later == {
        "main-host-redirect",
        "notizen-www-notizen-whywhynot-de",
        "notizen-notizen-whywhynot-org",
    }

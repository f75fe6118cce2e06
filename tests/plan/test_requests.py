"""What visitors get while a sync runs: from when, until when, and how to avoid it."""

import dataclasses
import json
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from ops.plan.as_json import as_json
from ops.plan.build import plan
from railiance import AdditionalHost, DjangoApp
from tests import frozen
from tests.conftest import rendered
from tests.made_up import NOTIZEN
from tests.plan.conftest import APP, Document, History, container, effects

OLD, NEW = "vergabe-teilnahme.whywhynot.de", "tender.whywhynot.de"
ORIGIN = dataclasses.replace(frozen.VERGABE_TEILNAHME, allowed_hosts=(), csrf_trusted_origins=())
BOTH = (AdditionalHost(host=NEW), AdditionalHost(host=OLD))
MOVE = (
    ORIGIN,
    dataclasses.replace(ORIGIN, additional_hosts=BOTH),
    dataclasses.replace(ORIGIN, host=NEW, additional_hosts=(AdditionalHost(host=OLD),)),
    dataclasses.replace(
        ORIGIN, host=NEW, additional_hosts=(AdditionalHost(host=OLD, redirect=True),)
    ),
)
"""A host that moves in three commits, as docs/how-to/hosts.md has it."""


def planned_here(history: History) -> Document:
    """The plan to the work tree, without a process of its own."""
    found: Document = json.loads(as_json(plan("HEAD", None, history.folder)))
    return found


def notes(planned: Document) -> list[str]:
    return [note for app in planned["apps"] for note in app["notes"]]


@pytest.fixture
def step(history: History, tmp_path: Path) -> Callable[[DjangoApp], Document]:
    """Renders a declaration, and plans it from the one before."""

    def render(app: DjangoApp) -> Document:
        folder = tmp_path / "rendered"
        folder.mkdir(exist_ok=True)
        rendered([app, NOTIZEN], folder)
        for name in ("dist", "argocd"):
            shutil.copytree(folder / name, history.folder / name, dirs_exist_ok=True)
        planned = planned_here(history)
        history.commit("step")
        return planned

    return render


def test_moved_host_gets_400_until_the_certificate_is_issued(history: History) -> None:
    history.replace(OLD, NEW)
    planned = history.plan(code=0)
    bad_request, warning = notes(planned)
    assert bad_request.startswith(
        f"visitors of {OLD} get 400 from wave 0 (Deployment {APP}/{APP} changes) until wave 1 "
        f"(Certificate {APP}/{APP}-tls is issued): ALLOWED_HOSTS of the new pods lacks it."
    )
    assert "for ever while a new host has no DNS record" in bad_request
    assert "docs/how-to/hosts.md, Move to another host" in bad_request
    assert f"until wave 2 (Ingress {APP}/{APP} changes)" in warning
    assert effects(planned)[f"Deployment {APP}"] == "pods roll with a gap"


def test_host_that_moves_as_the_page_says_is_always_served(
    step: Callable[[DjangoApp], Document],
) -> None:
    step(MOVE[0])
    for app in MOVE[1:]:
        planned = step(app)
        assert notes(planned) == []
        assert "pods roll with a gap" not in effects(planned).values()


def test_hosts_that_change_places_at_once_leave_the_former_one_unserved(
    step: Callable[[DjangoApp], Document],
) -> None:
    step(dataclasses.replace(ORIGIN, additional_hosts=(AdditionalHost(host=NEW),)))
    said = notes(step(MOVE[2]))
    assert any(f"{OLD} get a certificate warning from wave 1" in note for note in said)
    assert any(f"{OLD} get 404 from wave 2" in note and "until wave 4" in note for note in said)
    assert not any(f"visitors of {NEW}" in note for note in said)


def test_changed_port_is_reached_in_old_and_new_pods(step: Callable[[DjangoApp], Document]) -> None:
    step(ORIGIN)
    planned = step(dataclasses.replace(ORIGIN, port=9000))
    assert effects(planned) == {
        f"Job {APP}-migrate": "migrations run",
        f"Deployment {APP}": "pods roll without a gap",
    }
    assert notes(planned) == []


def test_new_image_says_once_that_former_code_runs_on_the_new_schema(history: History) -> None:
    history.replace(":483a4df@", ":1234567@")
    planned = history.plan(code=0)
    (note,) = notes(planned)
    assert note.startswith(
        f"the former code runs on the new image's schema from wave -1 (Job {APP}/{APP}-migrate "
        f"ends) until wave 0 (the last former pod of Deployment {APP}/{APP} ends)"
    )
    for how in ((), ("--markdown",)):
        said = history.ops("plan", "HEAD", *how, folder=history.folder).stdout
        assert said.count("former code runs on") == 1


def test_other_setting_says_nothing_of_a_schema(history: History) -> None:
    history.change(
        "Deployment", lambda d: container(d)["env"].insert(0, {"name": "A", "value": "b"})
    )
    assert notes(history.plan(code=0)) == []


def test_other_user_cannot_change_the_files_of_the_former_one(history: History) -> None:
    history.replace("runAsUser: 1000", "runAsUser: 2000")
    planned = history.plan(code=0)
    (note,) = notes(planned)
    assert note.startswith("visitors who upload get 500 from wave 0")
    assert f"PersistentVolumeClaim {APP}-media" in note
    assert "belong to user 1000" in note
    assert effects(planned)[f"Deployment {APP}"] == "pods roll with a gap"


def policy_port(history: History, port: int) -> None:
    def change(policy: Document) -> None:
        policy["spec"]["ingress"][0]["ports"] = [{"port": port, "protocol": "TCP"}]

    history.change("NetworkPolicy", change)


def port_by_number(history: History) -> None:
    """Both the policy and the pods get another number: the policy first."""
    policy_port(history, 8000)
    history.commit("by number")
    policy_port(history, 9000)
    history.change("Deployment", lambda d: container(d)["ports"][0].update(containerPort=9000))


def target_port_by_number(history: History) -> None:
    history.change("Service", lambda s: s["spec"]["ports"][0].update(targetPort=8000))
    history.commit("by number")
    history.change("Service", lambda s: s["spec"]["ports"][0].update(targetPort=9000))
    history.change("Deployment", lambda d: container(d)["ports"][0].update(containerPort=9000))


def named_port(history: History) -> None:
    history.change("Service", lambda s: s["spec"]["ports"][0].update(targetPort="web"))
    history.change("NetworkPolicy", lambda p: p["spec"]["ingress"][0].update(ports=[]))
    history.change("Deployment", lambda d: container(d)["ports"][0].update(name="web"))


def service_name(history: History) -> None:
    history.change("Service", lambda s: s["metadata"].update(name="front"))
    history.change(
        "Ingress",
        lambda i: i["spec"]["rules"][0]["http"]["paths"][0]["backend"]["service"].update(
            name="front"
        ),
    )


def service_port(history: History) -> None:
    history.change("Service", lambda s: s["spec"]["ports"][0].update(name="web"))
    history.change(
        "Ingress",
        lambda i: i["spec"]["rules"][0]["http"]["paths"][0]["backend"]["service"].update(
            port={"name": "web"}
        ),
    )


def deployment_name(history: History) -> None:
    history.change("Deployment", lambda d: d["metadata"].update(name="front"))


def origins(history: History) -> None:
    def drop(workload: Document) -> None:
        for each in workload["spec"]["template"]["spec"].get("initContainers", []):
            each["env"] = [e for e in each["env"] if e["name"] != "CSRF_TRUSTED_ORIGINS"]
        for variable in container(workload)["env"]:
            if variable["name"] == "CSRF_TRUSTED_ORIGINS":
                variable["value"] = "https://elsewhere.example.org"

    history.change("Deployment", drop)


def middleware_wave(history: History) -> None:
    """The Ingress names another Middleware, which comes a wave later."""

    def change(ingress: Document) -> None:
        annotations = ingress["metadata"]["annotations"]
        name = "traefik.ingress.kubernetes.io/router.middlewares"
        annotations[name] = f"{APP}-other@kubernetescrd"

    def move(middleware: Document) -> None:
        middleware["metadata"]["name"] = "other"
        middleware["metadata"]["annotations"]["argocd.argoproj.io/sync-wave"] = "3"

    history.change("Ingress", change)
    history.change("Middleware", move)


def selector(history: History) -> None:
    """The Service selects a label that only new pods have."""
    label = {"tier": "front"}
    history.change("Service", lambda s: s["spec"]["selector"].update(label))
    history.change(
        "Deployment", lambda d: d["spec"]["template"]["metadata"]["labels"].update(label)
    )


def policy_closes(history: History) -> None:
    policy_port(history, 9999)


def certificate_secret(history: History) -> None:
    """Ingress first, its new certificate afterwards."""

    def change(certificate: Document) -> None:
        certificate["spec"]["secretName"] = certificate["metadata"]["name"] = "front-tls"
        certificate["metadata"]["annotations"]["argocd.argoproj.io/sync-wave"] = "3"

    history.change("Certificate", change)
    history.change("Ingress", lambda i: i["spec"]["tls"][0].update(secretName="front-tls"))


@pytest.mark.parametrize(
    ("change", "status", "begins", "ends"),
    [
        (port_by_number, "502", "wave -2 (NetworkPolicy", "until wave 0 (Deployment"),
        (target_port_by_number, "502", "wave 0", "until wave 0 (Deployment"),
        (named_port, "503", "wave 0", "until wave 0 (Deployment"),
        (service_name, "404", "wave 0", "until wave 2 (Ingress"),
        (service_port, "404", "wave 0 (Service", "until wave 2 (Ingress"),
        (deployment_name, "503", "wave 0 (Deployment", "until wave 0 (Deployment"),
        (origins, "403 to every form", "wave 0 (Deployment", "and it stays so"),
        (middleware_wave, "404", "wave 2 (Middleware", "until wave 3 (Middleware"),
        (selector, "503", "wave 0", "until wave 0 (Deployment"),
        (policy_closes, "502", "wave -2 (NetworkPolicy", "and it stays so"),
        (
            certificate_secret,
            "a certificate warning",
            "wave 2 (Ingress",
            "until wave 3 (Certificate",
        ),
    ],
    ids=lambda value: value.__name__ if callable(value) else "",
)
def test_gap_is_found_where_the_request_is_lost(
    history: History, change: Callable[[History], None], status: str, begins: str, ends: str
) -> None:
    change(history)
    (note,) = (n for n in notes(planned_here(history)) if n.startswith("visitors of"))
    assert note.startswith(f"visitors of {OLD} get {status} from {begins}"), note
    assert ends in note
    assert "To avoid it, " in note


def harmless_ports(policy: Document) -> None:
    policy["spec"]["ingress"][0]["ports"] = [
        {"port": 8000, "protocol": "TCP"},
        {"port": 9000, "protocol": "TCP"},
    ]


@pytest.mark.parametrize(
    ("kind", "change"),
    [
        ("NetworkPolicy", harmless_ports),
        ("Deployment", lambda d: d["spec"].update(replicas=3)),
        ("Certificate", lambda c: c["spec"].update(renewBefore="360h")),
        ("Service", lambda s: s["spec"]["ports"].append({"name": "more", "port": 81})),
    ],
)
def test_what_every_moment_survives_is_no_gap(history: History, kind: str, change: Any) -> None:
    history.change(kind, change)
    assert notes(planned_here(history)) == []


def test_maintenance_is_meant(step: Callable[[DjangoApp], Document]) -> None:
    step(ORIGIN)
    assert notes(step(dataclasses.replace(ORIGIN, maintenance=True))) == []

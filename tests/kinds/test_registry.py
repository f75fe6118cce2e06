"""A kind is described in one file: whatever needs to know of it takes it from there."""

import json
import subprocess
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import pytest
import yaml

from ops import kinds
from ops.kinds.description.kind import Kind, Owner
from tests.conftest import ROOT
from tests.runner import Answer, own_code

APP = "vergabe-teilnahme"
DIST, PROJECT = f"dist/{APP}.k8s.yaml", f"argocd/{APP}.yaml"

WIDGET = '''
"""Widget: a made-up kind that makes pods."""

from ops.kinds.description.changes import NEW
from ops.kinds.description.effect import Effect
from ops.kinds.description.health import HEALTHY, Health, State
from ops.kinds.description.kind import (
    Data,
    Kind,
    Owner,
    Pods,
    Stage,
    Tree,
    ends_silently,
    no_references,
)
from ops.kinds.description.rule import Rule
from ops.objects.base import Object, Part, Status
from ops.objects.pod_spec import PodTemplate


class WidgetSpec(Part, frozen=True):
    """What runs."""

    template: PodTemplate = PodTemplate()


class Widget(Object, frozen=True):
    """A Widget."""

    spec: WidgetSpec = WidgetSpec()
    status: Status = Status()


def health(widget: Widget) -> Health:
    """Healthy once it turns."""
    turns = widget.status.condition("Turns")
    return HEALTHY if turns.status == "True" else Health(State.DEGRADED, turns.message)


KIND = Kind(
    kind="Widget",
    group="example.org",
    version="v1",
    plural="widgets",
    namespaced=True,
    model=Widget,
    owner=Owner.APP,
    fields=Tree.from_paths("spec.size", "spec.template.*"),
    guarded=False,
    needed=False,
    stage=Stage.PODS,
    kept=(),
    pods=Pods(
        template=lambda widget: widget.spec.template,
        labels=lambda widget: widget.spec.template.metadata.labels,
        rollout=lambda widget, claims: (Effect.ROLLS_WITH_GAP, "a widget stops to turn"),
        ends=ends_silently,
    ),
    refers_to=no_references,
    holds=Data.NONE,
    health=health,
    apply_order=None,
    recreated=Effect.ROLLS_WITH_GAP,
    changes=(
        Rule("spec.template", Effect.ROLLS, "its pods change", "https://example.org/widgets"),
        NEW,
    ),
)
'''


@pytest.fixture
def entries(tmp_path: Path) -> Path:
    """A folder with one more entry."""
    folder = tmp_path / "entries"
    folder.mkdir()
    (folder / "widget.py").write_text(WIDGET)
    return folder


def widget(image: str) -> dict[str, Any]:
    labels = {"app.kubernetes.io/name": APP, "app.kubernetes.io/managed-by": "railiance-apps"}
    metadata = {"name": "wheel", "namespace": APP, "labels": labels}
    waves = {"argocd.argoproj.io/sync-wave": "0"}
    container = {"name": "wheel", "image": image, "env": [{"name": "DEBUG", "value": "1"}]}
    return {
        "apiVersion": "example.org/v1",
        "kind": "Widget",
        "metadata": {**metadata, "annotations": waves},
        "spec": {"size": 1, "template": {"spec": {"containers": [container]}}},
    }


@pytest.fixture
def with_widget(repository: Path) -> Path:
    """A repository whose app renders a Widget, with the schema of that."""
    (repository / "imports").unlink()
    schemas = repository / "imports/schemas/example.org"
    schemas.mkdir(parents=True)
    for group in (ROOT / "imports/schemas").iterdir():
        (schemas.parent / group.name).symlink_to(group)
    (schemas / "widget_v1.json").write_text(json.dumps({"type": "object"}))
    with (repository / DIST).open("a") as file:
        file.write(f"---\n{json.dumps(widget('docker.io/library/wheel:1'))}\n")
    documents = list(yaml.safe_load_all((repository / PROJECT).read_text()))
    whitelist = documents[0]["spec"]["namespaceResourceWhitelist"]
    whitelist.append({"group": "example.org", "kind": "Widget"})
    (repository / PROJECT).write_text(yaml.safe_dump_all(documents))
    return repository


def ops(entries: Path, folder: Path, *arguments: str, **variables: str) -> Answer:
    """The operator's tool with one more entry."""
    program = (
        "import sys, ops.kinds; ops.kinds.__path__.append(sys.argv.pop(1));"
        " from ops.cli import main; main()"
    )
    paths = {"PYTHONPATH": f"{ROOT}:{ROOT / 'constructs'}"}
    return subprocess.run(
        [sys.executable, "-c", program, entries, *arguments],
        cwd=folder,
        env={**own_code(folder), **paths, "PATH": "/usr/bin:/bin", **variables},
        capture_output=True,
        text=True,
        check=False,
        timeout=60,
    )


def test_gate_checks_the_pods_of_a_new_kind(entries: Path, with_widget: Path) -> None:
    answer = ops(entries, with_widget, "gate", "--json", "dist", "argocd")
    found = {f["id"] for f in json.loads(answer.stdout)["findings"] if "Widget" in f["subject"]}
    assert {"image.E001", "image.E005", "pods.E004", "settings.E001", "network.E002"} <= found
    assert not found & {"shape.E001", "shape.E005", "ownership.E002"}, found


def test_plan_judges_a_change_of_a_new_kind(entries: Path, with_widget: Path) -> None:
    identity = ("-c", "user.name=test", "-c", "user.email=test@localhost")
    for command in (("init", "-q"), ("add", "dist", "argocd"), ("commit", "-qm", "a widget")):
        subprocess.run(["git", *identity, *command], cwd=with_widget, check=True)  # noqa: S607
    text = (with_widget / DIST).read_text()
    (with_widget / DIST).write_text(text.replace("wheel:1", "wheel:2"))
    answer = ops(entries, with_widget, "plan", "HEAD", "--json")
    (app,) = json.loads(answer.stdout)["apps"]
    changes = {change["kind"]: change for change in app["changes"]}
    assert changes["Widget"]["effect"] == "pods roll with a gap"
    assert "a widget stops to turn" in changes["Widget"]["reason"]


class _Api(BaseHTTPRequestHandler):
    """An API server that has nothing but a Namespace with a Widget."""

    def do_GET(self) -> None:
        path = self.path.partition("?")[0]
        condition = {"type": "Turns", "status": "False", "message": "it is stuck"}
        known: dict[str, Any] = {
            "/version": {"gitVersion": "v1.34.0"},
            f"/api/v1/namespaces/{APP}": {
                "apiVersion": "v1",
                "kind": "Namespace",
                "metadata": {"name": APP},
            },
            f"/apis/example.org/v1/namespaces/{APP}/widgets/wheel": {
                **widget("docker.io/library/wheel:1"),
                "status": {"conditions": [condition]},
            },
        }
        missing = {"kind": "Status", "status": "Failure", "reason": "NotFound", "code": 404}
        body = json.dumps(known.get(path, missing)).encode()
        self.send_response(200 if path in known else 404)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_: Any) -> None:
        """Keep quiet."""


@contextmanager
def api_server() -> Iterator[str]:
    with ThreadingHTTPServer(("127.0.0.1", 0), _Api) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        try:
            yield f"http://127.0.0.1:{server.server_port}"
        finally:
            server.shutdown()


def test_status_shows_the_health_of_a_new_kind(
    entries: Path, with_widget: Path, tmp_path: Path
) -> None:
    with api_server() as address:
        config = {
            "current-context": "a",
            "contexts": [{"name": "a", "context": {"cluster": "a", "user": "a"}}],
            "clusters": [{"name": "a", "cluster": {"server": address}}],
            "users": [{"name": "a", "user": {}}],
        }
        (tmp_path / "kubeconfig").write_text(json.dumps(config))
        variables = {"KUBECONFIG": str(tmp_path / "kubeconfig"), "NO_PROXY": "*"}
        answer = ops(entries, with_widget, "status", "--json", **variables)
    results = {result["id"]: result for result in json.loads(answer.stdout)["results"]}
    assert results["objects"]["state"] == "failed"
    assert f"Widget {APP}/wheel: it is stuck" in results["objects"]["details"]


@pytest.mark.parametrize(
    ("left_out", "sentence"),
    [
        ("    holds=Data.NONE,\n", "widget.py: Kind.__init__() missing"),
        ('    plural="widgets",\n', "'plural'"),
        ("KIND = ", "widget.py: has no KIND"),
        ('kind="Widget"', "missing 1 required keyword-only argument: 'kind'"),
    ],
)
def test_incomplete_entry_does_not_load(
    entries: Path, with_widget: Path, left_out: str, sentence: str
) -> None:
    replacement = "X = " if left_out == "KIND = " else ""
    text = WIDGET.replace(left_out, replacement).replace("    ,\n", "")
    (entries / "widget.py").write_text(text)
    answer = ops(entries, with_widget, "gate", "dist", "argocd")
    assert answer.returncode == 1
    assert sentence in answer.stderr


@pytest.mark.parametrize("entry", kinds.every(), ids=lambda entry: entry.kind)
def test_entry_is_found_by_its_kind_and_group(entry: Kind[Any]) -> None:
    assert kinds.find(entry.group, entry.kind) is entry
    assert kinds.find("elsewhere.example.org", entry.kind) is None
    assert kinds.owner(entry.group, entry.kind) is entry.owner


@pytest.mark.parametrize("name", ["Novelty", "", "../../evil", "__init__", "deployment", "Kind"])
def test_kind_without_an_entry_is_none(name: str) -> None:
    assert kinds.by_name(name) is None
    assert kinds.owner("", name) is Owner.OPTIONAL

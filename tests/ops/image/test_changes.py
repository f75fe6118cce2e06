"""Every change that the how-to pages describe, made on a copy of production: tests/live passes."""

import ast
import io
import re
import sys
from collections.abc import Iterator
from contextlib import redirect_stdout
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

import pytest

from box.certificates import Authority
from ops.declarations import declared_app
from ops.declarations.declaration_source import file_of
from ops.documents.fleet import App, load
from ops.new.facts import Facts, defaults
from ops.secrets.wanted import Wanted
from ops.secrets.wanted_key import GIVEN
from tests.conftest import CODE, ROOT, Run, copy, equipped
from tests.ops.image.conftest import OWN_CONFIGURATION, Desk, copied, reaching, under_git
from tests.ops.image.gateway import Gateway
from tests.ops.image.images import Pusher

pytestmark = pytest.mark.slow

TAG = "c0ffee1"
DIGEST = "sha256:" + "0123456789abcdef" * 4
SECRETS = (".sops.yaml", "secrets/*.sops.yaml")
LIVE = ("apps", "dist", "argocd", "secrets", "docs", *(f.name for f in ROOT.glob(".sops.yaml")))


@dataclass
class Production(Desk):
    """An operator's clone of what runs in production, and the first app there, whichever it is."""

    program: Run | None = None

    @cached_property
    def app(self) -> App:
        """As it is before anything is changed."""
        return load(self.folder).all()[0]

    @property
    def declared(self) -> Path:
        return file_of(self.folder, self.app.name)

    @property
    def rendered(self) -> str:
        return self.text(f"dist/{self.app.name}.k8s.yaml")

    def succeed(self, *arguments: str, stdin: str = "") -> None:
        """The operator's tool does what it is told."""
        answer = self.ops(*arguments, stdin=stdin)
        assert answer.returncode == 0, answer.stderr

    def synth(self) -> None:
        """What `make synth` runs."""
        assert self.program
        answer = self.program(sys.executable, "-O", "app.py", folder=self.folder)
        assert answer.returncode == 0, answer.stderr

    def check(self) -> tuple[int, str]:
        """Runs tests/live there; pytest's exit code, and what it printed."""
        printed = io.StringIO()
        here = ("-p", "no:xdist", "-p", "no:faulthandler", "--capture=no", "--quiet")
        with redirect_stdout(printed):
            code = pytest.main([str(ROOT / "tests/live"), f"--live={self.folder}", *here])
        return int(code), printed.getvalue()

    def passes(self) -> None:
        code, printed = self.check()
        assert code == 0, printed


@pytest.fixture(scope="session")
def committed(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """What this repository declares and renders now, in git of its own."""
    folder = copy((*CODE, *LIVE), tmp_path_factory.mktemp("production"))
    return under_git(equipped(folder))


@pytest.fixture
def production(committed: Path, tmp_path: Path, run: Run, ops: Run) -> Production:
    folder = copied(committed, tmp_path / "clone")
    variables = {**OWN_CONFIGURATION, "SOPS_AGE_KEY_FILE": str(tmp_path / "key")}
    return Production(folder, ops, variables, program=run)


@pytest.fixture
def pusher(registry_address: str, production: Production) -> Pusher:
    """Pushes the images of that app."""
    return Pusher(registry_address, production.app.image.partition(":")[0].partition("/")[2])


@pytest.fixture
def gateway(
    registry_address: str, authority: Authority, production: Production, tmp_path: Path
) -> Iterator[Gateway]:
    """Leads to the registry under the name that production has for it."""
    host = production.app.image.partition("/")[0]
    certificate = authority.issue(tmp_path / "registry", user=host, hosts=[host])
    with Gateway(registry_address, certificate) as gateway:
        production.variables = {
            **production.variables,
            **reaching(gateway, authority, tmp_path),
        }
        yield gateway


@pytest.mark.usefixtures("gateway")
def test_new_tag_and_rollback(production: Production, pusher: Pusher) -> None:
    named = f"--app={production.app.name}"
    pusher.migrations(TAG, ["0001_initial"])
    production.succeed("image", "set", TAG, named)
    production.commit("a new tag")
    assert production.git("diff", "--stat", "HEAD~1")
    production.passes()
    production.succeed("rollback", named, "--schema-is-compatible", "--reason=500 on login")
    assert not production.git("diff", "HEAD~2")  # so it passes as it did before


def test_first_secrets(production: Production) -> None:
    for pattern in SECRETS:
        for file in production.folder.glob(pattern):
            file.unlink()
    keys = Wanted.by(production.app).of(GIVEN)
    given = "".join(f"{key.name}=made-up\n" for key in keys)
    named = f"--app={production.app.name}"
    production.succeed("secrets", "init", "--make-key", "--stdin", named, stdin=given)
    production.synth()
    assert "railiance.io/secrets-digest" in production.rendered
    production.passes()


def test_second_app_first_one_removed_and_ten_apps(production: Production) -> None:
    before = len(load(production.folder).all())
    production.succeed("new", "made-up-app", "--tag=v1", f"--digest={DIGEST}", "--media=1Gi")
    production.passes()

    apps = production.folder / "apps/__init__.py"
    production.declared.unlink()
    module = declared_app.module(production.app.name)
    line = rf"(?m)^from apps\.{module} import .*\n|\b{module.upper()},?"
    apps.write_text(re.sub(line, "", apps.read_text()))
    production.synth()
    assert production.app.name not in load(production.folder).apps
    production.passes()

    fleet = load(production.folder)
    for number in range(before, 10):
        name = f"made-up-app-{number}"
        facts = Facts(name=name, like="plain", tag="v1", digest=DIGEST, **defaults(name, fleet))
        source = declared_app.source(facts, production.folder)
        file_of(production.folder, name).write_bytes(source)
        apps.write_bytes(declared_app.listed(apps, name, production.folder))
    production.synth()
    assert len(load(production.folder).all()) >= 10
    production.passes()


CHANGES = {
    "replicas=2": "replicas: 2",
    "port=8123": "containerPort: 8123",
    'health_path="/elsewhere/"': "path: /elsewhere/",
    'environment={"A_NEW_SETTING": "on"}': "name: A_NEW_SETTING",
    'media=MediaVolume(mount_path="/m", size="77Gi")': "storage: 77Gi",
}


def test_changed_fields(production: Production) -> None:
    """With a line more above them, so that nothing in the declaration is where it was."""
    changed = production.declared.read_text()
    for field in CHANGES:
        changed = with_field(changed, field)
    production.declared.write_text(f"from railiance import MediaVolume\n{changed}")
    production.synth()
    assert [shown for shown in CHANGES.values() if shown not in production.rendered] == []
    production.passes()


def test_another_host_and_no_volume(production: Production) -> None:
    host, text = production.app.host, production.declared.read_text()
    changed = with_field(text.replace(host, "elsewhere.whywhynot.de"), "media=None")
    production.declared.write_text(changed)
    production.synth()
    assert "- elsewhere.whywhynot.de\n" in production.rendered
    assert "PersistentVolumeClaim" not in production.rendered
    production.passes()


def test_what_is_not_rendered_fails(production: Production) -> None:
    """Neither a change of the declaration, nor a name in the app's runbook."""
    setting = 'environment={"SET_BY_NOBODY_ELSE": "on"}'
    production.declared.write_text(with_field(production.declared.read_text(), setting))
    page = production.folder / f"docs/{production.app.name}.md"
    page.write_text("`kubectl --namespace nonesuch get pods`")
    code, printed = production.check()
    assert code == pytest.ExitCode.TESTS_FAILED
    assert "freshness.E001" in printed
    assert f"docs/{production.app.name}.md names {{'nonesuch'}}" in printed


def with_field(source: str, field: str) -> str:
    """A declaration with a field changed, or set if it was left to its default."""
    (call,) = (
        node
        for node in ast.walk(ast.parse(source))
        if isinstance(node, ast.Call) and ast.unparse(node.func) == "DjangoApp"
    )
    for keyword in call.keywords:
        if keyword.arg == field.partition("=")[0]:
            old = ast.get_source_segment(source, keyword)
            assert old
            return source.replace(old, field, 1)
    return source.replace("DjangoApp(\n", f"DjangoApp(\n    {field},\n", 1)

"""With two apps every command that is printed names the app, and runs as printed."""

import re
import shlex
import shutil
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.conftest import Run
from tests.ops.api import Api, serving
from tests.ops.secrets.operator import APP, Operator
from tests.runner import OPS, Answer, own_code

FIRST, SECOND = "vergabe-teilnahme", "werkbank"
RENAMED = (
    *((FIRST, SECOND), ("VERGABE_TEILNAHME", "WERKBANK"), ("vergabe_db", "werkbank_db")),
    *(('"vergabe"', '"werkbank"'), ("vergabe_teilnahme", "werkbank")),
)
PATH = f"{Path(sys.executable).parent}:/usr/local/bin:/usr/bin:/bin"
CONFIRM = ("--confirm-context", "railiance01")


def namespace(name: str) -> dict[str, Any]:
    return {"apiVersion": "v1", "kind": "Namespace", "metadata": {"name": name}}


@pytest.fixture
def api(tmp_path: Path) -> Iterator[Api]:
    names = (FIRST, SECOND, APP)
    there = {f"/api/v1/namespaces/{name}": namespace(name) for name in names}
    with serving(Api(objects=there)) as api:
        api.kubeconfig(tmp_path)
        yield api


@pytest.fixture
def two(two_apps: Path, tmp_path: Path, api: Api) -> Operator:
    """An operator at rendered YAML of two apps, and a cluster."""
    assert api
    folder, home = tmp_path / "repository", tmp_path / "home"
    shutil.copytree(two_apps, folder)
    home.mkdir()
    return Operator(folder, home, variables={"KUBECONFIG": str(tmp_path / "kubeconfig")})


@pytest.fixture
def complete(repository: Path, tmp_path_factory: pytest.TempPathFactory, api: Api) -> Operator:
    """An operator at a git repository that declares two apps, and a cluster."""
    text = (repository / "apps/vergabe_teilnahme.py").read_text()
    for old, new in RENAMED:
        text = text.replace(old, new)
    (repository / "apps/werkbank.py").write_text(text)
    (repository / "apps/__init__.py").write_text(
        "from apps.vergabe_teilnahme import VERGABE_TEILNAHME\nfrom apps.werkbank import WERKBANK\n"
        "\nAPPS = (VERGABE_TEILNAHME, WERKBANK)\n"
    )
    home = tmp_path_factory.mktemp("home")
    (home / ".gitconfig").write_text("[user]\nname = test\nemail = test@localhost\n")
    operator = Operator(repository, home, app=SECOND)
    operator.variables = {
        "KUBECONFIG": api.kubeconfig(home),
        "PATH": PATH,
        **own_code(repository),
    }
    operator.run("git", "init", "--quiet", "--initial-branch=main")
    operator.run("git", "init", "--quiet", "--bare", home / "remote")
    operator.run("git", "remote", "add", "origin", home / "remote")
    assert make_synth(operator).returncode == 0
    operator.run("git", "add", "apps", "dist", "argocd")
    operator.run("git", "commit", "--quiet", "--message", "two apps")
    return operator


def make_synth(operator: Operator) -> Answer:
    return operator.run(sys.executable, "-O", "app.py")


def follow(operator: Operator, answer: Answer) -> list[str]:
    """Runs the commands below "Next:" as they are printed; what was run."""
    assert answer.returncode == 0, answer.stdout + answer.stderr
    steps = answer.stdout.partition("Next:\n")[2].splitlines()
    commands = [line.partition(" # ")[0].strip() for line in steps]
    for command in commands:
        done = _done(operator, shlex.split(command))
        assert done.returncode == 0, f"{command}: {done.stdout}{done.stderr}"
    return commands


def _done(operator: Operator, words: list[str]) -> Answer:
    if words == ["make", "synth"]:
        return make_synth(operator)
    if words == ["git", "push"]:
        return operator.run("git", "push", "--quiet", "origin", "main")
    if words[0] == "ops":
        return operator.run(*OPS, *words[1:], *CONFIRM)
    return operator.run(*words)


def test_steps_after_first_set_up_and_rotation(complete: Operator, ops: Run, api: Api) -> None:
    api.objects["/api/v1/namespaces/databases"] = namespace("databases")
    ran = follow(complete, complete.ops("init", "--make-key", "--app", SECOND))
    assert f"ops secrets apply --app {SECOND}" in ran
    secret = f"/api/v1/namespaces/{SECOND}/secrets/{SECOND}-env"
    before = api.objects[secret]["data"]
    assert sorted(before) == ["DATABASE_URL", "SECRET_KEY"]
    planned = ops("plan", "HEAD~1", "HEAD", folder=complete.folder)
    assert planned.returncode == 0, planned.stdout
    ran = follow(complete, complete.ops("rotate", "password", "--app", SECOND))
    assert f"ops secrets apply --platform --app {SECOND}" in ran
    assert api.objects[secret]["data"]["DATABASE_URL"] != before["DATABASE_URL"]


def test_commands_in_messages_name_the_app(two: Operator) -> None:
    for verb in ("check", "edit"):
        answer = two.ops(verb, "--app", APP)
        said = re.findall(r"`(ops secrets [^`]*)`", answer.stdout + answer.stderr)
        assert said
        assert {command.rpartition(" --app ")[2] for command in said} == {APP}


def test_new_operator_is_told_of_the_files_of_all_apps(two: Operator, tmp_path: Path) -> None:
    two.init("--app", APP)
    assert two.ops("init", "--app", FIRST).returncode == 0
    other = Operator(two.folder, tmp_path / "other")
    other.home.mkdir()
    answer = other.ops("init", "--make-key", "--app", FIRST)
    commands = re.findall(r"`sops ([^`]*)`", answer.stdout)
    assert len(commands) == 2
    for command in commands:
        sops = Path(sys.executable).with_name("sops")
        assert two.run(sops, *shlex.split(command), stdin="y\n").returncode == 0
    assert other.values()


def test_missing_namespace_of_the_platform_is_named(two: Operator, api: Api) -> None:
    two.init("--app", APP)
    answer = two.ops("apply", "--platform", "--app", APP, *CONFIRM)
    assert answer.returncode == 1
    assert "nothing was applied: the cluster has no Namespace databases" in answer.stderr
    assert not [path for path in api.objects if "/secrets/" in path]


def test_reader_who_is_not_in_the_branch_yet_is_named(two: Operator) -> None:
    two.variables["EDITOR"] = "true"
    identity = ("-c", "user.name=test", "-c", "user.email=test@localhost")
    commit = ("git", *identity, "commit", "--quiet", "--message", "x")
    two.init("--app", APP)
    two.run("git", "init", "--quiet")
    two.run("git", "add", "dist")
    two.run(*commit)
    for verb in (("edit",), ("apply", *CONFIRM)):
        said = two.ops(*verb, "--app", APP).stderr
        assert "can decrypt it, and is not in .sops.yaml of HEAD" in said
    two.run("git", "add", ".sops.yaml")
    two.run(*commit)
    assert two.ops("edit", "--app", APP).stderr == ""

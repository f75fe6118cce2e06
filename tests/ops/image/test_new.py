"""`ops new`: an app that passes the gate, or nothing at all."""

import os
import pty
import re
import shlex
import subprocess
import sys
import time
from pathlib import Path

import pytest

from ops.declarations import declared_app
from ops.errors import OpsError
from ops.host.files import contents
from ops.new.facts import refuse_wrong_name
from tests.conftest import ROOT, Run
from tests.ops.image.conftest import HOST, Desk
from tests.ops.image.images import Pusher, layer

DIGEST = "sha256:" + "0123456789abcdef" * 4
GIVEN = ("--tag", "v1", "--digest", DIGEST)


def untouched(desk: Desk) -> dict[Path, bytes]:
    return contents([desk.folder / name for name in ("apps", "dist", "argocd")])


def test_app_of_defaults_passes_gate_and_ruff(desk: Desk, run: Run, registry_address: str) -> None:
    digest = Pusher(registry_address, "coulomb/mein-lager").image("v1", layer("a"))
    answer = desk.ops("new", "mein-lager", "--tag", "v1")
    assert answer.returncode == 0, answer.stderr
    assert desk.text("apps/mein_lager.py") == (
        f'''"""mein-lager: a Django app."""

from railiance import DjangoApp, Image, SharedDatabase

MEIN_LAGER = DjangoApp(
    name="mein-lager",
    host="mein-lager.whywhynot.de",
    image=Image(
        repository="{HOST}/coulomb/mein-lager",
        tag="v1",
        digest="{digest}",
    ),
    settings_module="mein_lager.settings.prod",
    replicas=1,
    database=SharedDatabase(name="mein_lager", role="mein_lager"),
)
'''
    )
    gate = desk.ops("gate")
    assert gate.returncode == 0, gate.stdout
    assert "Deployment mein-lager/mein-lager" in gate.stdout
    for work in (("check",), ("format", "--check")):
        ruff = run("ruff", *work, "apps", folder=desk.folder)
        assert ruff.returncode == 0, ruff.stdout
    for step in (
        "1. DNS: an A record for mein-lager.whywhynot.de, to 92.205.130.254\n",
        "the role mein_lager in the shared cluster (spec.managed.roles of apps-pg)",
        "3. ops secrets init --app mein-lager\n   make synth\n   ops plan HEAD\n",
        '   git commit -m "mein-lager: a new app"\n',
    ):
        assert step in answer.stdout
    again = desk.refusal("new", "mein-lager", *GIVEN)
    assert "apps/mein_lager.py already exists; `ops image set TAG --app mein-lager`" in again


@pytest.mark.slow
def test_app_with_celery_passes_the_gate(desk: Desk) -> None:
    platform = desk.folder / "constructs/railiance/railiance01.py"
    image = f'    valkey_image="{HOST}/platform/valkey:9.1.2@{DIGEST}",\n)'
    celery = ("--like", "celery", "--settings", "laden.settings.prod", *GIVEN)
    refusal = desk.refusal("new", "laden", *celery)
    assert "laden: railiance01 has no Valkey image; set valkey_image of the platform" in refusal
    platform.write_text(platform.read_text().rstrip().removesuffix(")") + image)
    answer = desk.ops("new", "laden", *celery)
    assert answer.returncode == 0, answer.stderr
    declared = desk.text("apps/laden.py")
    assert 'urls={"CELERY_BROKER_URL": 0, "CACHE_URL": 1}' in declared
    assert 'command=("celery", "--app=laden", "worker")' in declared
    rendered = desk.text("dist/laden.k8s.yaml")
    for name in ("laden-worker", "laden-beat", "laden-clear-sessions", "laden-valkey"):
        assert f"name: {name}\n" in rendered


def asked(desk: Desk, typed: bytes, *arguments: str) -> subprocess.CompletedProcess[str]:
    """What is said on a terminal on which this is typed."""
    ours, theirs = pty.openpty()
    try:
        os.write(ours, typed)
        return subprocess.run(
            [sys.executable, "-m", "ops", "new", *arguments],
            cwd=desk.folder,
            env={**os.environ, **desk.variables},
            stdin=theirs,
            capture_output=True,
            text=True,
            check=False,
            timeout=60,
        )
    finally:
        os.close(ours)
        os.close(theirs)


@pytest.mark.slow
def test_terminal_is_asked_for_what_is_not_given(desk: Desk) -> None:
    answers = ("lager.whywhynot.de", "", "", "lager_db", "", "5Gi", "none", "2")
    typed = "".join(f"{answer}\n" for answer in answers).encode()
    answer = asked(desk, typed, "lager", *GIVEN)
    assert answer.returncode == 0, answer.stderr
    assert "Host [lager.whywhynot.de]: " in answer.stdout
    assert "Image tag" not in answer.stdout
    text = desk.text("apps/lager.py")
    assert 'database=SharedDatabase(name="lager_db", role="lager"),' in text
    assert 'media=MediaVolume(mount_path="/app/media", size="5Gi"),' in text
    assert "replicas=2,\n" in text


def test_no_terminal_and_no_tag_is_wrong_use(desk: Desk) -> None:
    before = untouched(desk)
    answer = desk.ops("new", "lager")
    assert answer.returncode == 2
    assert answer.stderr == "error: non-interactive: give --tag\n"
    assert untouched(desk) == before


def test_every_printed_step_can_be_run(desk: Desk, tmp_path: Path) -> None:
    own = {"SOPS_AGE_KEY_FILE": str(tmp_path / "keys.txt"), "KUBECONFIG": str(tmp_path / "none")}
    desk.variables = {**desk.variables, **own}
    desk.done("ops secrets init --make-key --app vergabe-teilnahme")
    desk.done("git add .sops.yaml secrets")
    desk.commit("the first secrets")
    printed = desk.ops("new", "lager", *GIVEN)
    run_steps(desk, printed.stdout, APPLY)
    again = desk.ops("secrets", "rotate", "SECRET_KEY", "--app", "lager")
    run_steps(desk, again.stdout, APPLY)
    password = desk.ops("secrets", "rotate", "password", "--app", "lager")
    run_steps(desk, password.stdout, "ops secrets apply --platform --app lager")
    assert desk.is_clean


APPLY = "ops secrets apply --app lager"


def run_steps(desk: Desk, printed: str, apply: str) -> None:
    """Runs what stands in the lines below «Next:»; only the cluster and the remote are missing."""
    lines = [re.sub(r"^[0-9]+\. |#.*", "", line.strip()) for line in printed.splitlines()]
    parts = [part.strip() for line in lines for part in line.split("&&")]
    commands = [part for part in parts if part.startswith(("ops ", "make ", "git "))]
    assert apply in commands
    for command in commands:
        if command.startswith("ops secrets apply"):
            assert "there is no kubeconfig" in desk.failure(*shlex.split(command)[1:])
        elif not command.startswith("git push"):
            desk.done(f"{command} -m x" if command == "git commit" else command)


@pytest.mark.slow
@pytest.mark.parametrize("seconds", [0.0, 0.5, 1.0, 1.5, 2.0])
def test_killed_it_leaves_no_files(desk: Desk, seconds: float) -> None:
    before = untouched(desk)
    program = [sys.executable, "-m", "ops", "new", "lager", *GIVEN]
    with subprocess.Popen(program, cwd=desk.folder, stdout=subprocess.DEVNULL) as process:
        while not list(desk.folder.glob(".staged-*")):
            time.sleep(0.01)
            assert process.poll() is None
        time.sleep(seconds)
        process.kill()
    if process.returncode == 0:  # on a fast machine it had ended, whole
        assert (desk.folder / "dist/lager.k8s.yaml").exists()
        assert not list(desk.folder.glob(".staged-*"))
        return
    assert untouched(desk) == before
    again = desk.ops("new", "lager", *GIVEN)
    assert again.returncode == 0, again.stderr
    assert not list(desk.folder.glob(".staged-*"))


FAILURES = {
    "a wrong host": (("--host", "https://x.de"), "DjangoApp.host: 'https://x.de' has a scheme"),
    "another's host": (
        ("--host", "vergabe-teilnahme.whywhynot.de"),
        " both have host 'vergabe-teilnahme.whywhynot.de'; give one of them its own",
    ),
    "text that ends the text": (("--settings", 'a")'), "DjangoApp.settings_module: 'a\")' is not"),
}


@pytest.mark.parametrize(("arguments", "sentence"), FAILURES.values(), ids=FAILURES)
def test_wrong_fact_leaves_nothing_behind(
    desk: Desk, arguments: tuple[str, ...], sentence: str
) -> None:
    before = untouched(desk)
    refusal = desk.refusal("new", "lager", *GIVEN, *arguments)
    assert sentence in refusal
    assert "lager.py" not in refusal
    assert untouched(desk) == before


def test_app_that_the_gate_refuses_leaves_nothing_behind(desk: Desk) -> None:
    (desk.folder / "secrets").mkdir(exist_ok=True)
    (desk.folder / "secrets/app.yaml").write_text("a: b\n")
    before = untouched(desk)
    refusal = desk.refusal("new", "lager", *GIVEN)
    assert "the gate failed, so nothing was changed:\nsecrets" in refusal
    assert "secrets.E005" in refusal
    assert untouched(desk) == before


def test_tag_that_is_missing_leaves_nothing_behind(desk: Desk) -> None:
    before = untouched(desk)
    refusal = desk.refusal("new", "lager", "--tag", "v1")
    assert f"registry {HOST} has no coulomb/lager with 'v1'; push it" in refusal
    assert refusal.endswith("; or give --digest\n")
    assert untouched(desk) == before


NAMES = {
    "../x": "'../x' is not a DNS label; use a-z, 0-9 and inner hyphens",
    "": "'' is not a DNS label",
    'a"\n': r"""'a"\n' is not a DNS label""",
    "Lager": "'Lager' is not a DNS label",
    "1a": "'1a' starts with a digit",
    "a" * 60: "is too long for",
    "\udcff": r"'\udcff' is not a DNS label",
}


@pytest.mark.parametrize(("name", "sentence"), NAMES.items())
def test_hostile_name_gets_the_declarations_own_sentence(name: str, sentence: str) -> None:
    with pytest.raises(OpsError) as caught:
        refuse_wrong_name(name)
    assert str(caught.value).startswith("DjangoApp.name: ")
    assert sentence in str(caught.value)


def test_name_that_cannot_be_is_refused_at_once(desk: Desk) -> None:
    assert desk.refusal("new", "../x").startswith("error: DjangoApp.name: '../x' is not a DNS")
    assert "'import' is a Python keyword" in desk.refusal("new", "import")


HEAD = b'"""Apps."""\n\n'
LISTS = {
    "the first": (
        b"from apps.z import Z\n\nAPPS = (Z,)\n",
        b"from apps.m import M\nfrom apps.z import Z\n\nAPPS = (\n    M,\n    Z,\n)\n",
    ),
    "the last": (
        b"from apps.a import A\n\nAPPS = (A,)  # \xc3\xbc\n",
        b"from apps.a import A\nfrom apps.m import M\n\nAPPS = (\n    A,\n    M,\n)  # \xc3\xbc\n",
    ),
    "between": (
        b"from apps.a import A\nfrom apps.z import Z\n\nAPPS = (\n    A,  # first\n    Z,\n)\n",
        b"from apps.a import A\nfrom apps.m import M\nfrom apps.z import Z\n\n%s"
        % b"APPS = (\n    A,  # first\n    M,\n    Z,\n)\n",
    ),
    "without a comma at the end": (
        b"from apps.a import A, B\n\nAPPS = (A, B)\n",
        b"from apps.a import A, B\nfrom apps.m import M\n\nAPPS = (A, B, M)\n",
    ),
    "alone": (b"APPS = ()\n", b"from apps.m import M\n\nAPPS = (M,)\n"),
}


@pytest.mark.parametrize(("before", "after"), LISTS.values(), ids=LISTS)
def test_list_gets_one_more_in_its_place(tmp_path: Path, before: bytes, after: bytes) -> None:
    (file := tmp_path / "__init__.py").write_bytes(HEAD + before)
    assert declared_app.listed(file, "m", ROOT) == HEAD + after


@pytest.mark.parametrize("text", ["", "APPS = [A]\n", "APPS = (f(),)\n", "APPS = (\n", "\0"])
def test_list_of_another_form_is_refused(tmp_path: Path, text: str) -> None:
    (file := tmp_path / "__init__.py").write_text(text)
    with pytest.raises(OpsError) as caught:
        declared_app.listed(file, "m", ROOT)
    assert str(caught.value).startswith(str(file))


@pytest.mark.slow
def test_role_is_asked_of_nobody_where_it_comes_with_the_app(desk: Desk, run: Run) -> None:
    platform = desk.folder / "constructs/railiance/railiance01.py"
    text = platform.read_text().replace('    name="', '    cloudnative_pg="1.30",\n    name="', 1)
    platform.write_text(text)
    assert run(sys.executable, "app.py", folder=desk.folder).returncode == 0
    answer = desk.ops("new", "lager", *GIVEN)
    assert answer.returncode == 0, answer.stderr
    assert "2. ops secrets init --app lager\n" in answer.stdout
    assert "railiance-platform" not in answer.stdout
    assert "kind: DatabaseRole" in desk.text("dist/lager.k8s.yaml")

"""`make synth` and `cdk8s synth`: the same bytes anywhere, all or nothing, nothing left over."""

import os
import shutil
import signal
import sys
from pathlib import Path

import pytest

from tests import frozen
from tests.conftest import ROOT, Run, content, rendered
from tests.made_up import NOTIZEN, PLAIN
from tests.synth.conftest import Synth, declaration, edit


def render(checkout: Path) -> str:
    """Everything that is rendered of a checkout's declarations, in this process: it is quicker."""
    app = frozen.declared(checkout, "apps/vergabe_teilnahme.py", "VERGABE_TEILNAHME")
    platform = frozen.declared(checkout, frozen.PLATFORM, "RAILIANCE01")
    return b"".join(content(rendered([app], checkout, None, platform)).values()).decode()


def test_another_folder_gets_what_is_rendered(
    run: Run, frozen_repository: Path, tmp_path: Path
) -> None:
    answer = run(sys.executable, "app.py", tmp_path, folder=frozen_repository)
    assert (answer.returncode, answer.stdout, answer.stderr) == (0, "", "")
    assert content(tmp_path) == content(frozen.FOLDER)


SLOW_SEEDS = [pytest.param(seed, marks=pytest.mark.slow) for seed in ("0", "1")]


@pytest.mark.parametrize("seed", [*SLOW_SEEDS, "4711"])
def test_bytes_depend_on_neither_folder_nor_hash_seed(
    checkout: Path, synth: Synth, seed: str
) -> None:
    before = content(checkout)
    shutil.rmtree(checkout / "dist")
    answer = synth(checkout, PYTHONHASHSEED=seed, LANG="C", TZ="Asia/Tokyo")
    assert answer.returncode == 0, answer.stderr
    assert content(checkout) == before


@pytest.mark.slow
def test_cdk8s_synth_gives_the_same_bytes(checkout: Path, run: Run) -> None:
    before = content(checkout)
    shutil.rmtree(checkout / "argocd")
    (checkout / ".venv").symlink_to(ROOT / ".venv")
    path = f"{checkout}:{checkout / 'constructs'}"
    answer = run(
        ROOT / "node_modules/.bin/cdk8s",
        *("synth", "--check-upgrade=false"),
        folder=checkout,
        PYTHONPATH=path,
    )
    assert answer.returncode == 0, answer.stderr
    assert ".synth/dist/vergabe-teilnahme.k8s.yaml" in answer.stdout
    assert content(checkout) == before


FACTS = {
    "name": ('name="vergabe-teilnahme"', 'name="vergabe"', "namespace: vergabe\n"),
    "host": ("vergabe-teilnahme.whywhynot.de", "tender.whywhynot.de", "- tender.whywhynot.de\n"),
    "image": (
        "coulomb/vergabe-teilnahme",
        "coulomb/other",
        "image: gitea.coulomb.social/coulomb/other:",
    ),
    "tag": ("483a4df", "abcdef0", "vergabe-teilnahme:abcdef0@sha256:e9bb"),
    "digest": ("sha256:e9bb", "sha256:0000", ":483a4df@sha256:0000"),
    "settings module": (
        "settings.prod",
        "settings.production",
        "vergabe_teilnahme.settings.production",
    ),
    "port": ("port=8000", "port=8080", "containerPort: 8080"),
    "health path": ("/health/", "/healthz/", "path: /healthz/"),
    "replicas": ("replicas=1", "replicas=3", "replicas: 3"),
    "secret keys": ('"SECRET_KEY"', '"DJANGO_SECRET_KEY"', "key: DJANGO_SECRET_KEY"),
    "database": ("vergabe_db", "tender_db", "  name: tender_db\n"),
    "role": ('role="vergabe"', 'role="tender"', "owner: tender"),
    "volume's folder": ("/app/media", "/srv/media", "mountPath: /srv/media"),
    "volume's size": ('size="5Gi"', 'size="7Gi"', "storage: 7Gi"),
}


@pytest.mark.parametrize(("old", "new", "shown"), FACTS.values(), ids=FACTS)
def test_every_declared_fact_appears(checkout: Path, old: str, new: str, shown: str) -> None:
    edit(declaration(checkout), old, new)
    assert shown in render(checkout)


PLATFORM_FACTS = {
    "public address": ("92.205.130.254", "192.0.2.1"),
    "issuer": ("letsencrypt-prod", "letsencrypt-staging"),
    "ingress class": ("traefik", "nginx"),
    "ingress namespace": ("kube-system", "ingress-system"),
    "client label": ("railiance.io/postgres-client", "railiance.io/pg"),
    "repository": ("coulomb/railiance-apps.git", "coulomb/other.git"),
    "Argo CD's namespace": ('"argocd"', '"gitops"'),
    "storage class": ("local-path", "longhorn"),
    "Kubernetes version": ("1.34", "1.35"),
}


@pytest.mark.parametrize(("old", "new"), PLATFORM_FACTS.values(), ids=PLATFORM_FACTS)
def test_every_fact_of_the_platform_appears(checkout: Path, old: str, new: str) -> None:
    edit(checkout / frozen.PLATFORM, old, new)
    assert new.strip('"') in render(checkout)


def test_app_that_is_no_longer_declared_leaves_no_file(tmp_path: Path) -> None:
    rendered([PLAIN, NOTIZEN], tmp_path)
    rendered([NOTIZEN], tmp_path)
    assert list(content(tmp_path)) == [
        "dist/notizen.k8s.yaml",
        "argocd/notizen.yaml",
        "argocd/root.yaml",
    ]
    assert sorted(entry.name for entry in tmp_path.iterdir()) == ["argocd", "dist"]


def test_volume_that_is_no_longer_declared_leaves_no_document(checkout: Path, synth: Synth) -> None:
    edit(declaration(checkout), 'media=MediaVolume(mount_path="/app/media", size="5Gi"),', "")
    assert synth(checkout).returncode == 0
    assert b"media" not in b"".join(content(checkout).values())
    assert b"PersistentVolumeClaim" not in b"".join(content(checkout).values())


FAULTS = {
    "wrong value": (
        "port=8000",
        "port=80",
        "error: apps/vergabe_teilnahme.py:5: DjangoApp.port: 80 needs a privilege",
    ),
    "unknown field": (
        "port=8000",
        "prot=8000",
        "error: apps/vergabe_teilnahme.py:5: DjangoApp.prot: no such field; did you mean port?",
    ),
    "unknown name": (
        "image=Image(",
        "image=Imag(",
        "error: apps/vergabe_teilnahme.py:8: NameError: name 'Imag' is not defined",
    ),
    "syntax error": (
        "port=8000,",
        "port=,",
        "error: apps/vergabe_teilnahme.py:16: SyntaxError: invalid syntax",
    ),
    "another service's host": (
        "vergabe-teilnahme.whywhynot.de",
        "gitea.coulomb.social",
        "error: vergabe-teilnahme: host 'gitea.coulomb.social' belongs to another service",
    ),
}


@pytest.mark.parametrize(("old", "new", "message"), FAULTS.values(), ids=FAULTS)
def test_failed_synth_says_where_and_changes_nothing(
    checkout: Path, synth: Synth, old: str, new: str, message: str
) -> None:
    before = content(checkout)
    edit(declaration(checkout), old, new)
    answer = synth(checkout)
    assert answer.returncode == 1
    assert answer.stderr.startswith(message)
    assert "Traceback" not in answer.stderr
    assert content(checkout) == before


APPS = {
    "empty": ("APPS = ()", "error: APPS is empty, which would remove every app from the cluster"),
    "one app instead of several": (
        "APPS = VERGABE_TEILNAHME",
        "error: APPS takes DjangoApps, in a",
    ),
    "a name instead of an app": ('APPS = ("vergabe",)', "error: APPS takes DjangoApps, in a tuple"),
}


@pytest.mark.parametrize(("line", "message"), APPS.values(), ids=APPS)
def test_wrong_list_of_apps_changes_nothing(
    checkout: Path, synth: Synth, line: str, message: str
) -> None:
    before = content(checkout)
    edit(checkout / "apps/__init__.py", "APPS = (VERGABE_TEILNAHME,)", line)
    answer = synth(checkout)
    assert answer.returncode == 1
    assert answer.stderr.startswith(message)
    assert content(checkout) == before


def test_what_a_killed_synth_left_is_taken_up(checkout: Path, synth: Synth) -> None:
    before = content(checkout)
    (checkout / ".synth-999999999").mkdir()
    (checkout / ".synth-999999999/0.new").write_text("half a fi")
    assert synth(checkout).returncode == 0
    assert content(checkout) == before
    assert not list(checkout.glob(".synth-*"))


@pytest.mark.parametrize("replaced", [0, 1, 2, 3])
def test_synth_killed_while_it_writes_leaves_whole_files_and_the_next_one_ends_it(
    checkout: Path, synth: Synth, replaced: int
) -> None:
    former = content(checkout)
    edit(declaration(checkout), "replicas=1", "replicas=3")
    publish = checkout / "constructs/railiance/publish.py"
    written = publish.read_text()
    rename = "os.replace(staging"
    edit(publish, rename, f"number == {replaced} and os.kill(os.getpid(), 9); {rename}")
    assert synth(checkout).returncode == (-9 if replaced < len(former) else 0)
    left = content(checkout)
    publish.write_text(written)
    assert synth(checkout).returncode == 0
    wanted = content(checkout)
    assert b"replicas: 3" in b"".join(wanted.values())
    assert left.keys() == wanted.keys()
    assert all(left[path] in (former[path], wanted[path]) for path in left)
    assert not list(checkout.glob(".synth-*"))


def test_what_lay_in_the_staging_folder_is_not_published(
    checkout: Path, synth: Synth, tmp_path_factory: pytest.TempPathFactory
) -> None:
    before = content(checkout)
    staging = tmp_path_factory.mktemp("staging")
    (staging / "dist").mkdir()
    (staging / "dist/stale.k8s.yaml").write_text("stale")
    assert synth(checkout, CDK8S_OUTDIR=str(staging)).returncode == 0
    assert content(checkout) == before


def test_linked_dist_is_refused(checkout: Path, synth: Synth) -> None:
    (checkout / "dist").rename(checkout / "elsewhere")
    (checkout / "dist").symlink_to("elsewhere")
    answer = synth(checkout)
    assert answer.returncode == 1
    assert "dist is not a folder; remove it and run `make synth` again" in answer.stderr
    assert (checkout / "dist").is_symlink()


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM], ids=lambda s: s.name)
def test_interrupted_synth_changes_nothing_and_leaves_nothing(
    checkout: Path, synth: Synth, number: signal.Signals
) -> None:
    before = content(checkout)
    kill = f"import os; os.kill(os.getpid(), {int(number)}); text = App.of(chart)"
    edit(checkout / "constructs/railiance/chart_files.py", "text = App.of(chart)", kill)
    answer = synth(checkout)
    assert (answer.returncode, answer.stderr) == (
        130,
        "interrupted; dist/ and argocd/ are unchanged\n",
    )
    assert content(checkout) == before
    assert not list(checkout.glob(".synth-*"))


def test_missing_node_is_an_error_that_names_the_mend(
    checkout: Path, synth: Synth, monkeypatch: pytest.MonkeyPatch
) -> None:
    python = checkout / "python"
    python.symlink_to(sys.executable)
    site = next(path for path in sys.path if path.endswith("site-packages"))
    monkeypatch.setattr(sys, "executable", str(python))
    before = content(checkout)
    folders = f"{checkout}:{checkout / 'constructs'}:{site}"
    answer = synth(checkout, PATH="/nowhere", PYTHONPATH=folders)
    assert (answer.returncode, answer.stderr) == (
        1,
        "error: Node.js is missing, which cdk8s needs; install it with `make setup`\n",
    )
    assert content(checkout) == before


def test_failed_writing_puts_every_file_back(
    checkout: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = content(checkout)
    replace = os.replace

    def refuse_the_last(source: Path, target: Path) -> None:
        if target == checkout / "dist/notizen.k8s.yaml":
            raise OSError(28, "No space left on device", str(target))
        replace(source, target)

    monkeypatch.setattr("os.replace", refuse_the_last)
    with pytest.raises(
        Exception, match=r"cannot write .*notizen.k8s.yaml: No space left on device"
    ):
        rendered([NOTIZEN], checkout)
    assert content(checkout) == before


def test_output_folder_that_cannot_be_written_changes_nothing(checkout: Path, synth: Synth) -> None:
    before = content(checkout)
    answer = synth(checkout, CDK8S_OUTDIR="/dev/full")
    assert answer.returncode == 1
    assert answer.stderr.startswith("error: cannot write /dev/full")
    assert "Traceback" not in answer.stderr
    assert content(checkout) == before


def test_folder_that_is_not_there_is_an_error(run: Run) -> None:
    answer = run(sys.executable, "app.py", "/nowhere/at-all")
    assert answer.returncode == 1
    assert answer.stderr == "error: /nowhere/at-all is not a folder; name an existing one\n"

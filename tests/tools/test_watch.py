"""`make watch`: each save is rendered, checked and planned."""

import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from tests import frozen, runner
from tests.conftest import equipped, frozen_copy

APP = "apps/vergabe_teilnahme.py"
DIST = "dist/vergabe-teilnahme.k8s.yaml"
pytestmark = pytest.mark.slow

END = "waiting for the next save"
AT_MOST_SECONDS = 120
"""Until a process that hangs is ended, and its test fails."""


class Watch:
    """`python -m tools.watch` in a repository, as `make watch` runs it."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self._declared = (folder / APP).read_text()
        self.process = subprocess.Popen(
            [sys.executable, "-m", "tools.watch"],
            cwd=folder,
            env={**os.environ, **runner.own_code(folder), "PYTHONDONTWRITEBYTECODE": ""},
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
        )
        timer = threading.Timer(AT_MOST_SECONDS, self.process.kill)
        timer.daemon = True
        timer.start()

    def until(self, word: str) -> str:
        """What it shows, up to the line with a word."""
        assert self.process.stdout
        shown = ""
        for line in self.process.stdout:
            shown += line
            if word in line:
                return shown
        raise AssertionError(f"it ended before {word}: {shown}")

    def declare(self, replicas: str) -> None:
        (self.folder / APP).write_text(self._declared.replace("replicas=1", replicas))

    def after(self, replicas: str) -> str:
        """What it shows after a save."""
        self.declare(replicas)
        return self.until(END)

    def rendered(self) -> str:
        return (self.folder / DIST).read_text()


def git(folder: Path, *arguments: str) -> None:
    identity = ("-c", "user.name=test", "-c", "user.email=test@localhost")
    subprocess.run(["git", *identity, *arguments], cwd=folder, check=True)  # noqa: S607


def commit(folder: Path) -> None:
    git(folder, "add", "apps", "dist", "argocd")
    git(folder, "commit", "--quiet", "--message", "as it is")


@pytest.fixture(scope="module")
def watch(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Watch]:
    folder = equipped(frozen_copy(tmp_path_factory.mktemp("watched")))
    git(folder, "init", "--quiet")
    commit(folder)
    started = Watch(folder)
    started.until(END)
    yield started
    started.process.send_signal(signal.SIGTERM)
    started.process.wait()


def test_a_save_is_rendered_checked_and_planned(watch: Watch) -> None:
    shown = watch.after("replicas=2")
    assert f"saved: {APP}" in shown
    assert f"written: {DIST}" in shown
    assert "gate passed" in shown
    assert "spec.replicas: 1 → 2" in shown
    assert "replicas: 2" in watch.rendered()


def test_after_a_wrong_declaration_a_right_one_takes_effect_at_once(watch: Watch) -> None:
    """Python would take the compiled code of a file as long, saved within the same second."""
    assert f"error: {APP}:5: DjangoApp.replicaz: no such field" in watch.after("replicaz=3")
    wrong = (watch.folder / APP).stat()
    watch.declare("replicas=3")
    os.utime(watch.folder / APP, ns=(wrong.st_atime_ns, wrong.st_mtime_ns))
    watch.until(END)
    assert "replicas: 3" in watch.rendered()


def test_a_change_of_the_constructs_takes_effect(watch: Watch) -> None:
    (waiting,) = children(watch.process.pid)
    children(waiting)  # it has started Node.js, so cdk8s is being imported or has been
    platform = watch.folder / frozen.PLATFORM
    platform.write_text(platform.read_text().replace("letsencrypt-prod", "letsencrypt-next"))
    watch.until(END)
    assert "letsencrypt-next" in watch.rendered()


def test_saves_in_quick_succession_are_one_run_in_a_new_folder_too(watch: Watch) -> None:
    new = Path("constructs/railiance/new")
    (watch.folder / new).mkdir()
    watch.until(END)
    watch.process.send_signal(signal.SIGSTOP)  # it notices both at once, however slow this is
    watch.declare("replicas=4")
    (watch.folder / new / "part.py").touch()
    watch.process.send_signal(signal.SIGCONT)
    assert f"saved: {APP}, {new}/part.py" in watch.until(END)


def test_a_save_during_a_run_is_followed_by_another(watch: Watch) -> None:
    watch.declare("replicas=5")
    watch.until("saved:")
    watch.declare("replicas=6")
    watch.until(END)
    watch.until(END)
    assert "replicas: 6" in watch.rendered()


def test_a_waiting_process_that_is_killed_is_replaced(watch: Watch) -> None:
    (waiting,) = children(watch.process.pid)
    os.kill(waiting, signal.SIGKILL)
    assert "spec.replicas: 1 → 7" in watch.after("replicas=7")


def test_a_broken_file_is_rendered_again_and_in_the_commit_it_is_a_sentence(watch: Watch) -> None:
    (watch.folder / DIST).write_text("kind: [")
    commit(watch.folder)
    shown = watch.after("replicas=8")
    git(watch.folder, "reset", "--quiet", "--soft", "HEAD~1")
    assert f"HEAD:{DIST}:1: not valid YAML" in shown
    assert f"{DIST} cannot be read" in shown
    assert "replicas: 8" in watch.rendered()


def test_ctrl_c_leaves_no_process_behind(repository: Path) -> None:
    (repository / "secrets/plain.sops.yaml").write_text("kind: Secret\n")
    watch = Watch(repository)
    shown = watch.until(END)
    assert "secrets.E005" in shown
    assert "error: no plan: there is no commit" in shown
    (waiting,) = children(watch.process.pid)
    nodes = children(waiting)
    watch.process.send_signal(signal.SIGINT)
    assert watch.process.wait() == 0
    wait_until(lambda: not any(is_there(process) for process in (waiting, *nodes)))


def children(process: int) -> list[int]:
    """Those that it has, once it has any."""
    listed = Path(f"/proc/{process}/task/{process}/children")
    wait_until(lambda: bool(listed.read_text()))
    return [int(child) for child in listed.read_text().split()]


def is_there(process: int) -> bool:
    return Path(f"/proc/{process}").exists()


def wait_until(ask: Callable[[], bool]) -> None:
    deadline = time.monotonic() + AT_MOST_SECONDS
    while not ask():
        assert time.monotonic() < deadline
        time.sleep(0.01)

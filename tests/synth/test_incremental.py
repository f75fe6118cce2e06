"""Only what changed is rendered, and the bytes are those of rendering everything.

A rendering needs Node.js, so without it a synth succeeds exactly if it has nothing to render.
"""

import json
import os
import shutil
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from railiance import record
from tests.conftest import Run, content, frozen_copy, keep_compiled
from tests.synth.conftest import Synth, declaration, edit

NO_NODE = {"JSII_NODE": "/nowhere/node"}
VERGABE, SECOND = "dist/vergabe-teilnahme.k8s.yaml", "dist/second.k8s.yaml"


def declare_second(folder: Path) -> None:
    text = declaration(folder).read_text().replace("VERGABE_TEILNAHME", "SECOND")
    for old, new in (
        ("vergabe-teilnahme", "second"),
        ("vergabe_db", "zweite"),
        ('"vergabe"', '"z"'),
    ):
        text = text.replace(old, new)
    (folder / "apps/second.py").write_text(text)
    edit(
        folder / "apps/__init__.py",
        "from apps.vergabe_teilnahme import VERGABE_TEILNAHME\n\nAPPS = (VERGABE_TEILNAHME,)",
        "from apps.second import SECOND\nfrom apps.vergabe_teilnahme import VERGABE_TEILNAHME\n\n"
        "APPS = (SECOND, VERGABE_TEILNAHME)",
    )


def remove_second(folder: Path) -> None:
    (folder / "apps/second.py").unlink()
    edit(folder / "apps/__init__.py", "from apps.second import SECOND\n", "")
    edit(folder / "apps/__init__.py", "(SECOND, VERGABE_TEILNAHME)", "(VERGABE_TEILNAHME,)")


@pytest.fixture(scope="session")
def rendered_once(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Two apps, and what an app may depend on."""
    folder = frozen_copy(tmp_path_factory.mktemp("incremental"))
    declare_second(folder)
    for name in ("Pipfile.lock", "package-lock.json"):
        (folder / name).write_text("{}")
    (folder / "apps/banner.txt").write_text("a file that apps may read")
    (folder / "secrets/second.sops.yaml").write_text("ciphertext\n")
    return folder


@pytest.fixture
def two(rendered_once: Path, tmp_path: Path, synth: Synth) -> Path:
    """The same, rendered, and to be changed."""
    if not (rendered_once / record.FILE).exists():
        assert synth(rendered_once).returncode == 0
    folder = shutil.copytree(rendered_once, tmp_path / "two")
    keep_compiled(folder)
    return folder


def is_fresh(folder: Path, synth: Synth) -> bool:
    return synth(folder, **NO_NODE).returncode == 0


def everything(folder: Path, synth: Synth, target: Path) -> dict[str, bytes]:
    """What rendering everything gives."""
    target.mkdir()
    assert synth(folder, target).returncode == 0
    return content(target)


def test_nothing_is_rendered_when_nothing_has_changed(two: Path, synth: Synth) -> None:
    before = content(two)
    for file in two.rglob("*.py"):
        file.touch()  # a checkout gives every file a new time
    assert is_fresh(two, synth)
    assert content(two) == before


CHANGES: dict[str, Callable[[Path], object]] = {
    "the declaration": lambda two: edit(declaration(two), "replicas=1", "replicas=2"),
    "an app less": remove_second,
    "a file beside the declarations": lambda two: (two / "apps/banner.txt").write_text("another"),
    "a module beside the declarations": lambda two: (two / "apps/more.py").write_text("X = 1"),
    "a construct": lambda two: edit(
        two / "constructs/railiance/parts/web_service.py", "PORT = 80", "PORT = 81"
    ),
    "the platform": lambda two: edit(
        two / "constructs/railiance/railiance01.py", "letsencrypt-prod", "letsencrypt-staging"
    ),
    "app.py": lambda two: edit(two / "app.py", "Renders dist/", "Render dist/"),
    "a secrets file": lambda two: (two / "secrets/second.sops.yaml").write_text("other"),
    "the first secrets file": lambda two: (two / "secrets/vergabe-teilnahme.sops.yaml").write_text(
        "first"
    ),
    "no secrets file any more": lambda two: (two / "secrets/second.sops.yaml").unlink(),
    "Pipfile.lock": lambda two: (two / "Pipfile.lock").write_text('{"another": 1}'),
    "package-lock.json": lambda two: (two / "package-lock.json").unlink(),
    "an edit by hand": lambda two: edit(two / VERGABE, "replicas: 1", "replicas: 4"),
    "an emptied file": lambda two: (two / SECOND).write_text(""),
    "a file that is gone": lambda two: (two / "argocd/second.yaml").unlink(),
    "the root Application by hand": lambda two: edit(two / "argocd/root.yaml", "main", "other"),
    "a link": lambda two: (two / SECOND).symlink_to((two / SECOND).rename(two / "elsewhere")),
    "no record": lambda two: (two / record.FILE).unlink(),
    "a record that is cut off": lambda two: (two / record.FILE).write_bytes(
        (two / record.FILE).read_bytes()[:100]
    ),
    "a record of another shape": lambda two: (two / record.FILE).write_text('{"second": [1]}'),
}
NOTHING_TO_RENDER = {"an app less"}
"""An app less takes files away, and renders none."""


@pytest.mark.parametrize("what", CHANGES)
def test_change_is_noticed(two: Path, synth: Synth, what: str) -> None:
    CHANGES[what](two)
    before = content(two)
    assert is_fresh(two, synth) == (what in NOTHING_TO_RENDER)
    if what not in NOTHING_TO_RENDER:
        assert content(two) == before


TRIED = (
    *("the declaration", "a construct", "the platform", "the first secrets file", "a link"),
    *("an edit by hand", "a file that is gone", "an app less"),
)


@pytest.mark.parametrize("what", TRIED)
def test_bytes_are_those_of_rendering_everything(
    two: Path, synth: Synth, tmp_path: Path, what: str
) -> None:
    CHANGES[what](two)
    assert synth(two).returncode == 0
    assert content(two) == everything(two, synth, tmp_path / "all")
    assert not any(file.is_symlink() for file in (two / "dist").iterdir())
    assert is_fresh(two, synth)


def test_folder_in_the_place_of_a_file_is_replaced(two: Path, synth: Synth) -> None:
    before = content(two)
    (two / SECOND).unlink()
    (two / SECOND).mkdir()
    (two / SECOND / "stray.yaml").write_text("kind: Secret")
    assert synth(two).returncode == 0
    assert content(two) == before


def test_only_the_changed_app_is_rendered(two: Path, synth: Synth) -> None:
    other = (two / SECOND).stat()
    edit(declaration(two), "replicas=1", "replicas=2")
    assert synth(two).returncode == 0
    assert "replicas: 2" in (two / VERGABE).read_text()
    assert (two / SECOND).stat().st_ino == other.st_ino


@pytest.mark.slow
@pytest.mark.parametrize(
    "save",
    [
        ("apps/vergabe_teilnahme.py", "replicas=1", "replicas=2"),
        ("constructs/railiance/parts/web_service.py", "PORT = 80", "PORT = 81"),
        ("constructs/railiance/railiance01.py", "letsencrypt-prod", "letsencrypt-test"),
    ],
)
def test_edit_of_a_digit_within_a_second_is_rendered(
    two: Path, synth: Synth, tmp_path: Path, save: tuple[str, str, str]
) -> None:
    """Compiled Python of the first version is of the same length and second."""
    file, old, new = save
    compiling = {"PYTHONDONTWRITEBYTECODE": ""}
    second = 1_800_000_000 * 10**9
    os.utime(two / file, ns=(second, second))
    assert synth(two, "--all", **compiling).returncode == 0
    compiled = list((two / file).parent.glob(f"__pycache__/{Path(file).stem}.*.opt-1.pyc"))
    os.utime(compiled[0], ns=(second + 3, second + 3))  # read before the edit, written after it
    edit(two / file, old, new)
    os.utime(two / file, ns=(second + 2, second + 2))
    assert synth(two, **compiling).returncode == 0
    for folder in two.rglob("__pycache__"):
        shutil.rmtree(folder)
    assert content(two) == everything(two, synth, tmp_path / "all")


def test_app_that_uses_another_file_of_the_folder_depends_on_it(two: Path, synth: Synth) -> None:
    (two / "apps/more.py").write_text("REPLICAS = 2")
    uses = f"from apps import more\n{declaration(two).read_text()}"
    declaration(two).write_text(uses.replace("replicas=1", "replicas=more.REPLICAS"))
    assert synth(two).returncode == 0
    edit(two / "apps/more.py", "2", "3")
    assert synth(two).returncode == 0
    assert "replicas: 3" in (two / VERGABE).read_text()


PRETENDED = {
    "another version of Python": "sys.version += '!'",
    "another version of a package": "sysconfig.get_path = lambda name: '/nowhere'",
}


@pytest.mark.parametrize("pretend", PRETENDED.values(), ids=PRETENDED)
def test_everything_is_rendered_by(two: Path, run: Run, pretend: str) -> None:
    pretended = (
        f"import runpy, sys, sysconfig; {pretend}; runpy.run_path('app.py', None, '__main__')"
    )
    paths = {"PYTHONPATH": f"{two}:{two / 'constructs'}"}
    answer = run(sys.executable, "-Oc", pretended, folder=two, **NO_NODE, **paths)
    assert answer.returncode == 1


def test_stray_files_are_removed_although_nothing_is_rendered(two: Path, synth: Synth) -> None:
    before = content(two)
    (two / "dist/stray.k8s.yaml").write_text("kind: Secret")
    (two / "argocd/folder").mkdir()
    (two / "argocd/folder/stray.yaml").write_text("kind: Secret")
    assert is_fresh(two, synth)
    assert content(two) == before


def test_all_renders_what_has_not_changed(two: Path, synth: Synth) -> None:
    assert synth(two, "--all", **NO_NODE).returncode == 1


def test_apps_that_collide_are_refused_although_one_has_not_changed(
    two: Path, synth: Synth
) -> None:
    before = content(two)
    edit(declaration(two), 'role="vergabe"', 'role="z"')
    answer = synth(two)
    assert (answer.returncode, content(two)) == (1, before)
    assert "vergabe-teilnahme and second both have database.role 'z'" in answer.stderr


def test_failed_run_leaves_the_change_to_the_next_one(two: Path, synth: Synth) -> None:
    edit(declaration(two), "replicas=1", "replicas=2")
    edit(two / "apps/second.py", "port=8000", "port=80")
    assert synth(two).returncode == 1
    edit(two / "apps/second.py", "port=80,", "port=8000,")
    assert synth(two).returncode == 0
    assert "replicas: 2" in (two / VERGABE).read_text()


def test_list_that_only_python_can_read_is_rendered_in_whole(two: Path, synth: Synth) -> None:
    edit(two / "apps/__init__.py", "APPS = (SECOND, ", "APPS = (*[SECOND], ")
    edit(declaration(two), "replicas=1", "replicas=2")
    assert synth(two).returncode == 0
    assert "replicas: 2" in (two / VERGABE).read_text()


def test_two_apps_in_one_file_are_both_rendered(two: Path, synth: Synth) -> None:
    second = (two / "apps/second.py").read_text()
    declaration(two).write_text(f"{declaration(two).read_text()}\n{second}")
    (two / "apps/second.py").unlink()
    edit(two / "apps/__init__.py", "from apps.second", "from apps.vergabe_teilnahme")
    before = content(two)
    assert synth(two, "--all").returncode == 0
    assert content(two) == before


def test_name_that_a_listed_module_lacks_is_an_error(two: Path, synth: Synth) -> None:
    edit(two / "apps/second.py", "SECOND = ", "OTHER = ")
    answer = synth(two)
    assert answer.returncode == 1
    assert answer.stderr == "error: apps/__init__.py: apps/second.py has no SECOND\n"


@pytest.fixture
def in_processes(two: Path) -> Path:
    """The same, rendered in two processes as a great many apps are."""
    edit(two / "constructs/railiance/workers.py", "APPS_PER_PROCESS = 40", "APPS_PER_PROCESS = 1")
    edit(two / "constructs/railiance/workers.py", "APPS_PER_TASK = 20", "APPS_PER_TASK = 1")
    edit(two / "constructs/railiance/workers.py", "os.cpu_count() or 1", "2")
    return two


@pytest.mark.slow
def test_several_processes_give_the_same_bytes(in_processes: Path, synth: Synth) -> None:
    before = content(in_processes)
    assert synth(in_processes, "--all").returncode == 0
    assert content(in_processes) == before
    assert set(json.loads((in_processes / record.FILE).read_text())) == {
        "",
        "second",
        "vergabe_teilnahme",
    }


@pytest.mark.slow
def test_error_in_another_process_names_file_and_line(in_processes: Path, synth: Synth) -> None:
    before = content(in_processes)
    edit(declaration(in_processes), "port=8000", "prot=8000")
    answer = synth(in_processes)
    assert answer.returncode == 1
    assert answer.stderr == (
        "error: apps/vergabe_teilnahme.py:5: DjangoApp.prot: no such field; did you mean port?\n"
    )
    assert content(in_processes) == before

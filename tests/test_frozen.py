"""The tests are about the frozen repository: what production declares makes none of them fail."""

import ast
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests import frozen
from tests.conftest import ROOT, Run

LIVE = {"tests/live/test_production.py", "tests/ops/image/test_changes.py"}
"""What is about production itself."""
DECLARED = ("apps", "dist", "argocd", "secrets", ".sops.yaml", frozen.PLATFORM)
FILES = sorted((ROOT / "tests").rglob("*.py"))


def reads(file: Path) -> Iterator[str]:
    """What a file reads of production: by an import, by a path, or in a copy."""
    for node in ast.walk(ast.parse(file.read_text())):
        match node:
            case ast.ImportFrom(module=str(module)) if is_declared(module):
                yield module
            case ast.Import(names=names):
                yield from (alias.name for alias in names if is_declared(alias.name))
            case ast.BinOp(left=ast.Name(id="ROOT"), right=ast.Constant(value=str(path))):
                yield from (path for name in DECLARED if f"{path}/".startswith(f"{name}/"))
            case ast.Call(func=ast.Name(id="copy"), args=[ast.Tuple(elts=names), _]):
                copied = {name.value for name in names if isinstance(name, ast.Constant)}
                yield from (name for name in DECLARED if name in copied)
            case ast.Call(func=ast.Name(id="load"), args=[ast.Name(id="ROOT")]):
                yield "dist"


def is_declared(module: str) -> bool:
    return module == "railiance.railiance01" or module.partition(".")[0] == "apps"


def test_only_what_is_about_production_reads_it() -> None:
    names = {str(file.relative_to(ROOT)): file for file in FILES}
    readers = {
        name: found
        for name, file in names.items()
        if not name.startswith("tests/frozen/repository/") and (found := list(reads(file)))
    }
    assert readers.keys() <= LIVE, readers


@pytest.mark.parametrize(
    "line",
    [
        "from apps import APPS",
        "from apps.x import X",
        "import apps",
        "from railiance.railiance01 import RAILIANCE01",
        'text = (ROOT / "dist/x.yaml").read_text()',
        'copy(("app.py", "apps"), folder)',
        "load(ROOT)",
    ],
)
def test_reading_of_production_is_seen(tmp_path: Path, line: str) -> None:
    (file := tmp_path / "test_x.py").write_text(f"{line}\n")
    assert list(reads(file))


def test_nothing_of_production_is_left_in_a_frozen_copy(tmp_path: Path) -> None:
    for name in ("apps/other.py", "dist/other.yaml", "secrets/other.sops.yaml", ".sops.yaml"):
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).write_text("production's")
    frozen.lay_over(tmp_path)
    files = {str(file.relative_to(tmp_path)) for file in tmp_path.rglob("*") if file.is_file()}
    assert files == {
        "apps/__init__.py",
        "apps/vergabe_teilnahme.py",
        "dist/vergabe-teilnahme.k8s.yaml",
        "argocd/root.yaml",
        "argocd/vergabe-teilnahme.yaml",
        frozen.PLATFORM,
    }


def test_copy_renders_with_its_own_platform(run: Run, repository: Path) -> None:
    file = repository / frozen.PLATFORM
    file.write_text(file.read_text().replace(frozen.RAILIANCE01.public_address, "192.0.2.77"))
    answer = run(sys.executable, "-O", "app.py", folder=repository)
    assert answer.returncode == 0, answer.stderr
    assert "192.0.2.77" in (repository / "argocd/root.yaml").read_text()

"""A copy of the repository in which declarations change; only a checked result is moved back."""

import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path

from ops.declarations.synth import RENDERED, render
from ops.errors import OpsError
from ops.gate import inspection as gate
from ops.host.files import contents, put_back_on_failure

STAGING = ".staged-"
"""Prefix of the copy's folder in the repository; the process ID follows."""
APPS = "apps"
SECRETS = "secrets"
CHANGED = (*RENDERED, SECRETS, APPS)
"""The folders that can change, in the order in which their files are moved back."""
LIST = "__init__.py"


@dataclass(frozen=True)
class StagedCopy:
    """The copy, and the repository that it is of."""

    root: Path
    folder: Path

    def render(self) -> None:
        """Render the copy's declarations; raises RenderError."""
        render(self.folder)

    def require_gate(self) -> None:
        """OpsError with the findings, their files as in the repository, unless the gate passes."""
        paths = [self.folder / name for name in RENDERED]
        result = gate.run(paths, self.folder, whole_repository=True)
        if not result.passed:
            findings = "\n".join(map(str, result.findings)).replace(f"{self.folder}/", "")
            raise OpsError(f"the gate failed, so nothing was changed:\n{findings}")

    def publish(self) -> list[Path]:
        """Move what differs into the repository, the list of apps last; what changed, by path.

        Each file is renamed or removed at once; on failure the former files are put back.
        """
        folders = [self.root / name for name in CHANGED]
        with put_back_on_failure(folders):
            return [path for name in CHANGED for path in self._publish(name)]

    def _publish(self, name: str) -> list[Path]:
        former, staged = contents([self.root / name]), contents([self.folder / name])
        new = {self.root / name / file.name: content for file, content in staged.items()}
        changed = [path for path in {**former, **new} if former.get(path) != new.get(path)]
        for path in sorted(changed, key=lambda path: path.name == LIST):
            if path in new:
                os.replace(self.folder / name / path.name, path)
            else:
                path.unlink()
        return changed


@contextmanager
def staged_copy(root: Path) -> Iterator[StagedCopy]:
    """A copy beside the repository's own files, removed afterwards; so is what a killed run left.

    Its declarations and rendered files are copies, all else is linked.
    """
    _remove_left_over(root)
    folder = root / f"{STAGING}{os.getpid()}"
    try:
        folder.mkdir()
        for entry in root.iterdir():
            if entry.name in CHANGED:
                ignored = shutil.ignore_patterns("__pycache__")
                shutil.copytree(entry, folder / entry.name, ignore=ignored)
            elif entry.name == "app.py":  # it renders where it is
                shutil.copy(entry, folder)
            elif entry.name != ".git" and not entry.name.startswith(STAGING):
                (folder / entry.name).symlink_to(entry.absolute())
        yield StagedCopy(root, folder)
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def _remove_left_over(root: Path) -> None:
    for left in root.glob(f"{STAGING}*"):
        with suppress(ValueError, OSError):
            os.kill(int(left.name.removeprefix(STAGING)), 0)
            continue
        shutil.rmtree(left, ignore_errors=True)

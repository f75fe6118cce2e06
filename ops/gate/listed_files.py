"""The files of the repository that are searched for secrets."""

import os
import re
import tomllib
from collections.abc import Iterator, Mapping
from pathlib import Path

from ops.errors import OpsError
from ops.host.command import Command

EXCEPTIONS = Path(".gitleaks.toml")
ENVIRONMENT_FILES = (":(glob)**/.env*", ":(glob)**/*.env", ":(glob)**/.pgpass")
"""Files that git ignores here, and that are searched all the same: `git add --force`, an archive or
a backup takes them along."""
_LIST = ("ls-files", "-z", "--exclude-standard")


def listed(root: Path) -> Mapping[Path, bool]:
    """Each file that git tracks or would add, and each ignored environment file; True if tracked.

    Without git, every file. Links and what .gitleaks.toml leaves out are not among them. Raises
    OpsError if .gitleaks.toml cannot be read.
    """
    allowed = _allowed(root / EXCEPTIONS)
    return {
        path: tracked
        for path, tracked in _all(root)
        if not any(pattern.search(path.as_posix()) for pattern in allowed)
        and (root / path).is_file()
        and not (root / path).is_symlink()
    }


def _all(root: Path) -> Iterator[tuple[Path, bool]]:
    if not (root / ".git").exists():
        for folder, _, names in os.walk(root):
            yield from ((Path(folder, name).relative_to(root), False) for name in names)
        return
    ignored = (*_LIST, "--others", "--ignored", "--directory", "--", *ENVIRONMENT_FILES)
    for arguments in (ignored, (*_LIST, "--others"), (*_LIST, "--cached")):
        command = Command(["git", *arguments], fix="install git", folder=root)
        for name in filter(None, command.output().split(b"\0")):
            yield Path(os.fsdecode(name)), "--cached" in arguments


def _allowed(file: Path) -> list[re.Pattern[str]]:
    """The paths that .gitleaks.toml leaves out."""
    try:
        lists = tomllib.loads(file.read_text()).get("allowlists", [])
        return [re.compile(path) for entry in lists for path in entry.get("paths", [])]
    except (OSError, ValueError, re.error) as error:
        raise OpsError(f"{file}: cannot be read: {error}; restore it with `git checkout`") from None

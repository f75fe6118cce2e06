"""Maintenance on or off: declared and rendered, for a person to commit."""

import sys
from pathlib import Path

from ops.declarations import declared_maintenance
from ops.declarations.declared_app import formatted
from ops.declarations.synth import RENDERED, render
from ops.host.files import contents, put_back_on_failure, replace
from ops.host.git import difference, git


def turn(root: Path, app: str, *, on: bool) -> None:
    """Declares maintenance on or off, renders it, and shows what that changes.

    Raises OpsError with everything as it was if the declaration cannot be changed or the result
    cannot be rendered. Commits nothing.
    """
    state = "on" if on else "off"
    git(root, "rev-parse", "--verify", "--quiet", "HEAD")
    declared = declared_maintenance.read(root, app)
    file = declared.declaration.file
    folders = [root / name for name in ("apps", *RENDERED)]
    before = contents(folders)
    with put_back_on_failure(folders):
        if declared.is_on is not on:
            replace(file, formatted(declared.switched(on=on), root))
        render(root)
    if contents(folders) == before:
        print(f"{app}: maintenance is {state} already: nothing changed")
        return
    print(f"{app}: maintenance {state}")
    name = str(file.relative_to(root))
    print(difference(root, name, *RENDERED, coloured=sys.stdout.isatty()), end="")
    print("next: ops plan HEAD")
    print(f'      git commit -m "{app}: maintenance {state}" {name} {" ".join(RENDERED)}')
    print(f"      git push, then ops deploy --app {app}")

"""Removes an app from the repository, whole or not at all, and prints what is left to do."""

from pathlib import Path

from ops.declarations import declared_app
from ops.declarations.staged_copy import staged_copy
from ops.documents.fleet import App, load
from ops.errors import OpsError
from ops.host.git import git
from ops.remove.remaining_steps import steps


def remove(root: Path, name: str) -> None:
    """Removes declaration, rendered files and secrets file of an app, if the gate passes then.

    Raises OpsError, with nothing changed, if it is the only app, is not listed by its name, or has
    changes that are not committed: what is removed can be restored from git. Commits nothing.
    """
    fleet = load(root)
    app = fleet.app(name)
    own = (f"apps/{declared_app.module(name)}.py", f"secrets/{name}.sops.yaml")
    _require_committed(root, [*own, *{str(m.file) for m in (*app.documents, *app.argocd)}])
    apps = root / "apps/__init__.py"
    with staged_copy(root) as staged:
        (staged.folder / "apps" / apps.name).write_bytes(declared_app.unlisted(apps, name, root))
        for file in own:
            (staged.folder / file).unlink(missing_ok=True)
        staged.render()
        staged.require_gate()
        staged.publish()
    _show(app, root)


def _require_committed(root: Path, files: list[str]) -> None:
    if changed := git(root, "status", "--porcelain", "--", "apps/__init__.py", *files).rstrip():
        raise OpsError(f"not committed; commit or undo these changes first:\n{changed}")


def _show(app: App, root: Path) -> None:
    print(
        f"{app.name} is no longer declared, listed or rendered, and the gate passes."
        " Nothing has changed on the cluster.\n"
        "Next:"
    )
    for number, step in enumerate(steps(app, root), 1):
        commands = (f"   {command}" for command in step.commands)
        print(f"{number}. {step.title}", *commands, sep="\n")

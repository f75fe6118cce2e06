"""The revert: all of it, or everything as it was."""

import shlex
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from itertools import islice
from pathlib import Path

from ops.declarations.synth import RENDERED
from ops.documents.fleet import App
from ops.errors import CommandError, OpsError
from ops.gate import freshness
from ops.host.git import git, is_ancestor
from ops.migrations.way_back import WayBack, named
from ops.registry import Reference
from ops.rollback import compatibility, history
from ops.rollback.compatibility import Deployed, Verdict
from ops.rollback.history import Change

UNDER_WAY = (
    *("MERGE_HEAD", "REVERT_HEAD", "CHERRY_PICK_HEAD"),
    *("sequencer", "rebase-merge", "rebase-apply"),
)
"""What git keeps in its folder while an operation is in progress."""


def roll_back(root: Path, app: App, to: str, *, schema_is_compatible: bool, reason: str) -> None:
    """Commits the revert of the last change of the image, or of all since a commit.

    Raises OpsError, with everything as it was, if there is nothing to go back to, git is not
    ready, the schema does not allow it and nobody says it does, or the revert does not apply.
    """
    _require_ready(root)
    file = app.web.manifest.file
    since = _resolved(root, to) if to else ""
    changes, former = _to_revert(root, app, file, since)
    present, target = Reference.parse(changes[0].image), Reference.parse(former)
    print(f"{app.name}: {present.tag} -> {target.tag}, by reverting")
    for change in changes:
        print(f"  {change.short} {change.subject}")
    verdict = compatibility.compare(_deployed(root, file, changes, target), target)
    _heed(app, verdict, schema_is_compatible=schema_is_compatible)
    trailers = {
        "Rollback": f"{app.name} from {present.tag} to {target.tag}",
        "Schema": verdict.sentence if verdict.allows else "declared compatible by the operator",
        "Reason": " ".join(reason.split()),
    }
    with _all_or_nothing(root):
        _revert(root, app, changes, trailers)
        _require_result(root, file, str(target))
    print(git(root, "show", "--stat", "--format=%h %s", "HEAD"), end="")
    print("next: git push\n      ops deploy")


def _require_ready(root: Path) -> None:
    changed = git(root, "status", "--porcelain", "--untracked-files=no").splitlines()
    if changed:
        files = ", ".join(line[3:] for line in changed[:5])
        raise OpsError(f"not committed: {files}; commit it, or `git stash`")
    folder = root / git(root, "rev-parse", "--git-dir").strip()
    for name in UNDER_WAY:
        if (folder / name).exists():
            raise OpsError(
                f"git has an operation in progress ({name}); `git status` shows how to continue"
            )


def _resolved(root: Path, to: str) -> str:
    """The commit that a name means; it must be in the history of the present one."""
    commit = history.resolved(root, to)
    if not is_ancestor(root, commit, "HEAD"):
        raise OpsError(f"{to} is not in the history of the current commit; name one that is")
    return commit


def _to_revert(root: Path, app: App, file: Path, since: str) -> tuple[Sequence[Change], str]:
    """The last change, or all since a commit, newest first; and the image before them."""
    changes = list(islice(history.standing(root, file, since), None if since else 1))
    former = changes[-1].former if changes else ""
    if changes and since:
        former = history.image_at(root, since, file)
    if not former:
        known = f"{since[:7]} has no other image" if since else "there is no earlier image"
        raise OpsError(f"{app.name}: nothing to go back to; {known}")
    for change in changes:
        if len(change.parents) > 1:
            raise OpsError(
                f"{change.short} is a merge with an image of its own: `git revert -m 1"
                f" {change.short}` goes back to its first parent, {change.parents[0][:7]}"
            )
    if changes[0].image != app.image:
        raise OpsError(
            f"{app.name} is rendered with {app.image}, which no commit that is still in effect "
            f"sets; go back with `ops image set TAG --app {app.name}`"
        )
    return changes, former


def _deployed(
    root: Path, file: Path, changes: Sequence[Change], target: Reference
) -> list[Deployed]:
    """The images that have run since the target did, the present one first.

    A reverted image may have migrated the database as well.
    """
    found: dict[str, Deployed] = {}
    for change in (changes[0], *history.since(root, file, changes[-1])):
        if change.image and change.image != str(target):
            deployed = Deployed(change.short, Reference.parse(change.image))
            found.setdefault(change.image, deployed)
    return list(found.values())


def _heed(app: App, verdict: Verdict, *, schema_is_compatible: bool) -> None:
    if verdict.allows or schema_is_compatible:
        print(verdict.sentence)
        return
    lists = f"`ops migrate --plan --app {app.name}` lists them as pending"
    compatible = f"if the older code works with the newer schema, or {lists}"
    ways = [f"{compatible}, give --schema-is-compatible"]
    if verdict.way_back and verdict.deployed:
        ways += _reversal(app, verdict.deployed, verdict.way_back)
    if verdict.no_way_back:
        ways.append(
            f"or restore a dump: no command is known to reverse the migrations; "
            f"{verdict.no_way_back}"
        )
    raise OpsError("\n".join((verdict.sentence, *ways)))


def _reversal(app: App, deployed: Deployed, way_back: WayBack) -> Iterator[str]:
    """The commands that reverse the migrations, and what else they do."""
    yield (
        f"or take a dump, then reverse the migrations with {deployed.image.tag}, which has them; "
        "this drops what they added, with all data in it:"
    )
    begin = f"ops manage --app {app.name} --image-of {deployed.commit} migrate"
    for label, name in way_back.commands:
        yield f"  {begin} {label} {name}"
    if again := ", ".join(map(named, way_back.again)):
        yield f"this also reverses {again} and applies it again: what it added is empty afterwards"
    if columns := ", ".join(map(named, way_back.removed_columns)):
        yield (
            f"a column that was removed by {columns} comes back empty; if it needs a value, the "
            "command fails and changes nothing of that migration"
        )
    yield "with --plan a command only lists what it would do"
    yield "once they have succeeded, give --schema-is-compatible"


@contextmanager
def _all_or_nothing(root: Path) -> Iterator[None]:
    """Takes everything back if anything goes wrong inside, an interruption included."""
    before = git(root, "rev-parse", "HEAD").strip()
    try:
        yield
    except BaseException:
        # Not --abort: git knows of no revert yet if it failed before the commit.
        git(root, "revert", "--quit")
        git(root, "reset", "--quiet", "--merge", before)
        raise


def _revert(root: Path, app: App, changes: Sequence[Change], trailers: dict[str, str]) -> None:
    """One commit a change, with git's own text and why."""
    why = [f"--trailer={name}: {text}" for name, text in trailers.items() if text]
    editor = shlex.join(["git", "interpret-trailers", "--in-place", *why])
    try:
        git(
            root,
            *("-c", "commit.verbose=false", "revert", "--edit"),
            *(change.commit for change in changes),
            editor=editor,
        )
    except CommandError as error:
        torn = git(root, "diff", "--name-only", "--diff-filter=U").split()
        if not torn:
            raise
        tag = Reference.parse(changes[-1].former).tag
        raise OpsError(
            f"{', '.join(torn)}: the same lines have changed since, so the revert does not "
            f"apply; `ops image set {tag} --app {app.name}` goes back without it"
        ) from error


def _require_result(root: Path, file: Path, target: str) -> None:
    """The image is the one that was meant, and dist/ is what the declarations render."""
    image = history.image_at(root, "HEAD", file)
    if image != target:
        led = image or "no image"
        raise OpsError(f"{file}: the revert results in {led}, not in {target}; nothing is changed")
    for finding in freshness.findings(root):
        raise OpsError(
            f"{finding.file}: after the revert, {' and '.join(RENDERED)} would not be what the"
            " declarations render; nothing is changed"
        )

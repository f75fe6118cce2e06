"""The plan of a change: every Application that it touches, compared, judged and played through."""

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from fnmatch import fnmatch
from functools import cached_property
from pathlib import Path

from ops.errors import OpsError
from ops.gate.policy import SILENCE
from ops.manifests import Manifest, parse
from ops.plan.acknowledgement import Acknowledgements, missing
from ops.plan.argocd import Application
from ops.plan.change import Change, Comparison, Judged
from ops.plan.difference import ABSENT, Field
from ops.plan.effects import Effect
from ops.plan.obstacles import Obstacle, obstacles
from ops.plan.revisions import Tree, changed, contents, revision, trailers, work_tree
from ops.plan.sync import Step, deletion, key, sync

_INCLUDE = re.compile(rb"""^[ ]*include:[ ]*["']?([^"'\n]+)""", re.MULTILINE)
_PATTERN = re.compile(r"[*?\[]")


@dataclass(frozen=True)
class AppPlan:
    """What happens to one Application's objects."""

    name: str
    verb: str
    """`install`, `upgrade` or `remove`."""
    changes: Sequence[Change]
    steps: Sequence[Step]
    obstacles: Sequence[Obstacle]
    notes: Sequence[str]

    @property
    def effect(self) -> Effect:
        """The worst class of all its changes."""
        return max((change.effect for change in self.changes), default=Effect.NOTHING)


@dataclass(frozen=True)
class Silence:
    """A policy check that an object silences."""

    subject: str
    check: str
    reason: str
    is_new: bool


@dataclass(frozen=True)
class Plan:
    """What a change does on the cluster."""

    base: str
    head: str
    apps: Sequence[AppPlan]
    silenced: Sequence[Silence]
    acknowledged: Acknowledgements

    @cached_property
    def changes(self) -> list[Change]:
        """All changes of all Applications."""
        return [change for app in self.apps for change in app.changes]

    @cached_property
    def obstacles(self) -> list[Obstacle]:
        """Everything that keeps a sync from starting or ending."""
        return [obstacle for app in self.apps for obstacle in app.obstacles]

    @cached_property
    def refused(self) -> list[Change]:
        """What the API server will not take."""
        return [change for change in self.changes if change.effect is Effect.REFUSED]

    @cached_property
    def unacknowledged(self) -> list[str]:
        """The trailers that a commit must have and none has."""
        return missing(self.changes, self.acknowledged)

    @property
    def passed(self) -> bool:
        """Whether the change may be merged as it is."""
        return not (self.obstacles or self.refused or self.unacknowledged)

    def of(self, effect: Effect) -> list[Change]:
        """The changes of a class."""
        return [change for change in self.changes if change.effect is effect]


def plan(base: str, head: str | None, folder: Path) -> Plan:
    """The plan from one revision to another, or to the files as they lie in the work tree.

    Raises OpsError for a revision that is not there and for files that are no manifests.
    """
    before = revision(base, folder)
    after = revision(head, folder) if head else work_tree(folder)
    if not after.files:
        raise OpsError(f"{after.name} has no manifest in dist/ or argocd/: render it first")
    documents = _Documents(before, after, folder)
    return Plan(
        base=base,
        head=head or after.name,
        apps=documents.plans(),
        silenced=documents.silenced(),
        acknowledged=Acknowledgements.of(trailers(before, after, folder)),
    )


class _Documents:
    """The documents of both states, of which only those are parsed that the change touches."""

    def __init__(self, before: Tree, after: Tree, folder: Path) -> None:
        self.before, self.after, self.folder = before, after, folder
        self.changed = changed(before, after)
        self._parsed: dict[tuple[Path, str], list[Manifest]] = {}
        self._raw: dict[tuple[Path, str], bytes] = {}

    def raw(self, tree: Tree, paths: Iterable[Path]) -> dict[Path, bytes]:
        """The content of files, each content read once."""
        wanted = [path for path in paths if path in tree.files]
        unread = [path for path in wanted if (path, tree.files[path]) not in self._raw]
        for path, content in contents(tree, unread, self.folder).items():
            self._raw[path, tree.files[path]] = content
        return {path: self._raw[path, tree.files[path]] for path in wanted}

    def parsed(self, tree: Tree, paths: Iterable[Path]) -> list[Manifest]:
        """The documents of files, each content parsed once."""
        found = []
        for path, content in sorted(self.raw(tree, paths).items()):
            place = path, tree.files[path]
            if place not in self._parsed:
                self._parsed[place] = list(parse(content, path))
            found += self._parsed[place]
        return found

    def applications(self, tree: Tree) -> Mapping[str, Application]:
        """The Applications that read a changed file, by what they are called."""
        found = {}
        for manifest in self.parsed(tree, self._worth_parsing(tree)):
            if (manifest.group, manifest.kind) == ("argoproj.io", "Application"):
                application = Application(manifest)
                is_changed = manifest.file in self.changed
                if is_changed or any(application.reads(path) for path in self.changed):
                    found[str(manifest)] = application
        return found

    def _worth_parsing(self, tree: Tree) -> list[Path]:
        """Files that may hold an Application that reads a changed file, told from their text.

        Parsing the Applications of a thousand apps, of which ten changed, would take seconds.
        """
        names = {path.name for path in self.changed}
        files = self.raw(tree, tree.files)
        return [
            path
            for path, content in files.items()
            if path in self.changed or (b"Application" in content and _may_read(content, names))
        ]

    def plans(self) -> list[AppPlan]:
        """The plan of each Application that the change touches; the root one first."""
        before, after = self.applications(self.before), self.applications(self.after)
        read: set[Path] = set()
        plans: list[tuple[bool, AppPlan]] = []
        for name in sorted({*before, *after}):
            application = after.get(name) or before[name]
            live, target = before.get(name), after.get(name)
            comparison = Comparison(
                application,
                live=self._read_by(live, self.before),
                target=self._read_by(target, self.after) if target else [],
                removed=target is None,
            )
            read |= {p for p in self.changed if any(a and a.reads(p) for a in (live, target))}
            plans.append((not application.is_root, _shaped(comparison, is_new=live is None)))
        found = [app for _, app in sorted(plans, key=lambda p: (p[0], p[1].name))]
        found = [app for app in found if app.changes or app.obstacles]
        unread = self._unread(self.changed - read)
        return _with_projects_covered([*found, *unread])

    def _read_by(self, application: Application | None, tree: Tree) -> list[Manifest]:
        """What an Application reads; of the root's, only what changes, and itself."""
        if application is None:
            return []
        paths = [path for path in tree.files if application.reads(path)]
        if application.is_root:
            own = application.manifest.file
            paths = [path for path in paths if path in self.changed or path == own]
        return self.parsed(tree, paths)

    def _unread(self, paths: set[Path]) -> list[AppPlan]:
        """Changed files that no Application reads: nothing happens, which nobody may have meant."""
        if not paths:
            return []
        after = {key(m): m for m in self.parsed(self.after, paths)}
        before = {key(m): m for m in self.parsed(self.before, paths)}
        reason = "no Application reads the file: nothing brings this to the cluster"
        changes = [
            Change(before.get(k), after.get(k), [Judged(_WHOLE, Effect.UNKNOWN, reason)])
            for k in {**before, **after}
        ]
        return [AppPlan("(read by no Application)", "upgrade", changes, [], [], [])]

    def silenced(self) -> list[Silence]:
        """The silenced checks of all documents, and which of them the change brings."""
        mark = SILENCE.encode()
        files = [
            p for p, content in self.raw(self.after, self.after.files).items() if mark in content
        ]
        before = {
            (key(m), name)
            for m in self.parsed(self.before, [p for p in files if p in self.before.files])
            for name in m.annotations
        }
        return [
            Silence(str(m), name.removeprefix(SILENCE), reason, (key(m), name) not in before)
            for m in self.parsed(self.after, files)
            for name, reason in m.annotations.items()
            if name.startswith(SILENCE)
        ]


_WHOLE = Field(("(unread)",), ABSENT, ABSENT)


def _may_read(content: bytes, names: set[str]) -> bool:
    """Whether the text of an Application does not exclude that it reads one of the files."""
    included = [found.decode(errors="replace").strip() for found in _INCLUDE.findall(content)]
    return not included or any(
        Path(pattern).name in names
        or (_PATTERN.search(pattern) and any(fnmatch(n, Path(pattern).name) for n in names))
        for pattern in included
    )


def _shaped(comparison: Comparison, *, is_new: bool) -> AppPlan:
    """The plan, or a sentence if a document has a list where its kind has a mapping, or the like.

    Schemas are the gate's; here they would cost more than the whole plan.
    """
    try:
        return _plan(comparison, is_new=is_new)
    except (AttributeError, TypeError, ValueError) as error:
        raise OpsError(
            f"{comparison.application.manifest} reads a document that does not have the shape of"
            " its kind, before or after the change; `ops gate` says which and where"
        ) from error


def _plan(comparison: Comparison, *, is_new: bool) -> AppPlan:
    application = comparison.application
    changes = comparison.changes()
    if comparison.removed:
        verb, steps = "remove", deletion(application, comparison.live)
    else:
        verb = "install" if is_new else "upgrade"
        syncs = bool(changes) and comparison.starts
        steps = sync(application, comparison.target, comparison.live) if syncs else []
    notes = []
    if steps and not comparison.removed and application.automated is None:
        notes.append("automatic sync is off: somebody has to start this")
    return AppPlan(application.name, verb, changes, steps, obstacles(comparison), notes)


def _with_projects_covered(apps: list[AppPlan]) -> list[AppPlan]:
    """An AppProject that goes with its Application needs no acknowledgement of its own."""
    gone = {
        str(change.manifest.spec.get("project")): str(change)
        for app in apps
        for change in app.changes
        if change.manifest.kind == "Application" and change.effect is Effect.DELETED
    }

    def covered(change: Change) -> Change:
        is_project = change.manifest.kind == "AppProject" and change.manifest.name in gone
        if not is_project:
            return change
        return replace(change, covered_by=frozenset({gone[change.manifest.name]}))

    return [replace(app, changes=[covered(change) for change in app.changes]) for app in apps]

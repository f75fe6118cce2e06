"""From two revisions to a plan: each Application that the change touches, compared, simulated."""

from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path

from ops import kinds
from ops.documents.manifest import Manifest
from ops.errors import ManifestError, OpsError
from ops.kinds.app_project import AppProject
from ops.kinds.application import Application
from ops.kinds.description.effect import Effect
from ops.kinds.description.rule import ABSENT
from ops.plan import manual_sync
from ops.plan.acknowledgement import Acknowledgements, with_shared_risk
from ops.plan.change import Change, Comparison, Judged
from ops.plan.difference import Field
from ops.plan.documents import Documents
from ops.plan.messages import messages
from ops.plan.model import AppPlan, Plan, Silence
from ops.plan.obstacles import Obstacle, obstacles
from ops.plan.ownership import handover
from ops.plan.ownership.handover import with_owners
from ops.plan.ownership.owners import Owners
from ops.plan.requests.gaps import gaps_of
from ops.plan.revisions import Tree, revision, work_tree
from ops.plan.secrets_change import SecretsFiles
from ops.plan.simulation import deletion, sync
from ops.plan.synced_application import SyncedApplication
from railiance.annotations import SILENCE

_WHOLE = Field(("(unread)",), ABSENT, ABSENT)


def plan(base: str, head: str | None, folder: Path) -> Plan:
    """The plan from one revision to another, or to the files of the work tree.

    Raises OpsError for a revision that is not there and for files that are no manifests.
    """
    before = revision(base, folder, is_checked=False)
    after = revision(head, folder) if head else work_tree(folder)
    if not after.files:
        raise OpsError(f"{after.name} has no manifest in dist/ or argocd/: render it first")
    documents = Documents(before, after, folder)
    secrets = SecretsFiles.between(before, after, folder)
    written = messages(before, after, folder)
    trailers = [trailer for message in written for trailer in message.trailers]
    return Plan(
        base=base,
        head=head or after.name,
        apps=[*_strangers(before, after), *_plans(documents, secrets)],
        silenced=_silenced(documents),
        acknowledged=Acknowledgements.from_trailers(trailers),
        added_readers=secrets.added_readers(trailers),
        secrets_notes=list(secrets.notes(after.files)),
        notes=[_unread_sentence(error) for error in documents.unread.values()],
        written=[line for message in written for line in message.acknowledging()],
    )


def _unread_sentence(error: ManifestError) -> str:
    return (
        f"{error}. What it rendered is unknown: its objects count as unknown, and those that are "
        "no longer rendered are not listed"
    )


def _strangers(before: Tree, after: Tree) -> list[AppPlan]:
    """Files that are no manifests by their names: Argo CD may read them, and nothing here does."""
    new = sorted(
        path for path, blob in after.strangers.items() if before.strangers.get(path) != blob
    )
    problem = "is no manifest by its name, so what Argo CD makes of it is unknown"
    found = [Obstacle(str(path), problem, "remove it") for path in new]
    return [AppPlan("(no manifests)", "upgrade", [], [], found, [])] if found else []


def _plans(documents: Documents, secrets: SecretsFiles) -> list[AppPlan]:
    """The plan of each Application that the change touches; the root one first."""
    before, after = (documents.applications(t) for t in (documents.before, documents.after))
    read: set[Path] = set()
    comparisons: list[Comparison] = []
    for name in sorted({*before, *after}):
        application = after.get(name) or before[name]
        live, target = before.get(name), after.get(name)
        if live is None and application.manifest.file in documents.unread:
            live = application
        comparison = Comparison(
            application,
            live=documents.read_by(live, documents.before),
            target=documents.read_by(target, documents.after) if target else [],
            removed=target is None,
            unread=[str(e.file) for p, e in documents.unread.items() if application.reads(p)],
        )
        read |= {p for p in documents.changed if any(a and a.reads(p) for a in (live, target))}
        comparisons.append(comparison)
    owners = Owners(comparisons)
    ordered = sorted(comparisons, key=lambda c: (not c.application.is_root, c.application.name))
    found = [
        _plan(comparison, owners, secrets, is_new=_is_new(comparison, before))
        for comparison in ordered
    ]
    found = [app for app in found if app.changes or app.obstacles]
    return _with_projects_covered([*found, *_unread(documents, documents.changed - read)])


def _is_new(comparison: Comparison, before: Mapping[str, SyncedApplication]) -> bool:
    return not comparison.unread and str(comparison.application.manifest) not in before


def _plan(
    comparison: Comparison, owners: Owners, secrets: SecretsFiles, *, is_new: bool
) -> AppPlan:
    application = comparison.application
    judged = (with_owners(change, comparison, owners) for change in comparison.changes())
    changes = list(with_shared_risk(judged))
    if comparison.removed:
        verb, steps = "remove", deletion(application, comparison.live)
    else:
        verb = "install" if is_new else "upgrade"
        syncs = bool(changes) and comparison.starts
        steps = sync(application, comparison.target, comparison.live) if syncs else []
    notes = []
    if any(change.effect is Effect.NOT_RUN for change in changes):
        notes.append(f"to run the changed hook after the merge: {manual_sync.command(application)}")
    if steps and not comparison.removed and application.automated is None:
        notes.append("automatic sync is off: start the sync by hand")
    gaps = gaps_of(comparison, steps)
    changes = [gaps.counted(change) for change in changes]
    notes += [*handover.notes(comparison, owners), *gaps.notes]
    lacking = secrets.lacking(application.name, comparison.target)
    problems = [*handover.shared(comparison, owners), *obstacles(comparison), *lacking]
    return AppPlan(application.name, verb, changes, steps, problems, notes)


def _unread(documents: Documents, paths: set[Path]) -> list[AppPlan]:
    """Changed files that no Application reads: nothing happens, which may not be intended."""
    if not paths:
        return []
    before, after = (_by_key(documents, t, paths) for t in (documents.before, documents.after))
    reason = "no Application reads the file: nothing applies this to the cluster"
    changes = [
        Change(before.get(key), after.get(key), [Judged(_WHOLE, Effect.UNKNOWN, reason)])
        for key in {**before, **after}
    ]
    return [AppPlan("(read by no Application)", "upgrade", changes, [], [], [])]


def _by_key(documents: Documents, tree: Tree, paths: set[Path]) -> dict[object, Manifest]:
    return {manifest.key: manifest for manifest in documents.read(tree, paths)}


def _silenced(documents: Documents) -> list[Silence]:
    """The silenced checks of all documents, and which of them are new."""
    before = {
        (manifest.key, name)
        for manifest in documents.containing(documents.before, SILENCE)
        for name in manifest.annotations
    }
    return [
        Silence(str(m), name.removeprefix(SILENCE), reason, (m.key, name) not in before)
        for m in documents.containing(documents.after, SILENCE)
        for name, reason in m.annotations.items()
        if name.startswith(SILENCE)
    ]


def _with_projects_covered(apps: list[AppPlan]) -> list[AppPlan]:
    """An AppProject that is deleted with its Application needs no acknowledgement of its own."""
    application, project = (kinds.by_model(model) for model in (Application, AppProject))
    gone = {
        change.manifest.typed(Application).spec.project: str(change)
        for app in apps
        for change in app.changes
        if change.manifest.entry is application and change.effect is Effect.DELETED
    }

    def covered(change: Change) -> Change:
        if change.manifest.entry is not project or change.manifest.name not in gone:
            return change
        return replace(change, covered_by=frozenset({gone[change.manifest.name]}))

    return [replace(app, changes=[covered(change) for change in app.changes]) for app in apps]

"""What pods meet that another version has left: its schema, and its files."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from ops.documents.manifest import Manifest
from ops.documents.workload import Workload
from ops.kinds.description.kind import Stage
from ops.plan.simulation import Key

SCHEMA_PAGE = "docs/how-to/change-an-app.md, Migrations"
FILES_PAGE = "docs/how-to/change-an-app.md, Change the user ID"


@dataclass(frozen=True)
class LeftFiles:
    """A volume whose files belong to the former user of a workload's pods."""

    workload: Manifest
    claims: Sequence[str]
    old: str
    new: str

    def __str__(self) -> str:
        """What fails, from when until when, and what to do."""
        claims = ", ".join(f"PersistentVolumeClaim {claim}" for claim in self.claims)
        return (
            f"visitors who upload get 500 from wave {self.workload.wave} ({self.workload} changes) "
            f"on, until the files of {claims} are handed over: they belong to {self.old}, the new "
            f"pods run as {self.new} and cannot change existing files and folders, and local-path "
            f"changes no owner. Hand them over right after the roll ({FILES_PAGE})"
        )


def left_files(live: Sequence[Manifest], target: Sequence[Manifest]) -> Iterator[LeftFiles]:
    """Workloads whose user or group changes, and that keep a volume."""
    before = _by_key(live)
    for manifest in target:
        former = before.get(manifest.key)
        if former is None or not manifest.entry or not manifest.entry.pods:
            continue
        old, new = Workload(former), Workload(manifest)
        kept = [claim for claim in new.pod.claims if claim in old.pod.claims]
        if kept and _writer(old) != _writer(new):
            yield LeftFiles(manifest, kept, _writer(old), _writer(new))


def _writer(workload: Workload) -> str:
    main = workload.pod.containers[0].security_context if workload.pod.containers else None
    own = main.run_as_user if main else None
    pod = workload.pod.security_context
    user = pod.run_as_user if own is None else own
    group = "" if pod.fs_group is None else f", group {pod.fs_group}"
    return f"user {'of the image' if user is None else user}{group}"


def old_schema(live: Sequence[Manifest], target: Sequence[Manifest]) -> str:
    """That former pods serve with a new image's schema; empty if no migration has another image."""
    before = _by_key(live)
    migrations = [m for m in target if m.entry and m.entry.stage is Stage.MIGRATION]
    changed = [m for m in migrations if _runs(before.get(m.key)) not in (None, _runs(m))]
    rolled = [m for m in target if _rolls(m) and _runs(before.get(m.key)) not in (None, _runs(m))]
    if not changed or not rolled:
        return ""
    begins = f"wave {changed[0].wave} ({changed[0]} ends)"
    last = f"the last former pod of {', '.join(map(str, rolled))} ends"
    return (
        f"the former code runs on the new image's schema from {begins} until wave "
        f"{max(m.wave for m in rolled)} ({last}): where a migration drops, renames or narrows what "
        "it uses, visitors get 500. Only migrations that the former "
        "code survives go without a fault: make them in two releases, or turn on maintenance "
        f"({SCHEMA_PAGE})"
    )


def _runs(manifest: Manifest | None) -> list[object] | None:
    """Images and commands of its pods; None if it is not there."""
    if manifest is None:
        return None
    return [(c.image, c.command) for c in Workload(manifest).containers]


def _rolls(manifest: Manifest) -> bool:
    """Whether its former pods run until new ones do."""
    return bool(manifest.entry and manifest.entry.pods and manifest.entry.pods.rollout)


def _by_key(manifests: Sequence[Manifest]) -> Mapping[Key, Manifest]:
    return {manifest.key: manifest for manifest in manifests}

"""What becomes of an object that another Application owned, or that is left without an owner."""

from collections.abc import Iterator
from dataclasses import replace

from ops import kinds
from ops.documents import tracking
from ops.documents.manifest import Manifest
from ops.documents.stated_names import readable_names
from ops.documents.workload import Workload
from ops.kinds.database import Database
from ops.kinds.description.effect import Effect
from ops.kinds.description.kind import Data
from ops.kinds.ingress import Ingress
from ops.kinds.namespace import Namespace
from ops.plan.change import Change, Comparison, Judged
from ops.plan.obstacles import Obstacle
from ops.plan.ownership.owners import FAIL_ON_SHARED, Former, Owners, hosts_of
from railiance.names import DATABASE_URL

PAGE = "docs/how-to/rename-an-app.md"
_SHARED = "«Shared resource found»"


def with_owners(change: Change, comparison: Comparison, owners: Owners) -> Change:
    """A change, judged with regard to the other Applications."""
    if change.old is None:
        former = owners.former(change.manifest, comparison)
        left = owners.left_behind(change.manifest, comparison)
        if former:
            return _judged_as(change, _taken_over(change, former, comparison))
        return _judged_as(change, _left_behind(left)) if left else change
    is_left = change.new is None and comparison.stays(change.old)
    heir = owners.heir(change.manifest, comparison) if is_left else None
    if heir is None:
        return change
    reason = f"{change.worst.reason} here; {heir.application.manifest} renders it from now on"
    return _judged_as(change, (change.effect, reason))


def _judged_as(change: Change, found: tuple[Effect, str]) -> Change:
    effect, reason = found
    judged = change.worst
    return replace(change, judged=[Judged(judged.field, effect, reason, judged.source)])


def _taken_over(change: Change, former: Former, new: Comparison) -> tuple[Effect, str]:
    owner, heir = former.owner.application.manifest, new.application.manifest
    fails = FAIL_ON_SHARED in new.application.options
    if former.kept or former.stays_rendered:
        why = f"it is there already and bears the mark of {owner}"
        if former.kept and not former.stays_rendered:
            why += f", which leaves it ({former.kept})"
        if not fails:
            return Effect.IN_PLACE, f"{why}; {heir} takes it over as it is"
        effect = Effect.DATA_AT_RISK if _holds_data(former.manifest) else Effect.UNKNOWN
        return effect, (
            f"{why}: the sync of {heir} ends with {_SHARED} and applies nothing until the mark is "
            f"removed ({PAGE})"
        )
    why = f"{owner} deletes it, and {heir} creates it again"
    if fails:
        why += f"; until it is gone, the sync of {heir} ends with {_SHARED} and is tried again"
    if _holds_data(former.manifest):
        return Effect.DATA_AT_RISK, f"{why}: it is new and empty"
    has_pods = former.manifest.entry and former.manifest.entry.pods
    return (Effect.ROLLS_WITH_GAP if has_pods else change.effect), why


def _left_behind(former: Former) -> tuple[Effect, str]:
    reason = (
        f"it starts empty: {former.manifest} of {former.owner.application.manifest} stays where it "
        f"is ({former.kept or 'until it is deleted'}), and nothing moves its data ({PAGE})"
    )
    return Effect.DATA_AT_RISK, reason


def _holds_data(manifest: Manifest) -> bool:
    return manifest.entry is not None and manifest.entry.holds is Data.HOLDS


def shared(comparison: Comparison, owners: Owners) -> Iterator[Obstacle]:
    """Objects that another Application renders as well."""
    if FAIL_ON_SHARED not in comparison.application.options:
        return
    for manifest in comparison.target:
        former = owners.former(manifest, comparison)
        if former and former.stays_rendered and manifest.key not in comparison.live_keys:
            owner = former.owner.application.manifest
            yield Obstacle(
                str(manifest),
                f"{owner} renders it as well: the sync of {comparison.application.manifest} ends "
                f"with {_SHARED}",
                "render it in one place",
            )


def notes(comparison: Comparison, owners: Owners) -> Iterator[str]:
    """What is to be done besides, and what does not come to an end."""
    predecessor = owners.predecessor(comparison)
    if predecessor:
        yield _rename(comparison, predecessor)
    for host, loser in owners.losers(comparison):
        if loser is not predecessor:
            yield _moved_host(host, loser, comparison)
    if not comparison.removed and comparison.target:
        yield from _orphans(comparison, owners)
    yield from _former_database(comparison)


def _rename(new: Comparison, old: Comparison) -> str:
    entry = kinds.by_model(Ingress)
    ingresses = [m for m in new.target if m.entry is entry]
    hosts = ", ".join(sorted(hosts_of(new.target)))
    last = ", ".join(f"{m} (wave {m.wave})" for m in ingresses) or "the end of this sync"
    missing = sorted({f"{m.namespace}/{name}" for m in new.target for name in _secrets(m)})
    secrets = f" Its Secrets are not moved either: {', '.join(missing)}." if missing else ""
    return (
        f"{old.application.manifest} goes on under this name. Visitors of {hosts} get 404 from its "
        f"deletion by the root Application until this sync has applied {last}.{secrets} Follow "
        f"{PAGE}, or the app stays down"
    )


def _moved_host(host: str, old: Comparison, new: Comparison) -> str:
    entry = kinds.by_model(Ingress)
    served = next(m for m in new.target if m.entry is entry and host in m.typed(Ingress).hosts)
    return (
        f"{host} moves here from {old.application.manifest}, and no order is kept between the two "
        f"syncs. Its visitors get 404 from the end of its Ingress there until {served} is applied "
        f"(wave {served.wave}), which waits for a new certificate; while both are there, Traefik "
        "serves either app. Do it at a quiet time"
    )


def _secrets(manifest: Manifest) -> set[str]:
    return {name for name, _ in Workload(manifest).secret_keys}


def _orphans(comparison: Comparison, owners: Owners) -> Iterator[str]:
    """Objects that stay and still bear this Application's mark."""
    for manifest in comparison.live:
        gone = manifest.key not in comparison.target_keys and not manifest.is_hook
        if gone and comparison.stays(manifest):
            if owners.heir(manifest, comparison):
                ending = f"{tracking.release(manifest)}, with which {PAGE} hands it over"
            else:
                ending = tracking.annotate(manifest, tracking.LEFT_ALONE)
            yield (
                f"{comparison.application.manifest} stays OutOfSync because of {manifest}, so that "
                f"`ops status` and `ops deploy` do not come to an end; that takes {ending}"
            )


def _former_database(comparison: Comparison) -> Iterator[str]:
    """Secrets that name a database which gives way to another."""
    entry = kinds.by_model(Database)
    gone = [m for m in comparison.live if m.entry is entry and m.key not in comparison.target_keys]
    new = [m for m in comparison.target if m.entry is entry and m.key not in comparison.live_keys]
    if comparison.removed or not gone or not new:
        return
    namespaces = (m for m in comparison.target if m.entry is kinds.by_model(Namespace))
    names = readable_names(next(namespaces, None))
    urls = {key for key, kind in names.secrets.items() if kind == DATABASE_URL}
    keys = {pair for m in comparison.target for pair in Workload(m).secret_keys if pair[1] in urls}
    old_name, new_name = (ms[0].typed(Database).spec.name for ms in (gone, new))
    for secret, key in sorted(keys):
        yield (
            f"{key} in Secret {secret} still names the database {old_name}, which the app goes on "
            f"using; to use {new_name}, move the data, then `ops secrets edit` and `ops secrets "
            "apply`"
        )

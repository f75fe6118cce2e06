"""CloudNativePG's Backup: one backup of the shared cluster."""

from ops.kinds.description.effect import Effect
from ops.kinds.description.health import HEALTHY, Health, State
from ops.kinds.description.kind import Data, Owner, not_rendered
from ops.objects.base import NamedReference, Object, Part, Status


class BackupSpec(Part, frozen=True):
    """Of which cluster."""

    cluster: NamedReference = NamedReference()


class BackupStatus(Status, frozen=True):
    """How it ended."""

    phase: str = ""
    error: str = ""
    stopped_at: str = ""


class Backup(Object, frozen=True):
    """A Backup."""

    spec: BackupSpec = BackupSpec()
    status: BackupStatus = BackupStatus()


def health(backup: Backup) -> Health:
    """Healthy once it is completed."""
    phase = backup.status.phase
    if phase == "completed":
        return HEALTHY
    return Health(State.DEGRADED if phase == "failed" else State.PROGRESSING, backup.status.error)


KIND = not_rendered(
    kind="Backup",
    group="postgresql.cnpg.io",
    version="v1",
    plural="backups",
    namespaced=True,
    model=Backup,
    owner=Owner.PLATFORM,
    pods=None,
    holds=Data.NONE,
    health=health,
    apply_order=None,
    recreated=Effect.ROLLS_WITH_GAP,
    changes=(),
)

"""CloudNativePG's ScheduledBackup: when the shared cluster is backed up."""

from ops.kinds.description.effect import Effect
from ops.kinds.description.kind import Data, Owner, not_rendered
from ops.objects.base import NamedReference, Object, Part


class ScheduledBackupSpec(Part, frozen=True):
    """Of which cluster, and whether it is paused."""

    cluster: NamedReference = NamedReference()
    suspend: bool = False


class ScheduledBackup(Object, frozen=True):
    """A ScheduledBackup."""

    spec: ScheduledBackupSpec = ScheduledBackupSpec()


KIND = not_rendered(
    kind="ScheduledBackup",
    group="postgresql.cnpg.io",
    version="v1",
    plural="scheduledbackups",
    namespaced=True,
    model=ScheduledBackup,
    owner=Owner.PLATFORM,
    pods=None,
    holds=Data.NONE,
    health=None,
    apply_order=None,
    recreated=Effect.ROLLS_WITH_GAP,
    changes=(),
)

"""StorageClass: how volumes are made."""

from ops.kinds.description.changes import NEW
from ops.kinds.description.effect import Effect
from ops.kinds.description.kind import Data, Owner, not_rendered
from ops.kinds.description.rule import Rule
from ops.kinds.description.sources import CONCEPTS, VALIDATION
from ops.objects.base import Object


class StorageClass(Object, frozen=True):
    """A StorageClass."""

    volume_binding_mode: str = "Immediate"


KIND = not_rendered(
    kind="StorageClass",
    group="storage.k8s.io",
    version="v1",
    plural="storageclasses",
    namespaced=False,
    model=StorageClass,
    owner=Owner.PLATFORM,
    pods=None,
    holds=Data.NONE,
    health=None,
    apply_order=10,
    recreated=Effect.ROLLS_WITH_GAP,
    changes=(
        Rule(
            "allowVolumeExpansion",
            Effect.IN_PLACE,
            "applies to volume expansions that are requested from now on",
            f"{CONCEPTS}storage/storage-classes/#volume-expansion",
        ),
        Rule(
            "provisioner parameters reclaimPolicy volumeBindingMode",
            Effect.REFUSED,
            "immutable in a StorageClass",
            f"{VALIDATION}storage/validation/validation.go",
        ),
        NEW,
    ),
)

"""PersistentVolume: the storage behind a claim."""

from ops.kinds.description.changes import NEW
from ops.kinds.description.effect import Effect
from ops.kinds.description.kind import Data, Owner, not_rendered
from ops.kinds.description.rule import DELETED, Rule, was_there
from ops.kinds.description.sources import CORE_VALIDATION, VOLUMES
from ops.objects.base import Object

KIND = not_rendered(
    kind="PersistentVolume",
    group="",
    version="v1",
    plural="persistentvolumes",
    namespaced=False,
    model=Object,
    owner=Owner.PLATFORM,
    pods=None,
    holds=Data.HOLDS,
    health=None,
    apply_order=11,
    recreated=Effect.DATA_AT_RISK,
    changes=(
        Rule(
            "spec.persistentVolumeReclaimPolicy",
            Effect.DATA_AT_RISK,
            "decides whether the data is deleted with the claim",
            f"{VOLUMES}#reclaiming",
        ),
        Rule(
            "spec.hostPath spec.nfs spec.csi spec.local spec.iscsi spec.volumeMode",
            Effect.REFUSED,
            "a volume's source is immutable",
            CORE_VALIDATION,
        ),
        Rule(
            "spec.nodeAffinity",
            Effect.REFUSED,
            "the node affinity of a volume is immutable once set",
            CORE_VALIDATION,
            was_there,
        ),
        Rule(
            "spec", Effect.DATA_AT_RISK, "the claim may no longer be bound to this volume", VOLUMES
        ),
        NEW,
        Rule(
            DELETED,
            Effect.DATA_AT_RISK,
            "the storage deletes the files with it, unless its reclaim policy is Retain",
            f"{VOLUMES}#reclaiming",
        ),
    ),
)

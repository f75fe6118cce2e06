"""PersistentVolumeClaim: the files that an app keeps."""

from ops.kinds.description.changes import NEW_OR_KEPT
from ops.kinds.description.effect import Effect
from ops.kinds.description.health import HEALTHY, Health, State
from ops.kinds.description.kind import Data, Kind, Owner, Tree, no_references
from ops.kinds.description.rule import DELETED, Rule
from ops.kinds.description.sources import CONCEPTS, CORE_VALIDATION, VOLUMES
from ops.objects.base import Object, Part
from ops.objects.pod_spec import Quantity, Resources
from ops.objects.quantity import quantity


class ClaimSpec(Part, frozen=True):
    """What is claimed."""

    access_modes: list[str] = []
    storage_class_name: str = ""
    resources: Resources = Resources()


class ClaimStatus(Part, frozen=True):
    """What was bound."""

    phase: str = ""
    capacity: dict[str, Quantity] = {}


class PersistentVolumeClaim(Object, frozen=True):
    """A PersistentVolumeClaim."""

    spec: ClaimSpec = ClaimSpec()
    status: ClaimStatus = ClaimStatus()


def health(claim: PersistentVolumeClaim) -> Health:
    """Bound is healthy."""
    phase = claim.status.phase
    if phase == "Lost":
        return Health(State.DEGRADED, "its volume is lost")
    return HEALTHY if phase == "Bound" else Health(State.PROGRESSING, phase)


def _grows(old: object, new: object) -> bool:
    before, after = quantity(old), quantity(new)
    return before is not None and after is not None and after > before


KIND = Kind(
    kind="PersistentVolumeClaim",
    group="",
    version="v1",
    plural="persistentvolumeclaims",
    namespaced=True,
    model=PersistentVolumeClaim,
    owner=Owner.APP,
    fields=Tree.from_paths(
        *("spec.accessModes", "spec.storageClassName", "spec.volumeMode"),
        "spec.resources.requests.*",
    ),
    guarded=False,
    needed=False,
    stage=None,  # in the wave of the pod that mounts it
    kept=(frozenset({"Prune=false", "Delete=false"}),),
    pods=None,
    refers_to=no_references,
    holds=Data.HOLDS,
    health=health,
    apply_order=12,
    recreated=Effect.DATA_AT_RISK,
    changes=(
        Rule(
            "spec.resources.requests.storage",
            Effect.REFUSED,
            "a volume grows only if its StorageClass allows expansion, which local-path does not",
            f"{VOLUMES}#expanding-persistent-volumes-claims",
            _grows,
        ),
        Rule(
            "spec.resources.requests.storage",
            Effect.REFUSED,
            "a volume cannot become smaller",
            f"{VOLUMES}#expanding-persistent-volumes-claims",
        ),
        Rule(
            "spec.volumeAttributesClassName",
            Effect.UNKNOWN,
            "depends on the storage driver",
            f"{CONCEPTS}storage/volume-attributes-classes/",
        ),
        Rule("spec", Effect.REFUSED, "the spec of a claim is immutable", CORE_VALIDATION),
        NEW_OR_KEPT,
        Rule(
            DELETED,
            Effect.DATA_AT_RISK,
            "the storage deletes the files with it, unless its reclaim policy is Retain",
            f"{VOLUMES}#reclaiming",
        ),
    ),
)

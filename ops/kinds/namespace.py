"""Namespace: everything of an app but its Database is in one."""

from ops.kinds.description.changes import NEW
from ops.kinds.description.effect import Effect
from ops.kinds.description.kind import Data, Kind, Owner, Stage, Tree, no_references
from ops.kinds.description.rule import DELETED, Rule
from ops.kinds.description.sources import CONCEPTS
from ops.objects.base import Object


class Namespace(Object, frozen=True):
    """A Namespace."""


KIND = Kind(
    kind="Namespace",
    group="",
    version="v1",
    plural="namespaces",
    namespaced=False,
    model=Namespace,
    owner=Owner.APP,
    fields=Tree.from_paths(),
    guarded=False,
    needed=False,  # what is needed is needed for each Namespace
    stage=Stage.NAMESPACE,
    kept=(
        frozenset({"Prune=confirm", "Delete=false"}),
        frozenset({"Prune=false", "Delete=false"}),
    ),
    pods=None,
    refers_to=no_references,
    holds=Data.DELETES,
    health=None,
    apply_order=0,
    recreated=None,
    changes=(
        Rule(
            "metadata.labels",
            Effect.EXPOSES,
            "policies select a Namespace by its labels: Pod Security, and who may reach the"
            " database",
            f"{CONCEPTS}security/pod-security-admission/",
        ),
        NEW,
        Rule(
            DELETED,
            Effect.DATA_AT_RISK,
            "deletes everything in it, volumes too",
            f"{CONCEPTS}overview/working-with-objects/namespaces/",
        ),
    ),
)

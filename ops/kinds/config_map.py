"""ConfigMap: settings as files or variables; the receipts of deploys."""

from collections.abc import Collection

from ops.kinds.description.changes import NEW
from ops.kinds.description.effect import Effect
from ops.kinds.description.kind import Data, Kind, Owner, Stage, Tree, no_references
from ops.kinds.description.rule import Rule
from ops.kinds.description.sources import CONCEPTS
from ops.objects.base import Object, key


class ConfigMap(Object, frozen=True):
    """A ConfigMap."""

    data: dict[str, str] = {}
    binary_data: dict[str, str] = {}

    @property
    def items(self) -> Collection[str]:
        """Its keys."""
        return {key(name) for name in (*self.data, *self.binary_data)}


KIND = Kind(
    kind="ConfigMap",
    group="",
    version="v1",
    plural="configmaps",
    namespaced=True,
    model=ConfigMap,
    owner=Owner.APP,
    fields=Tree.from_paths("data.*"),
    guarded=False,
    needed=False,
    stage=Stage.FOUNDATION,
    kept=(),
    pods=None,
    refers_to=no_references,
    holds=Data.NONE,
    health=None,
    apply_order=9,
    recreated=Effect.ROLLS_WITH_GAP,
    changes=(
        Rule(
            "data binaryData immutable",
            Effect.IN_PLACE,
            "mounted files are updated within about a minute, those mounted by subPath and"
            " environment variables only in new pods",
            f"{CONCEPTS}configuration/configmap/#mounted-configmaps-are-updated-automatically",
        ),
        NEW,
    ),
)

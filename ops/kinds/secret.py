"""Secret: applied by `ops secrets apply` from secrets/, never rendered."""

from ops.kinds.description.changes import NEW
from ops.kinds.description.effect import Effect
from ops.kinds.description.kind import Data, Kind, Owner, Tree, no_references
from ops.kinds.description.rule import Rule
from ops.kinds.description.sources import CONCEPTS, CORE_VALIDATION
from ops.objects.base import Object


class Secret(Object, frozen=True):
    """A Secret as the cluster has it; its values, in base64, are in no repr."""

    type: str = "Opaque"
    data: dict[str, str] = {}

    def __repr__(self) -> str:
        """Names alone."""
        return f"Secret({self.namespace}/{self.name}, {sorted(self.data)})"


KIND = Kind(
    kind="Secret",
    group="",
    version="v1",
    plural="secrets",
    namespaced=True,
    model=Secret,
    owner=Owner.APP,  # a rendered one has an error of its own, secrets.E001
    fields=Tree.from_paths("type", "*"),
    guarded=False,
    needed=False,
    stage=None,
    kept=(),
    pods=None,
    refers_to=no_references,
    holds=Data.NONE,
    health=None,
    apply_order=7,
    recreated=Effect.ROLLS_WITH_GAP,
    changes=(
        Rule("type", Effect.REFUSED, "a Secret's type is immutable", CORE_VALIDATION),
        Rule(
            "data binaryData stringData immutable",
            Effect.IN_PLACE,
            "mounted files are updated within about a minute; environment variables only in "
            "new pods",
            f"{CONCEPTS}configuration/configmap/#mounted-configmaps-are-updated-automatically",
        ),
        NEW,
    ),
)

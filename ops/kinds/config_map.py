"""ConfigMap: settings as files or variables; the receipts of deploys."""

from ops.kinds.description.changes import NEW
from ops.kinds.description.effect import Effect
from ops.kinds.description.kind import Data, Owner, not_rendered
from ops.kinds.description.rule import Rule
from ops.kinds.description.sources import CONCEPTS
from ops.objects.base import Object


class ConfigMap(Object, frozen=True):
    """A ConfigMap."""

    data: dict[str, str] = {}


KIND = not_rendered(
    kind="ConfigMap",
    group="",
    version="v1",
    plural="configmaps",
    namespaced=True,
    model=ConfigMap,
    owner=Owner.OPTIONAL,
    pods=None,
    holds=Data.NONE,
    health=None,
    apply_order=9,
    recreated=Effect.ROLLS_WITH_GAP,
    changes=(
        Rule(
            "data binaryData immutable",
            Effect.IN_PLACE,
            "mounted files are updated within about a minute; environment variables only in "
            "new pods",
            f"{CONCEPTS}configuration/configmap/#mounted-configmaps-are-updated-automatically",
        ),
        NEW,
    ),
)

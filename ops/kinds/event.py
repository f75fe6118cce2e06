"""Event: what happened to an object."""

from ops.kinds.description.effect import Effect
from ops.kinds.description.kind import Data, Owner, not_rendered
from ops.objects.base import Object, Part


class Involved(Part, frozen=True):
    """The object that it happened to."""

    name: str = ""


class Event(Object, frozen=True):
    """An Event."""

    type: str = ""
    reason: str = ""
    message: str = ""
    involved_object: Involved = Involved()


KIND = not_rendered(
    kind="Event",
    group="",
    version="v1",
    plural="events",
    namespaced=True,
    model=Event,
    owner=Owner.PLATFORM,
    pods=None,
    holds=Data.NONE,
    health=None,
    apply_order=None,
    recreated=Effect.ROLLS_WITH_GAP,
    changes=(),
)

"""How an app calls its settings, as its Namespace states."""

from ops.documents.manifest import Manifest
from railiance.annotations import NAMES
from railiance.names import StatedNames


def names_of(namespace: Manifest) -> StatedNames:
    """The names on a Namespace, the usual ones if it states none; ValueError if they are wrong."""
    text = namespace.annotations.get(NAMES)
    return StatedNames.from_json(text) if text is not None else StatedNames()

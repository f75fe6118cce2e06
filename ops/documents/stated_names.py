"""How an app calls its settings, as its Namespace states."""

from ops.documents.manifest import Manifest
from railiance.annotations import NAMES
from railiance.names import StatedNames


def readable_names(namespace: Manifest | None) -> StatedNames:
    """The names on a Namespace; the usual ones without it, or if they are wrong (settings.E006)."""
    try:
        return names_of(namespace) if namespace else StatedNames()
    except ValueError:
        return StatedNames()


def names_of(namespace: Manifest) -> StatedNames:
    """The names on a Namespace, the usual ones if it states none; ValueError if they are wrong."""
    text = namespace.annotations.get(NAMES)
    return StatedNames.from_json(text) if text is not None else StatedNames()

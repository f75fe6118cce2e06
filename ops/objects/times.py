"""Times, as documents write them."""

from datetime import UTC, datetime, timedelta

from ops.objects.base import Object


def moment(text: str) -> datetime | None:
    """A time as it is written in documents; None if there is none, or none that can be read."""
    try:
        read = datetime.fromisoformat(text)
    except ValueError:
        return None
    return read if read.tzinfo else read.replace(tzinfo=UTC)


def is_younger(found: Object, than: timedelta) -> bool:
    """Whether an object was made less than so long ago; one that does not state when was not."""
    made = moment(found.metadata.creation_timestamp)
    return made is not None and datetime.now(UTC) - made < than

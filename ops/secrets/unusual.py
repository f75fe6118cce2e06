"""Values that are valid, and probably not what was meant."""

from collections.abc import Iterable, Iterator

from ops.secrets.content import Content
from ops.secrets.wanted_key import FILE, LOGIN, VALKEY_ACL

_QUOTES = "\"'`"
_ANY_TEXT = (FILE, LOGIN, VALKEY_ACL)


def oddity(value: str) -> str:
    """What is odd about a value, without repeating it; empty if nothing is."""
    if value.endswith(("\n", "\r")):
        return "ends with a line break"
    if value != value.strip():
        return "begins or ends with a blank"
    if len(value) > 1 and value[0] == value[-1] and value[0] in _QUOTES:
        return "is in quotes, which are part of the value"
    return ""


def questions(values: Iterable[tuple[str, str]], change: str) -> Iterator[str]:
    """A question about each odd value, by key; `change` is the command that changes one."""
    for key, value in values:
        if odd := oddity(value):
            yield f"{key} {odd}: is that meant? If not: `{change.format(key=key)}`"


def in_content(content: Content) -> list[str]:
    """The questions about the values of a file."""
    keys = [key for key in content.wanted.all_keys if key.kind not in _ANY_TEXT]
    values = ((key.name, content.text(key)) for key in keys)
    return list(questions(values, content.wanted.command("edit")))

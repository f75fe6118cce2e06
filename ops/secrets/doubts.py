"""Values that are probably not what was meant, described without showing them."""

from collections.abc import Iterable, Iterator

from ops.secrets.decrypted import DecryptedSecret
from railiance.texts import in_quotes

QUOTES = "is in quotes, which would be part of it"
LINE_BREAK = "ends with a line break"


def doubt(value: str) -> str:
    """What is odd about a value of one line; empty if nothing is.

    A value of several lines, such as a private key, may well end with a line break.
    """
    if "\n" in value.strip():
        return ""
    if value.endswith(("\n", "\r")):
        return LINE_BREAK
    if in_quotes(value):
        return QUOTES
    return "begins or ends with a blank" if value != value.strip() else ""


def notes(secrets: Iterable[DecryptedSecret], settings: str) -> Iterator[str]:
    """A sentence for each odd value of the Secret with an app's settings."""
    for secret in secrets:
        for key in secret.values() if secret.name == settings else ():
            if problem := doubt(secret.text(key)):
                yield f"{key} {problem}; if that is not meant, edit it again"

"""Texts that a process gets exactly as they are declared, or that are refused.

YAML cannot hold some characters as they are, and some are a slip whenever they appear. The messages
repeat no text: it may be a secret.
"""

import re

_UNPRINTABLE = re.compile(
    "[\0-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\u2028\u2029\ufeff\ufffe\uffff\ud800-\udfff]"
)
_NAMES = {
    "\0": "a NUL character",
    "\ufeff": "a byte order mark",
    "\u2028": "a Unicode line separator",
    "\u2029": "a Unicode paragraph separator",
    "\x85": "a Unicode line break",
}
_PADDED_WORD = re.compile(r"\s*[A-Za-z0-9]+([./:@_-]+[A-Za-z0-9]+)*\s*")
_QUOTED = re.compile(r"'[^']*'|\"[^\"]*\"", re.DOTALL)
_PART_OF_TEXT = re.compile(r"PREFIX|SUFFIX|SEPARATOR|DELIMITER|INDENT")
"""Settings whose value may well be a word and a blank."""


def unprintable(text: str) -> str:
    """The first character of a text that no YAML and no setting should hold; empty if none."""
    found = _UNPRINTABLE.search(text)
    return _NAMES.get(found[0], f"the control character U+{ord(found[0]):04X}") if found else ""


def slip(name: str, text: str) -> str:
    """What is odd about the value of a setting, with the fix; empty if nothing is."""
    if in_quotes(text):
        return "is in quotes, which would be part of its value; remove them"
    if text != text.strip() and not _PART_OF_TEXT.search(name) and _PADDED_WORD.fullmatch(text):
        return "begins or ends with a blank; remove it"
    return ""


def in_quotes(text: str) -> bool:
    """Whether a text begins and ends with the same quote, and has none of it inside."""
    return bool(_QUOTED.fullmatch(text))

"""Plain scalars as Kubernetes' reader of YAML takes them.

Source: go.yaml.in/yaml/v2 (resolve.go) below sigs.k8s.io/yaml, with which the API server, Argo CD
and kubeconform read; a test compares both. PyYAML differs: `y` and `0o644` are text to it, `12:30`
is not.
"""

import re

MAY_BE_OTHER_THAN_TEXT = frozenset("+-.0123456789yYnNtTfFoO~")
"""What a plain scalar begins with if it may be something else than text."""

_WORDS: dict[str, bool | None] = {
    **dict.fromkeys(
        ("true", "True", "TRUE", "y", "Y", "yes", "Yes", "YES", "on", "On", "ON"), True
    ),
    **dict.fromkeys(("false", "False", "FALSE", "n", "N", "no", "No", "NO"), False),
    **dict.fromkeys(("off", "Off", "OFF"), False),
    **dict.fromkeys(("", "~", "null", "Null", "NULL"), None),
}
_OCTAL = re.compile(r"[-+]?0[0-7]+")
_INTEGER = re.compile(r"[-+]?(0[xX][0-9a-fA-F]+|0[oO][0-7]+|0[bB][01]+|0|[1-9][0-9]*)")
_FLOAT = re.compile(r"[-+]?(\.[0-9]+|[0-9]+(\.[0-9]*)?)([eE][-+]?[0-9]+)?")
_NOWHERE_ELSE = re.compile(r"[-+]?\.(inf|Inf|INF|nan|NaN|NAN)|-?0b[-+][01]+")
_LARGEST = 2**63


def resolved(text: str) -> str | int | float | bool | None:
    """The value of a plain scalar; the text itself if it is text.

    Raises ValueError for a number that JSON, and so Kubernetes, has not.
    """
    if text in _WORDS:
        return _WORDS[text]
    digits = text if text[0] == "." else text.replace("_", "")
    if _OCTAL.fullmatch(digits):
        return _bounded(int(digits, 8))
    if _INTEGER.fullmatch(digits):
        return _bounded(int(digits, 0))
    if _FLOAT.fullmatch(digits):
        return _as_json(float(digits))
    if _NOWHERE_ELSE.fullmatch(digits):
        raise ValueError(f"{text} is no number that Kubernetes knows; quote it")
    return text


def _bounded(number: int) -> int:
    if not -_LARGEST <= number < _LARGEST:
        raise ValueError(f"{number} is too large a number; quote it")
    return number


def _as_json(number: float) -> int | float:
    """JSON tells 1 and 1.0 not apart."""
    if abs(number) >= _LARGEST:
        raise ValueError(f"{number:g} is too large a number; quote it")
    return int(number) if number.is_integer() else number

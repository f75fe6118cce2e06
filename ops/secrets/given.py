"""Values that only the operator knows: from the terminal without echo, or from standard input."""

import json
import sys
from collections.abc import Collection, Sequence

import click

from ops.errors import UsageError
from ops.secrets.registry_login import USERNAME


def from_stdin(known: Collection[str]) -> dict[str, str]:
    """The values on standard input: KEY=VALUE lines, or a JSON object of texts.

    Raises UsageError, which repeats nothing of what was read: a slip may put a value anywhere.
    """
    try:
        text = sys.stdin.read()
    except UnicodeDecodeError:
        raise UsageError("standard input is not UTF-8") from None
    pairs = _of_json(text) if text.lstrip().startswith("{") else _of_lines(text)
    for number, (key, value) in enumerate(pairs, 1):
        if key not in known:
            asked = ", ".join(sorted(known)) or "none"
            raise UsageError(f"entry {number} on standard input is not one of these keys: {asked}")
        if problem := _problem_of(value):
            raise UsageError(f"{key} on standard input {problem}")
    if len(dict(pairs)) < len(pairs):
        raise UsageError("standard input names a key twice")
    return dict(pairs)


def _problem_of(value: str) -> str:
    """Why no variable of a container can have this value; empty if one can."""
    if not value:
        return "is empty"
    if "\0" in value:
        return "holds a NUL character, which an environment variable cannot hold"
    try:
        value.encode()
    except UnicodeEncodeError:
        return "is not UTF-8"
    return ""


def _of_lines(text: str) -> list[tuple[str, str]]:
    pairs = []
    for number, line in enumerate(text.splitlines(), 1):
        key, equals, value = line.partition("=")
        if line.strip() and not equals:
            raise UsageError(f"line {number} on standard input is not KEY=VALUE")
        if line.strip():
            pairs.append((key.strip(), value))
    return pairs


def _of_json(text: str) -> list[tuple[str, str]]:
    try:
        pairs: list[tuple[str, str]] = json.loads(text, object_pairs_hook=list)
    except (ValueError, RecursionError):
        raise UsageError("standard input is not JSON") from None
    if not all(isinstance(value, str) for _, value in pairs):
        raise UsageError("the JSON on standard input may hold strings only")
    return pairs


def from_terminal(keys: Sequence[str]) -> dict[str, str]:
    """Asks for each value, and shows none but a user name; UsageError if there is no terminal."""
    if keys and not sys.stdin.isatty():
        raise UsageError(
            f"{', '.join(keys)} must be given: run this on a terminal, or pass KEY=VALUE lines to"
            " --stdin"
        )
    return {key: _asked(key) for key in keys}


def _asked(key: str) -> str:
    if key == USERNAME:
        return str(click.prompt(key, err=True))
    return str(click.prompt(f"{key} (not shown)", hide_input=True, err=True))

"""The runbook as it is read: its headings, and the command lines below each."""

import re

from tests.conftest import ROOT

PAGE = (ROOT / "docs/vergabe-teilnahme.md").read_text()
PLACEHOLDERS = ("TAG", "NAME", "ADDRESS", "DUMP")
"""What an operator puts in."""


def procedures() -> dict[str, list[str]]:
    """The lines of the code blocks below each heading that has any."""
    _, *sections = re.split(r"^## ", PAGE, flags=re.MULTILINE)
    found = {section.partition("\n")[0]: lines_of(section) for section in sections}
    return {heading: lines for heading, lines in found.items() if lines}


def lines_of(text: str) -> list[str]:
    """The lines of a document's code blocks that a shell is given."""
    blocks: list[tuple[str, str]] = re.findall(
        r"^```(\w*)\n(.*?)^```$", text, re.MULTILINE | re.DOTALL
    )
    return [line for of, block in blocks if of in {"", "sh"} for line in block.splitlines()]


def commands(heading: str, **given: str) -> list[str]:
    """The command lines of a procedure, with what the operator puts in."""
    return [put_in(line, given) for line in procedures()[heading]]


def put_in(line: str, given: dict[str, str]) -> str:
    """A command line without placeholders; KeyError if one is not given."""
    names = "|".join(PLACEHOLDERS)
    return re.sub(rf"\b({names})\b", lambda found: given[found[0]], line)

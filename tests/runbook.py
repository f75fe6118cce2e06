"""The runbook as it is read: its headings, the command lines below each, and the names in it."""

import re

from tests.conftest import ROOT

PAGE = (ROOT / "docs/vergabe-teilnahme.md").read_text()
PLACEHOLDERS = ("TAG", "NAME", "ADDRESS", "DUMP")
"""What an operator puts in."""
IN_COMMANDS = (
    r"--(?:namespace|context|role) ([\w-]+)",
    r"\b(?:deployment|service)/([\w-]+)",
    r"\b(?:annotate application|cmctl renew|describe certificate|get cluster) ([\w-]+)",
    r"\b(?:pg_dump --format=custom|RENAME TO|OWNER) (\w+)",
    r"\bsecrets/([\w-]+)\.sops\.yaml",
)
"""Where a command or a path names an object, a namespace, a database or a role."""
PROGRAMS = ("kubectl ", "make ", "ops ")


def procedures(page: str = PAGE) -> dict[str, list[str]]:
    """The lines of the code blocks below each heading that has any."""
    _, *sections = re.split(r"^## ", page, flags=re.MULTILINE)
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


def names(page: str) -> set[str]:
    """What an app's page calls objects, namespaces, databases and roles: in its table, in commands.

    `Database databases/vergabe-db` names a namespace and an object; a kind is no name.
    """
    table = page.partition("| what | name |")[2].partition("\n\n")[0]
    words = [word for word in re.findall(r"`([^`]+)`", table) if not word.startswith(PROGRAMS)]
    listed = [part for word in words for part in word.split()[-1].split("/")]
    return {*listed, *(name for pattern in IN_COMMANDS for name in re.findall(pattern, page))}

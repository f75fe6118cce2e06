"""Quotes around texts that Kubernetes would read as numbers.

cdk8s quotes what YAML 1.1 calls a number. Kubernetes also takes `0o644` and `7e_8` for numbers, and
then refuses the object: an environment variable takes text.
Source: sigs.k8s.io/yaml, goyaml.v2/resolve.go.
"""

import re

_NUMBER = r"[-+]?0[oO][0-7_]+|[-+]?[0-9][0-9_.]*[eE][-+]?[0-9_]+"
_SUSPECT = re.compile(rf"[ ](?:{_NUMBER})$", re.MULTILINE)
_ENTRY = re.compile(rf"(?P<key>[ ]*(?:- )*(?:[^\s:]+: )?)(?P<number>{_NUMBER})")
_BLOCK = re.compile(r"(?:^|[ ])[|>][0-9+-]*$")
"""Ends a line after which indented lines are one text."""


def quote_numbers(text: str) -> str:
    """The same YAML, as cdk8s writes it, with quotes around these texts."""
    if not _SUSPECT.search(text):
        return text
    lines: list[str] = []
    block: int | None = None
    for line in text.split("\n"):
        indent = len(line) - len(line.lstrip(" "))
        if block is not None and (not line or indent > block):
            lines.append(line)
            continue
        block = indent if _BLOCK.search(line) else None
        found = _ENTRY.fullmatch(line)
        lines.append(f'{found["key"]}"{found["number"]}"' if found else line)
    return "\n".join(lines)

"""What the messages of the commits between two revisions acknowledge."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from ops.plan.revisions import Tree, git

_FORMAT, _PARTS = "%x00%h%x00%B%x00%(trailers:only,unfold)", 3
_LINE = re.compile(
    r"^\W*(?P<key>acknowledge[a-z]*[- ]+[\w -]*?)\W*:\s*(?P<value>.*?)\W*$",
    re.IGNORECASE,
)


@dataclass(frozen=True)
class Line:
    """A line of a commit's message that acknowledges something, or is meant to."""

    commit: str
    key: str
    value: str
    is_trailer: bool
    """Whether git reads it: it is in the last paragraph, with nothing but trailers."""

    @property
    def text(self) -> str:
        """The line as a trailer is written."""
        return f"{self.key}: {self.value}"


@dataclass(frozen=True)
class Message:
    """A commit's message."""

    commit: str
    body: str
    trailers: list[tuple[str, str]]
    """Key and value of each, as git reads them."""

    def acknowledging(self) -> Iterator[Line]:
        """The lines that look like an acknowledgement."""
        read = {_normal(key, value) for key, value in self.trailers}
        for line in self.body.splitlines():
            if match := _LINE.match(line):
                key, value = match["key"], " ".join(match["value"].split())
                yield Line(self.commit, key, value, _normal(key, value) in read)


def messages(base: Tree, head: Tree, folder: Path) -> list[Message]:
    """The messages of all commits that lead from one state to the other."""
    if not head.commit:
        return []
    reach = [f"^{base.commit}"] if base.commit else []
    asked = ("log", f"--format={_FORMAT}", "--end-of-options", head.commit, *reach)
    parts = git(folder, *asked).run().split("\0")[1:]
    return [
        Message(parts[n], parts[n + 1], list(_pairs(parts[n + 2])))
        for n in range(0, len(parts), _PARTS)
    ]


def _normal(key: str, value: str) -> tuple[str, str]:
    return key.lower(), " ".join(value.split())


def _pairs(trailers: str) -> Iterator[tuple[str, str]]:
    for line in trailers.splitlines():
        name, mark, value = line.partition(":")
        if mark:
            yield name.strip(), value.strip()

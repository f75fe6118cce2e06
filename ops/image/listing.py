"""Which image each app is rendered with, and what the registry says of its tag."""

import sys
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from ops.documents.fleet import App
from ops.errors import RegistryError
from ops.registry import Reference, Registry


@dataclass(frozen=True)
class Shown:
    """One app's image."""

    app: str
    image: str
    tag: str
    digest: str
    registry_digest: str
    """What the tag means in the registry now; empty if it could not be asked."""
    problem: str
    """Why it could not be asked."""

    @property
    def verdict(self) -> str:
        """The registry's answer in words."""
        if self.problem:
            return self.problem
        if self.registry_digest == self.digest:
            return "is the digest of the tag"
        return f"the tag now has {self.registry_digest}"


def images(apps: Iterable[App]) -> Iterator[Shown]:
    """The image of each app."""
    for app in apps:
        reference = Reference.parse(app.image)
        found, problem = "", ""
        try:
            with Registry(reference.registry) as registry:
                found = registry.digest_of(reference.repository, reference.tag)
        except RegistryError as error:
            problem = str(error)
        yield Shown(app.name, reference.name, reference.tag, reference.digest, found, problem)


def show(images: Sequence[Shown]) -> None:
    """Prints a row for each app; a table on a terminal."""
    rows = [(one.app, f"{one.image}:{one.tag}", one.digest, one.verdict) for one in images]
    if not sys.stdout.isatty():
        for row in rows:
            print(*row, sep="  ")
        return
    from rich.console import Console  # noqa: PLC0415 (only a terminal needs it)
    from rich.markup import escape  # noqa: PLC0415
    from rich.table import Table  # noqa: PLC0415

    table = Table("App", "Image", "Digest", "Registry", box=None)
    for row in rows:
        table.add_row(*map(escape, row))
    Console().print(table)

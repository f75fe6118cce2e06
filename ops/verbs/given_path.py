"""Arguments that are paths."""

from pathlib import Path
from typing import Any

import click

from ops.host.repository import from_start


class GivenPath(click.Path):
    """A path from the folder in which the tool was started."""

    def __init__(self, **options: Any) -> None:
        super().__init__(path_type=Path, **options)

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> Any:
        """The path from the repository's folder."""
        return super().convert(_found(value), param, ctx)


class GivenFile(click.File):
    """A file to read, by its path from the folder in which the tool was started."""

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> Any:
        """The open file."""
        return super().convert(_found(value), param, ctx)


def _found(value: Any) -> Any:
    """The path from the repository's folder; - is a stream, and nothing stays nothing."""
    return value if str(value) in ("", "-") else str(from_start(Path(value)))

"""One process of a local cluster."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from box import programs

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence
    from pathlib import Path


def no_preparation() -> None:
    """The default for components that need no preparation."""


@dataclass(frozen=True, kw_only=True)
class Component:
    """One process of a local cluster; its program has the component's name by default."""

    name: str
    arguments: tuple[str, ...]
    is_ready: Callable[[], bool]
    ports: tuple[int, ...] = ()
    environment: Mapping[str, str] = field(default_factory=dict)
    program: Path | None = None
    """The program, if it is not one that was built for the local cluster."""
    prepare: Callable[[], None] = no_preparation
    """Called before each start."""
    within: Callable[[], Sequence[str]] = tuple
    """The prefix of the command that enters other namespaces; known once these exist."""

    @property
    def argv(self) -> list[str]:
        """The whole command line."""
        return [*self.within(), str(self.program or programs.path(self.name)), *self.arguments]

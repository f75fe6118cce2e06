"""What a check answers, and what it may ask."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import Future
from dataclasses import dataclass
from enum import StrEnum
from typing import TypeAlias

from ops.cluster.door import Cluster
from ops.errors import ClusterError
from ops.manifests import Manifest
from ops.platform import Platform
from ops.rendered import App


class State(StrEnum):
    """What became of a check."""

    OK = "ok"
    WARNING = "warning"
    """It should not stay so, but a deploy can go on."""
    FAILED = "failed"
    NOT_CHECKED = "not checked"
    """It could not be made, which is no pass."""


PASSES = (State.OK, State.WARNING)


@dataclass(frozen=True)
class Answer:
    """State, what tells, and what mends it."""

    state: State
    evidence: str
    mend: str = ""
    brought: bool = False
    """Whether a deploy itself brings what is missing."""


def ok(evidence: str) -> Answer:
    """It is as it has to be."""
    return Answer(State.OK, evidence)


def warning(evidence: str, mend: str) -> Answer:
    """It should not stay so, but a deploy can go on."""
    return Answer(State.WARNING, evidence, mend)


def failed(evidence: str, mend: str, *, brought: bool = False) -> Answer:
    """A deploy would fail, or would not be what is wanted, unless it brings that itself."""
    return Answer(State.FAILED, evidence, mend, brought)


def not_checked(evidence: str, mend: str = "") -> Answer:
    """The check could not be made."""
    return Answer(State.NOT_CHECKED, evidence, mend)


@dataclass(frozen=True)
class Subject:
    """What is checked: an app, the platform it is rendered for, and the cluster as it is."""

    app: App
    root: Manifest
    """The root Application."""
    opened: Cluster
    version: Future[tuple[int, int]]
    """The API server's, to come."""
    with_argocd: bool = True
    """Whether Argo CD is to bring the app."""

    @property
    def platform(self) -> Platform:
        """What the rendered YAML says of the platform."""
        return self.app.platform

    @property
    def cluster(self) -> Cluster:
        """The cluster, once it has answered.

        Raises ClusterError if it has not, so that a cluster that is away is waited for only once.
        """
        if self.version.exception():
            raise ClusterError("the cluster cannot be asked; cluster.version says why")
        return self.opened


@dataclass(frozen=True)
class Check:
    """One question, by its id."""

    id: str
    ask: Callable[[Subject], Answer]
    brought: bool = False
    """Whether a deploy itself brings whatever it finds missing or wrong."""
    of_argocd: bool = False
    """Whether it asks about Argo CD alone."""


Lines: TypeAlias = "tuple[Line, ...]"


@dataclass(frozen=True)
class Line:
    """A check and its answer."""

    check: Check
    answer: Answer

    @property
    def passes(self) -> bool:
        """Whether it is as it has to be, or nearly."""
        return self.answer.state in PASSES

    @property
    def stops_a_deploy(self) -> bool:
        """Whether a deploy cannot go on: it brings some of what is missing itself."""
        return not (self.passes or self.check.brought or self.answer.brought)

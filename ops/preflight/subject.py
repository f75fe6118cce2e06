"""What is checked before a deploy, and what a check may ask."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import Future
from dataclasses import dataclass

from ops.cluster.client import Cluster
from ops.documents.fleet import App
from ops.documents.manifest import Manifest
from ops.errors import ClusterError
from ops.results.result import Result
from railiance.platform import Platform


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
    """Whether Argo CD is to deploy the app."""

    @property
    def platform(self) -> Platform:
        """What the rendered YAML states about the platform."""
        return self.app.platform

    @property
    def cluster(self) -> Cluster:
        """The cluster, once it has answered.

        Raises ClusterError if it has not, so that a cluster that is down is waited for only once.
        """
        if self.version.exception():
            raise ClusterError("the cluster is not available; see cluster.version")
        return self.opened


@dataclass(frozen=True)
class Check:
    """One question, by its id."""

    id: str
    ask: Callable[[Subject], Result]
    fixed_by_deploy: bool = False
    """Whether a deploy itself applies whatever it finds missing or wrong."""
    of_argocd: bool = False
    """Whether it asks about Argo CD alone."""
    applies: Callable[[App], bool] = lambda _: True
    """Whether the app has what it asks about."""

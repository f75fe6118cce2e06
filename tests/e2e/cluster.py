"""The rehearsals' one door to the cluster; documents are plain dicts."""

from __future__ import annotations

import contextlib
import json
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from typing import TYPE_CHECKING

from lightkube import ApiError

from box.command import kubectl
from box.played.objects import Objects
from box.poll import until
from ops.cluster.resources import path, resource

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from ops.objects.base import Document

# Kubernetes' own, the box's, and the one that kind brings along.
KEPT_NAMESPACES = frozenset(
    {
        "argocd",
        "default",
        "kube-node-lease",
        "kube-public",
        "kube-system",
        "local-path-storage",
    }
)
CLEAR_TIMEOUT_SECONDS = 180.0


@dataclass(frozen=True)
class Event:
    """One change of one object, in the order in which the cluster stored it."""

    version: int
    change: str
    document: Document

    @property
    def kind(self) -> str:
        return str(self.document["kind"])


class Cluster(Objects):
    """Reads and writes documents by kind and name."""

    def apply_files(self, *files: Path) -> None:
        """What a person does: kubectl apply."""
        self.kubectl("apply", *(f"--filename={file}" for file in files))

    def delete(self, document: Document) -> None:
        """Delete a document; one that is gone already is fine."""
        metadata = document["metadata"]
        with contextlib.suppress(ApiError):
            self.api.delete(
                resource(document["kind"]), metadata["name"], namespace=metadata.get("namespace")
            )

    def kubectl(self, *arguments: str, stdin: str = "") -> str:
        """Run kubectl; raise CommandError unless it succeeds."""
        return kubectl(self.kubeconfig, *arguments, stdin=stdin)

    def now(self) -> int:
        """The version of the cluster's latest change."""
        namespaces = self.api.list(resource("Namespace"))
        next(iter(namespaces), None)  # the version is known once the list is read
        return int(namespaces.resourceVersion)

    def since(self, version: int, *kinds: str) -> list[Event]:
        """Every change to documents of these kinds since a version, in their order."""
        with ThreadPoolExecutor() as pool:
            changes = pool.map(lambda kind: self._changes(kind, version), kinds)
            return sorted((event for found in changes for event in found), key=order)

    def _changes(self, kind: str, version: int) -> Sequence[Event]:
        # lightkube's watch goes on for ever; this one ends with what the cluster remembers.
        query = f"watch=true&resourceVersion={version}&timeoutSeconds=1"
        lines = self.kubectl("get", "--raw", f"{path(kind)}?{query}").splitlines()
        return [event_of(json.loads(line)) for line in lines]

    def clear(self) -> None:
        """Leave nothing of a rehearsal: Argo CD's part first, so that it puts nothing back."""
        until(self._forget_apps, "the Applications are gone", CLEAR_TIMEOUT_SECONDS)
        for namespace in self.all("Namespace"):
            if namespace["metadata"]["name"] not in KEPT_NAMESPACES:
                self.delete(namespace)
        for kind in ("ClusterIssuer", "PersistentVolume"):
            for document in self.all(kind):
                self.delete(document)
        until(self._is_clear, "the namespaces of the rehearsal are gone", CLEAR_TIMEOUT_SECONDS)

    def _forget_apps(self) -> bool:
        """Delete all that Argo CD acts on; a root Application may put others back meanwhile."""
        found = [*self.all("Application"), *self.all("AppProject")]
        apps = [document for document in found if document["metadata"]["name"] != "default"]
        for document in apps:
            with contextlib.suppress(ApiError):  # gone already
                self.patch(document, {"metadata": {"finalizers": None}})
            self.delete(document)
        return not apps

    def _is_clear(self) -> bool:
        names = {namespace["metadata"]["name"] for namespace in self.all("Namespace")}
        return names <= KEPT_NAMESPACES and not self.all("PersistentVolume")


def event_of(change: Document) -> Event:
    """A change as the API server reports it."""
    document = change["object"]
    return Event(int(document["metadata"]["resourceVersion"]), change["type"], document)


def order(event: Event) -> int:
    """Events of all kinds are numbered in one sequence."""
    return event.version

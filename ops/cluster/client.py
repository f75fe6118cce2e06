"""The client of a cluster: reads typed objects, writes documents.

Every refusal, timeout and malformed response of the API server becomes a ClusterError that states
what was asked of which object, and how to fix it.
"""

from __future__ import annotations

import os
import re
from collections.abc import Iterator, Mapping
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

import httpx2
import yaml
from lightkube import ApiError, Client, KubeConfig
from lightkube.config import client_adapter
from lightkube.core.exceptions import ConfigError
from lightkube.types import PatchType

from ops import kinds
from ops.cluster.failures import HTTP_NOT_FOUND, NotFoundError, failure, refusal, unusable
from ops.cluster.live_object import LiveObject, read
from ops.cluster.pod_log import LogRequest
from ops.cluster.resources import (
    Resource,
    ServedKind,
    ServedKinds,
    is_cluster_wide,
    make_ready_for_threads,
    of_entry,
    of_served,
    resource,
)
from ops.errors import ClusterError
from ops.objects.base import Document, Object

if TYPE_CHECKING:
    from ops.cluster.pod_exec import Execution
    from ops.documents.manifest import Manifest
    from ops.kinds.pod import Pod

M = TypeVar("M", bound=Object)

FIELD_MANAGER = "railiance-ops"
ARGOCD_FIELD_MANAGER = "argocd-controller"
"""The field manager with which Argo CD applies. What is applied in its name it can change and
remove later; what another manager owns, such as a label, would stay when git drops it."""
TIMEOUT = httpx2.Timeout(15, connect=10)
"""Seconds without a byte, and seconds to connect."""
FOLLOW_TIMEOUT = httpx2.Timeout(None, connect=10)
UNUSABLE = (ConfigError, OSError, httpx2.InvalidURL, UnicodeError)
"""What a context raises whose address is none, or whose credentials cannot be had."""
MALFORMED = (ValueError, KeyError, TypeError)
"""What a malformed response raises, of the API server or of a credential plugin."""


@dataclass(frozen=True)
class Cluster:
    """A cluster, as one context of a kubeconfig reaches it."""

    client: Client
    context: str
    server: str
    _resources: dict[tuple[str, str], Resource] = field(default_factory=dict)
    """How documents of a version and kind are requested, once that is known."""

    @classmethod
    def open(cls, context: str | None = None) -> Cluster:
        """The cluster of a context, by default the current one, of the kubeconfig.

        The kubeconfig is the file that KUBECONFIG names, else ~/.kube/config. Nothing is asked of
        the cluster yet. Raises ClusterError if there is no such file or context.
        """
        file = kubeconfig()
        try:
            config = KubeConfig.from_file(file).get(context)
        except ConfigError as error:
            raise ClusterError(
                f"{file}: {error}; `kubectl config get-contexts` lists them"
            ) from error
        except (OSError, UnicodeDecodeError) as error:
            raise ClusterError(f"{file}: cannot be read: {error}") from error
        except yaml.YAMLError as error:  # quotes what may be a credential
            raise ClusterError(f"{file}: is not YAML, so not a kubeconfig") from error
        except (*MALFORMED, AttributeError) as error:
            raise ClusterError(f"{file}: is not a kubeconfig: {error!r}") from error
        if config is None:
            raise ClusterError(f"{file}: has no current context; name one with --context")
        make_ready_for_threads()
        try:
            client = Client(config, field_manager=FIELD_MANAGER, timeout=TIMEOUT)
        except (*UNUSABLE, *MALFORMED) as error:
            raise unusable(config.context_name, error) from error
        return cls(client, config.context_name, config.cluster.server)

    def version(self) -> tuple[int, int]:
        """Major and minor version of the API server: the first thing to ask of a cluster."""
        answer = self._read("/version", "the version of the API server")
        # Managed clusters write a minor version as 34+.
        figures = re.match(r"v?(\d+)\.(\d+)", str(answer.get("gitVersion")))
        if not figures:
            raise ClusterError(f"{self.server} does not report its version: is it an API server?")
        return int(figures[1]), int(figures[2])

    def kinds(self, api_version: str) -> frozenset[str]:
        """The kinds that the cluster serves of a group and version; none if it knows no such."""
        return frozenset(served.kind for served in self._served(api_version))

    def _served(self, api_version: str) -> list[ServedKind]:
        """What the API server states of each kind of a group and version."""
        prefix = "/apis" if "/" in api_version else "/api"
        try:
            answer = self._read(f"{prefix}/{api_version}", f"the kinds of {api_version}")
        except NotFoundError:
            return []
        return read(ServedKinds, answer).resources

    def _resource(self, api_version: str, kind: str) -> Resource:
        """How documents of a kind are requested; the API server is asked if it has no entry."""
        known = (api_version, kind)
        if known not in self._resources:
            entry = kinds.described(api_version, kind)
            self._resources[known] = of_entry(entry) if entry else self._learn(*known)
        return self._resources[known]

    def _learn(self, api_version: str, kind: str) -> Resource:
        for served in self._served(api_version):
            if served.kind == kind and "/" not in served.name:  # a subresource has one
                return of_served(api_version, served)
        raise ClusterError(
            f"the cluster does not serve {api_version} {kind}; install the CRD or operator that "
            "defines it"
        )

    def live(self, manifest: Manifest) -> LiveObject | None:
        """What a rendered document of whatever kind is on the cluster, or None."""
        requested = self._resource(manifest.api_version, manifest.kind)
        found = self._get(requested, manifest.kind, manifest.name, manifest.namespace or None)
        entry = kinds.described(manifest.api_version, manifest.kind)
        return None if found is None else LiveObject(found, entry)

    def get(self, model: type[M], name: str, namespace: str | None = None) -> M | None:
        """The object, or None if there is none."""
        entry = kinds.by_model(model)
        found = self._get(of_entry(entry), entry.kind, name, namespace)
        return None if found is None else read(model, found)

    def all(
        self, model: type[M], namespace: str = "*", labels: Mapping[str, str] | None = None
    ) -> list[M]:
        """Every object of a kind in a namespace, by default in all, that has these labels."""
        entry = kinds.by_model(model)
        where: dict[str, Any] = {"namespace": namespace} if entry.namespaced else {}
        with self._asking("list", entry.kind, "", namespace):
            found = self.client.list(of_entry(entry), labels=dict(labels or {}), **where)
            return [read(model, dict(item)) for item in found]

    def serves(self, model: type[Object]) -> bool:
        """Whether the cluster knows a kind: a custom resource may not be installed."""
        try:
            self.all(model)
        except NotFoundError:
            return False
        return True

    def _read(self, path: str, what: str) -> Document:
        """What the API server says at a path that is no document's; lightkube reads only those."""
        with self._asking("read", what, "", None), self._http(TIMEOUT) as http:
            response = http.get(path)
            if not response.is_success:
                raise failure(response)
            try:
                answer = response.json()
            except ValueError:
                answer = None
        if not isinstance(answer, dict):
            raise ClusterError(f"{self.server} answers {path} with no JSON: is it an API server?")
        return answer

    def _get(
        self, requested: Resource, kind: str, name: str, namespace: str | None
    ) -> Document | None:
        try:
            with self._asking("read", kind, name, namespace):
                found = dict(self.client.get(requested, name, namespace=namespace))
                if "metadata" not in found:
                    raise TypeError("no document")
                return found
        except NotFoundError:
            return None

    def create(self, document: Document, *, dry_run: bool = False) -> Document:
        """Create a document; ConflictError if it is there already."""
        with self._asking("create", *named(document)):
            made = resource(document["kind"]).from_dict(document)
            return dict(self.client.create(made, dry_run=dry_run))

    def apply(
        self, document: Document, *, dry_run: bool = False, field_manager: str = FIELD_MANAGER
    ) -> Document:
        """Server-side apply; takes over fields that another manager set, as Argo CD does."""
        requested = self._resource(document["apiVersion"], document["kind"])
        with self._asking("apply", *named(document)):
            made = requested.from_dict(document)
            applied = self.client.apply(
                made, force=True, dry_run=dry_run, field_manager=field_manager
            )
            return dict(applied)

    def replace(self, document: Document) -> Document:
        """Write a document back; ConflictError if it was changed since it was read."""
        with self._asking("replace", *named(document)):
            return dict(self.client.replace(resource(document["kind"]).from_dict(document)))

    def patch(
        self, model: type[Object], name: str, namespace: str | None, changes: Document
    ) -> None:
        """Merge changes into an object."""
        kind = kinds.by_model(model).kind
        with self._asking("change", kind, name, namespace):
            self.client.patch(
                resource(kind), name, changes, namespace=namespace, patch_type=PatchType.MERGE
            )

    def delete(self, model: type[Object], name: str, namespace: str | None = None) -> None:
        """Delete an object and what it owns; one that is gone already is fine."""
        kind = kinds.by_model(model).kind
        try:
            with self._asking("delete", kind, name, namespace):
                self.client.delete(resource(kind), name, namespace=namespace)
        except NotFoundError:
            return

    def logs(self, pod: Pod, request: LogRequest) -> Iterator[str]:
        """The lines of a pod's log."""
        # A container may be silent for hours.
        seconds = FOLLOW_TIMEOUT if request.follow else TIMEOUT
        with (
            self._asking("read the log of", "Pod", pod.name, pod.namespace),
            self._http(seconds) as http,
        ):
            yield from request.lines(http, pod)

    def execute(self, execution: Execution) -> int:
        """Run a command in a container, and show its output; its exit code."""
        pod = execution.pod
        with ExitStack() as stack:
            with self._asking("run a command in", "Pod", pod.name, pod.namespace):
                http = stack.enter_context(self._http(TIMEOUT))
                session = execution.open(http, stack)
            return execution.attend(session)

    def _http(self, timeout: httpx2.Timeout) -> httpx2.Client:
        """An HTTP client for what lightkube does not read itself."""
        parameters = client_adapter.ConnectionParams(timeout=timeout)
        return client_adapter.Client(self.client.config, parameters)

    @contextmanager
    def _asking(self, verb: str, kind: str, name: str, namespace: str | None) -> Iterator[None]:
        """Turns what goes wrong into an error about what was asked."""
        where = "" if is_cluster_wide(kind) or namespace in (None, "*") else f"{namespace}/"
        what = f"{verb} {kind} {where}{name}".rstrip("/ ")
        try:
            yield
        except ApiError as error:
            raise refusal(error, what, self.context, secret=kind == "Secret") from error
        except httpx2.TransportError as error:
            fix = "check the network, and that this is the right context"
            raise ClusterError(
                f"{self.server} (context {self.context}) does not answer: {error}; {fix}"
            ) from error
        except httpx2.HTTPStatusError as error:
            # Of a group that it does not serve at all the API server says so in plain text.
            problem = (
                NotFoundError if error.response.status_code == HTTP_NOT_FOUND else ClusterError
            )
            raise problem(f"cannot {what}: {error}") from error
        except httpx2.HTTPError as error:
            raise ClusterError(f"cannot {what}: {error}") from error
        except UNUSABLE as error:
            raise unusable(self.context, error) from error
        except MALFORMED as error:
            answer = f"{self.server} sends a malformed response ({error!r})"
            fix = f"check the server address and the credential plugin of context {self.context}"
            raise ClusterError(f"cannot {what}: {answer}; {fix}") from error


def named(document: Document) -> tuple[str, str, str | None]:
    """Kind, name and namespace."""
    metadata = document["metadata"]
    return document["kind"], metadata["name"], metadata.get("namespace")


def kubeconfig() -> Path:
    """The one kubeconfig file; ClusterError if KUBECONFIG names several, or there is none."""
    named_file = os.environ.get("KUBECONFIG", "")
    if os.pathsep in named_file:
        fix = "`kubectl config view --raw --flatten` merges them into one"
        raise ClusterError(f"KUBECONFIG names several files; set it to one file: {fix}")
    file = Path(named_file).expanduser() if named_file else Path.home() / ".kube/config"
    if not file.is_file():
        raise ClusterError(f"{file}: there is no kubeconfig; set KUBECONFIG to the cluster's")
    return file

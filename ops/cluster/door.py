"""The one door to a cluster: reads and writes documents by kind and name.

Every refusal, silence or oddity of the API server becomes a ClusterError that says what was asked
of which object, and what mends it.
"""

from __future__ import annotations

import os
import re
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import httpx2
import yaml
from lightkube import ApiError, Client, KubeConfig
from lightkube.config import client_adapter
from lightkube.core import decoders
from lightkube.core.exceptions import ConfigError
from lightkube.types import PatchType

from ops.cluster.kinds import RESOURCES, Document, add, is_cluster_wide, resource
from ops.errors import ClusterError, ConflictError

FIELD_MANAGER = "railiance-ops"
ARGOCD_FIELD_MANAGER = "argocd-controller"
"""The field manager with which Argo CD applies. What is applied in its name it can change and
remove later; what another manager owns, such as a label, would stay when git drops it."""
TIMEOUT = httpx2.Timeout(15, connect=10)
"""Seconds without a byte, and seconds to connect."""
UNUSABLE = (ConfigError, OSError, httpx2.InvalidURL, UnicodeError)
"""What a context raises whose address is none, or whose credentials cannot be had."""
ODD = (ValueError, KeyError, TypeError)
"""What an answer raises that is no API server's, or a credential plugin's that is none."""
UNKNOWN, FORBIDDEN, MISSING, CONFLICT = 401, 403, 404, 409


@dataclass(frozen=True)
class Cluster:
    """A cluster, as one context of a kubeconfig reaches it."""

    client: Client
    context: str
    server: str

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
            raise ClusterError(f"{file}: is no YAML, so no kubeconfig") from error
        except (*ODD, AttributeError) as error:
            raise ClusterError(f"{file}: is no kubeconfig: {error!r}") from error
        if config is None:
            raise ClusterError(f"{file}: has no current context; name one with --context")
        make_ready_for_threads()
        try:
            client = Client(config, field_manager=FIELD_MANAGER, timeout=TIMEOUT)
        except (*UNUSABLE, *ODD) as error:
            raise unusable(config.context_name, error) from error
        return cls(client, config.context_name, config.cluster.server)

    def version(self) -> tuple[int, int]:
        """Major and minor version of the API server: the first thing to ask of a cluster."""
        said = self._read("/version", "the version of the API server")
        # Managed clusters write a minor version as 34+.
        figures = re.match(r"v?(\d+)\.(\d+)", str(said.get("gitVersion")))
        if not figures:
            raise ClusterError(f"{self.server} does not tell its version: is it an API server?")
        return int(figures[1]), int(figures[2])

    def kinds(self, api_version: str) -> frozenset[str]:
        """The kinds that the cluster serves of a group and version; none if it knows no such."""
        return frozenset(str(resource["kind"]) for resource in self._served(api_version))

    def _served(self, api_version: str) -> list[Document]:
        """What the API server says of each kind of a group and version."""
        prefix = "/apis" if "/" in api_version else "/api"
        try:
            said = self._read(f"{prefix}/{api_version}", f"the kinds of {api_version}")
        except _NotFoundError:
            return []
        return list(said.get("resources") or [])

    def _learn(self, api_version: str, kind: str) -> None:
        """Finds out how a kind is asked for that only an app's own file has brought up."""
        if kind in RESOURCES:
            return
        for served in self._served(api_version):
            if served["kind"] == kind and "/" not in served["name"]:  # a subresource has one
                add(api_version, kind, served)
                return
        raise ClusterError(
            f"the cluster does not serve {api_version} {kind}; install what brings that kind"
        )

    def live(self, document: Document) -> Document | None:
        """What a rendered document of whatever kind is on the cluster, or None."""
        self._learn(document["apiVersion"], document["kind"])
        return self.get(*named(document))

    def _read(self, path: str, what: str) -> Document:
        """What the API server says at a path that is no document's; lightkube reads only those."""
        parameters = client_adapter.ConnectionParams(timeout=TIMEOUT)
        with (
            self._asking("read", what, "", None),
            client_adapter.Client(self.client.config, parameters) as http,
        ):
            response = http.get(path)
            if not response.is_success:
                raise failure(response)
            try:
                said = response.json()
            except ValueError:
                said = None
        if not isinstance(said, dict):
            raise ClusterError(f"{self.server} answers {path} with no JSON: is it an API server?")
        return said

    def get(self, kind: str, name: str, namespace: str | None = None) -> Document | None:
        """The document, or None if there is none."""
        try:
            with self._asking("read", kind, name, namespace):
                found = dict(self.client.get(resource(kind), name, namespace=namespace))
                if "metadata" not in found:
                    raise TypeError("no document")
                return found
        except _NotFoundError:
            return None

    def all(
        self, kind: str, namespace: str = "*", labels: Mapping[str, str] | None = None
    ) -> list[Document]:
        """Every document of a kind in a namespace, by default in all, that has these labels."""
        where: dict[str, Any] = {} if is_cluster_wide(kind) else {"namespace": namespace}
        with self._asking("list", kind, "", namespace):
            # A list names the kind once, its items do not.
            found = self.client.list(resource(kind), labels=dict(labels or {}), **where)
            return [{**item, "kind": kind} for item in found]

    def serves(self, kind: str) -> bool:
        """Whether the cluster knows a kind: a custom resource may not be installed."""
        try:
            self.all(kind)
        except _NotFoundError:
            return False
        return True

    def create(self, document: Document, *, dry_run: bool = False) -> Document:
        """Create a document; ConflictError if it is there already."""
        with self._asking("create", *named(document)):
            made = resource(document["kind"]).from_dict(document)
            return dict(self.client.create(made, dry_run=dry_run))

    def apply(
        self, document: Document, *, dry_run: bool = False, field_manager: str = FIELD_MANAGER
    ) -> Document:
        """Server-side apply; takes over fields that another manager set, as Argo CD does."""
        self._learn(document["apiVersion"], document["kind"])
        with self._asking("apply", *named(document)):
            made = resource(document["kind"]).from_dict(document)
            applied = self.client.apply(
                made, force=True, dry_run=dry_run, field_manager=field_manager
            )
            return dict(applied)

    def replace(self, document: Document) -> Document:
        """Write a document back; ConflictError if somebody changed it since it was read."""
        with self._asking("replace", *named(document)):
            return dict(self.client.replace(resource(document["kind"]).from_dict(document)))

    def patch(self, document: Document, changes: Document) -> Document:
        """Merge changes into a document."""
        kind, name, namespace = named(document)
        with self._asking("change", kind, name, namespace):
            patched = self.client.patch(
                resource(kind), name, changes, namespace=namespace, patch_type=PatchType.MERGE
            )
            return dict(patched)

    def delete(self, document: Document) -> None:
        """Delete a document and what it owns; one that is gone already is fine."""
        kind, name, namespace = named(document)
        try:
            with self._asking("delete", kind, name, namespace):
                self.client.delete(resource(kind), name, namespace=namespace)
        except _NotFoundError:
            return

    def logs(
        self,
        pod: Document,
        *,
        container: str | None = None,
        follow: bool = False,
        tail_lines: int | None = None,
        since_seconds: int | None = None,
    ) -> Iterator[str]:
        """The lines of a pod's log; with ``follow``, until its container ends.

        ``container`` is needed for one that runs before the pod's own.
        """
        chosen: dict[str, Any] = {
            "container": container,
            "follow": follow,
            "tail_lines": tail_lines,
            "since": since_seconds,
        }
        name, namespace = pod["metadata"]["name"], pod["metadata"]["namespace"]
        with self._asking("read the log of", "Pod", name, namespace):
            yield from self.client.log(name, namespace=namespace, **chosen)

    @contextmanager
    def _asking(self, verb: str, kind: str, name: str, namespace: str | None) -> Iterator[None]:
        """Turn what goes wrong into a sentence about what was asked."""
        where = "" if is_cluster_wide(kind) or namespace in (None, "*") else f"{namespace}/"
        what = f"{verb} {kind} {where}{name}".rstrip("/ ")
        try:
            yield
        except ApiError as error:
            raise refusal(error, what, self.context, secret=kind == "Secret") from error
        except httpx2.TransportError as error:
            mend = "check the network, and that this is the right context"
            raise ClusterError(
                f"{self.server} (context {self.context}) does not answer: {error}; {mend}"
            ) from error
        except httpx2.HTTPStatusError as error:
            # Of a group that it does not serve at all the API server says so in plain text.
            problem = _NotFoundError if error.response.status_code == MISSING else ClusterError
            raise problem(f"cannot {what}: {error}") from error
        except httpx2.HTTPError as error:
            raise ClusterError(f"cannot {what}: {error}") from error
        except UNUSABLE as error:
            raise unusable(self.context, error) from error
        except ODD as error:
            answer = f"{self.server} does not answer as an API server does ({error!r})"
            mend = f"look where context {self.context} leads, and what its credential plugin says"
            raise ClusterError(f"cannot {what}: {answer}; {mend}") from error


def unusable(context: str, error: Exception) -> ClusterError:
    """What keeps a context of the kubeconfig from being used at all."""
    problem = f"the address or the credentials of context {context} cannot be used"
    return ClusterError(f"{problem}: {str(error) or type(error).__name__}")


def failure(response: httpx2.Response) -> httpx2.HTTPError:
    """What an answer that is no success means; an API server says why, others may not."""
    if response.headers.get("Content-Type", "").startswith("application/json"):
        return ApiError(request=response.request, response=response)
    problem = f"the answer is {response.status_code} {response.reason_phrase}"
    return httpx2.HTTPStatusError(problem, request=response.request, response=response)


class _NotFoundError(ClusterError):
    """There is no such object, or no such kind."""


def refusal(error: ApiError, what: str, context: str, *, secret: bool) -> ClusterError:
    """What the API server's refusal means; of a Secret it may quote a value, so only its reason."""
    status = error.status
    code = status.code or error.response.status_code
    said = (status.reason if secret else status.message) or f"the answer is {code}"
    if code == MISSING:
        return _NotFoundError(f"cannot {what}: {said}")
    if code == CONFLICT:
        return ConflictError(f"cannot {what}: {said}")
    mends = {
        UNKNOWN: f"; the credentials of context {context} are not accepted: log in again",
        FORBIDDEN: f"; the user of context {context} may not: ask for the right, or use another",
    }
    return ClusterError(f"cannot {what}: {said}{mends.get(code, '')}")


def named(document: Document) -> tuple[str, str, str | None]:
    """Kind, name and namespace."""
    metadata = document["metadata"]
    return document["kind"], metadata["name"], metadata.get("namespace")


def make_ready_for_threads() -> None:
    """Have lightkube meet every type that it decodes once, before several threads ask at once.

    msgspec 0.22, which decodes for it, learns of a type when it first meets it; two threads that
    do so at the same time end the process with a segmentation fault.
    """
    decoders.decode_status(b"{}")
    for known in RESOURCES.values():
        decoders.decode_list(b'{"items": []}', known)


def kubeconfig() -> Path:
    """The one kubeconfig file; ClusterError if KUBECONFIG names several, or there is none."""
    named_file = os.environ.get("KUBECONFIG", "")
    if os.pathsep in named_file:
        mend = "`kubectl config view --raw --flatten` makes one of them"
        raise ClusterError(f"KUBECONFIG names several files; name one: {mend}")
    file = Path(named_file).expanduser() if named_file else Path.home() / ".kube/config"
    if not file.is_file():
        raise ClusterError(f"{file}: there is no kubeconfig; set KUBECONFIG to the cluster's")
    return file

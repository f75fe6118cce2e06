"""The lock against two operators at once: a Lease in the app's namespace.

Source: Kubernetes, "Leases". A lock that is not renewed expires after LEASE_SECONDS, so an operator
whose machine died blocks nobody for longer.
"""

from __future__ import annotations

import getpass
import os
import socket
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from datetime import UTC, datetime, timedelta

from ops import kinds
from ops.cluster.client import Cluster
from ops.errors import ClusterError, OpsError
from ops.kinds.lease import Lease
from ops.objects.base import Document
from ops.objects.times import moment

LEASE_SECONDS = 60
RENEW_SECONDS = 15
MICRO_TIME = "%Y-%m-%dT%H:%M:%S.%fZ"


def operator() -> str:
    """Who deploys: user and machine."""
    return f"{getpass.getuser()}@{socket.gethostname()}"


class Lock:
    """The lock of an app's deploys, for one process; `renew` keeps it while work is in progress."""

    def __init__(self, cluster: Cluster, namespace: str, app: str) -> None:
        self._cluster = cluster
        self._name, self._namespace = f"{app}-deploy", namespace
        self._holder = f"{operator()} (process {os.getpid()})"
        self._lease: Document = {}
        self._renewed = datetime.min.replace(tzinfo=UTC)

    def take(self) -> None:
        """Take the lock; OpsError if somebody else has it."""
        self._renewed = datetime.now(UTC)
        now = self._renewed.strftime(MICRO_TIME)
        entry = kinds.by_model(Lease)
        metadata = {"name": self._name, "namespace": self._namespace}
        lease: Document = {
            "apiVersion": entry.api_version,
            "kind": entry.kind,
            "metadata": metadata,
            "spec": {
                "holderIdentity": self._holder,
                "leaseDurationSeconds": LEASE_SECONDS,
                "acquireTime": now,
                "renewTime": now,
            },
        }
        found = self._found()
        if found is None:
            self._lease = self._cluster.create(lease)
            return
        if not _is_over(found, self._renewed):
            held = found.spec
            raise OpsError(
                f"{held.holder_identity} has been deploying since {held.acquire_time}; wait, or "
                f"if that process is dead, run the command again {LEASE_SECONDS} s after it died"
            )
        metadata["resourceVersion"] = found.metadata.resource_version
        self._lease = self._cluster.replace(lease)

    def _found(self) -> Lease | None:
        return self._cluster.get(Lease, self._name, self._namespace)

    def renew(self) -> None:
        """Keep the lock; costs nothing if it was renewed a moment ago.

        Raises ConflictError if somebody else took it over meanwhile.
        """
        now = datetime.now(UTC)
        if now - self._renewed < timedelta(seconds=RENEW_SECONDS):
            return
        self._lease["spec"]["renewTime"] = now.strftime(MICRO_TIME)
        self._lease = self._cluster.replace(self._lease)
        self._renewed = now

    def release(self) -> None:
        """Give the lock back, also one that an interruption left half taken, and no other's."""
        found = self._found()
        if found and found.spec.holder_identity == self._holder:
            self._cluster.delete(Lease, self._name, self._namespace)


@contextmanager
def locked(cluster: Cluster, namespace: str, app: str) -> Iterator[Lock]:
    """Hold the app's lock; OpsError if somebody else does."""
    lock = Lock(cluster, namespace, app)
    try:
        lock.take()
        yield lock
    finally:
        with suppress(ClusterError):  # it expires
            lock.release()


def _is_over(lease: Lease, now: datetime) -> bool:
    renewed = moment(lease.spec.renew_time)
    lasts = timedelta(seconds=lease.spec.lease_duration_seconds or LEASE_SECONDS)
    return renewed is None or now - renewed > lasts

"""The lock against two operators at once: a Lease in the app's namespace.

Source: Kubernetes, "Leases". A lock that is not renewed is over after LEASE_SECONDS, so an operator
whose machine died locks nobody out for longer.
"""

from __future__ import annotations

import getpass
import os
import socket
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from datetime import UTC, datetime, timedelta

from ops.cluster.door import Cluster
from ops.cluster.kinds import Document
from ops.cluster.reported import moment
from ops.errors import ClusterError, OpsError

LEASE_SECONDS = 60
RENEW_SECONDS = 15
MICRO_TIME = "%Y-%m-%dT%H:%M:%S.%fZ"


def operator() -> str:
    """Who deploys: user and machine."""
    return f"{getpass.getuser()}@{socket.gethostname()}"


class Lock:
    """The lock of an app's deploys, for one process; `renew` keeps it while work goes on."""

    def __init__(self, cluster: Cluster, namespace: str, app: str) -> None:
        self._cluster = cluster
        self._place = ("Lease", f"{app}-deploy", namespace)
        self._holder = f"{operator()} (process {os.getpid()})"
        self._lease: Document = {}
        self._renewed = datetime.min.replace(tzinfo=UTC)

    def take(self) -> None:
        """Take the lock; OpsError if somebody else has it."""
        kind, name, namespace = self._place
        self._renewed = datetime.now(UTC)
        now = self._renewed.strftime(MICRO_TIME)
        lease: Document = {
            "apiVersion": "coordination.k8s.io/v1",
            "kind": kind,
            "metadata": {"name": name, "namespace": namespace},
            "spec": {
                "holderIdentity": self._holder,
                "leaseDurationSeconds": LEASE_SECONDS,
                "acquireTime": now,
                "renewTime": now,
            },
        }
        found = self._cluster.get(*self._place)
        if found is None:
            self._lease = self._cluster.create(lease)
            return
        if not _is_over(found, self._renewed):
            held = found["spec"]
            raise OpsError(
                f"{held.get('holderIdentity')} deploys since {held.get('acquireTime')}; wait, or if"
                f" that process is dead, try again {LEASE_SECONDS} s after it died"
            )
        self._lease = self._cluster.replace({**found, "spec": lease["spec"]})

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
        found = self._cluster.get(*self._place)
        if found and (found.get("spec") or {}).get("holderIdentity") == self._holder:
            self._cluster.delete(found)


@contextmanager
def locked(cluster: Cluster, namespace: str, app: str) -> Iterator[Lock]:
    """Hold the app's lock; OpsError if somebody else does."""
    lock = Lock(cluster, namespace, app)
    try:
        lock.take()
        yield lock
    finally:
        with suppress(ClusterError):  # it ends by itself
            lock.release()


def _is_over(lease: Document, now: datetime) -> bool:
    spec = lease.get("spec") or {}
    renewed = moment(spec.get("renewTime"))
    lasts = timedelta(seconds=spec.get("leaseDurationSeconds") or LEASE_SECONDS)
    return renewed is None or now - renewed > lasts

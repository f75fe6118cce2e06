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
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from ops.cluster.door import Cluster
from ops.cluster.kinds import Document
from ops.cluster.reported import moment
from ops.errors import ClusterError, ConflictError, OpsError

LEASE_SECONDS = 60
RENEW_SECONDS = 15
MICRO_TIME = "%Y-%m-%dT%H:%M:%S.%fZ"


def operator() -> str:
    """Who deploys: user and machine."""
    return f"{getpass.getuser()}@{socket.gethostname()}"


@dataclass
class Lock:
    """A lock that is held; `renew` keeps it while work goes on."""

    cluster: Cluster
    lease: Document
    renewed: datetime

    def renew(self) -> None:
        """Keep the lock; costs nothing if it was renewed a moment ago.

        Raises ConflictError if somebody else took it over meanwhile.
        """
        now = datetime.now(UTC)
        if now - self.renewed < timedelta(seconds=RENEW_SECONDS):
            return
        self.lease["spec"]["renewTime"] = now.strftime(MICRO_TIME)
        self.lease = self.cluster.replace(self.lease)
        self.renewed = now


@contextmanager
def locked(cluster: Cluster, namespace: str, app: str) -> Iterator[Lock]:
    """Hold the app's lock; OpsError if somebody else does."""
    lock = _take(cluster, f"{app}-deploy", namespace)
    try:
        yield lock
    finally:
        with suppress(ClusterError):  # it ends by itself
            cluster.delete(lock.lease)


def _take(cluster: Cluster, name: str, namespace: str) -> Lock:
    now = datetime.now(UTC)
    holder = f"{operator()} (process {os.getpid()})"
    spec = {
        "holderIdentity": holder,
        "leaseDurationSeconds": LEASE_SECONDS,
        "acquireTime": now.strftime(MICRO_TIME),
        "renewTime": now.strftime(MICRO_TIME),
    }
    lease: Document = {
        "apiVersion": "coordination.k8s.io/v1",
        "kind": "Lease",
        "metadata": {"name": name, "namespace": namespace},
        "spec": spec,
    }
    with suppress(ConflictError):
        return Lock(cluster, cluster.create(lease), now)
    found = cluster.get("Lease", name, namespace)
    if found is None:  # just released
        return Lock(cluster, cluster.create(lease), now)
    if not _is_over(found, now):
        held = found["spec"]
        raise OpsError(
            f"{held.get('holderIdentity')} deploys since {held.get('acquireTime')}; wait, or if "
            f"that process is dead, try again {LEASE_SECONDS} s after it died"
        )
    taken = cluster.replace({**found, "spec": spec})
    return Lock(cluster, taken, now)


def _is_over(lease: Document, now: datetime) -> bool:
    spec = lease.get("spec") or {}
    renewed = moment(spec.get("renewTime"))
    lasts = timedelta(seconds=spec.get("leaseDurationSeconds") or LEASE_SECONDS)
    return renewed is None or now - renewed > lasts

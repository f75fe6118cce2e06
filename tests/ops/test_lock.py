"""The lock against two operators at once, where a rehearsal cannot hold the moment."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from ops.deploy.lock import LEASE_SECONDS, MICRO_TIME, locked
from ops.errors import ClusterError, OpsError
from ops.kinds.lease import Lease
from ops.objects.base import typed

APP = ("vergabe-teilnahme", "vergabe-teilnahme")


class OneLease:
    """A cluster, as far as the lock asks it."""

    lease: dict[str, Any] | None = None
    interrupted = False

    def get(self, model: type[Lease], *_: str) -> Lease | None:
        return typed(model, self.lease) if self.lease else None

    def create(self, document: dict[str, Any]) -> dict[str, Any]:
        self.lease = document
        if self.interrupted:
            raise KeyboardInterrupt
        return document

    def replace(self, document: dict[str, Any]) -> dict[str, Any]:
        self.lease = document
        return document

    def delete(self, *_: Any) -> None:
        self.lease = None

    @property
    def holder(self) -> str:
        return str(self.lease["spec"]["holderIdentity"]) if self.lease else ""


def hold(cluster: OneLease) -> str:
    """Take the lock and give it back; who held it meanwhile."""
    with locked(cluster, *APP):  # type: ignore[arg-type]
        return cluster.holder


def lease_of(holder: str, seconds_ago: float) -> dict[str, Any]:
    renewed = datetime.now(UTC) - timedelta(seconds=seconds_ago)
    spec = {"holderIdentity": holder, "leaseDurationSeconds": LEASE_SECONDS}
    return {"kind": "Lease", "spec": {**spec, "renewTime": renewed.strftime(MICRO_TIME)}}


def test_lock_is_given_back() -> None:
    cluster = OneLease()
    assert "(process " in hold(cluster)
    assert cluster.lease is None


def test_lock_of_another_is_respected_until_it_is_over() -> None:
    cluster = OneLease()
    cluster.lease = lease_of("somebody", LEASE_SECONDS - 5)
    with pytest.raises(OpsError, match="somebody has been deploying since"):
        hold(cluster)
    assert cluster.holder == "somebody"
    cluster.lease = lease_of("somebody", LEASE_SECONDS + 1)
    assert "(process " in hold(cluster)
    assert cluster.lease is None


def test_lock_that_was_lost_is_not_taken_from_who_has_it() -> None:
    cluster = OneLease()
    with locked(cluster, *APP):  # type: ignore[arg-type]
        cluster.lease = lease_of("somebody", 0)
    assert cluster.holder == "somebody"


def test_interruption_while_it_is_taken_leaves_nothing() -> None:
    cluster = OneLease()
    cluster.interrupted = True
    with pytest.raises(KeyboardInterrupt):
        hold(cluster)
    assert cluster.lease is None


def test_cluster_that_is_away_in_the_end_hides_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    cluster = OneLease()

    def away(*_: Any) -> None:
        raise ClusterError("away")

    monkeypatch.setattr(cluster, "delete", away)
    with pytest.raises(KeyboardInterrupt), locked(cluster, *APP):  # type: ignore[arg-type]
        raise KeyboardInterrupt

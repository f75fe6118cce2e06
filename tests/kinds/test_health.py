"""When an object is healthy, by its kind's entry."""

from typing import Any

import pytest

from ops import kinds
from ops.cluster.live_object import LiveObject, read
from ops.errors import ClusterError
from ops.kinds.deployment import Deployment
from ops.kinds.description.health import State
from ops.kinds.description.kind import Owner
from ops.objects.quantity import quantity

Content = dict[str, Any]

SCHEDULED = {"lastScheduleTime": "2026-01-02T03:10:00Z"}
SUCCEEDED = {"lastSuccessfulTime": "2026-01-02T03:11:00Z"}
FAILED_SINCE = {**SCHEDULED, "lastSuccessfulTime": "2026-01-01T03:11:00Z"}
CRON_JOBS: dict[str, tuple[Content, State]] = {
    "never run": ({}, State.HEALTHY),
    "the first run has not succeeded": (SCHEDULED, State.HEALTHY),
    "the last run succeeded": ({**SCHEDULED, **SUCCEEDED}, State.HEALTHY),
    "the last run failed": (FAILED_SINCE, State.DEGRADED),
    "it runs again": ({**FAILED_SINCE, "active": [{"name": "a"}]}, State.HEALTHY),
}
UPDATING = {"readyReplicas": 3, "currentRevision": "a", "updateRevision": "b"}
STATEFUL_SETS: dict[str, tuple[Content, Content, State]] = {
    "a pod is missing": ({}, {"readyReplicas": 2}, State.PROGRESSING),
    "all are replaced": ({}, {"readyReplicas": 3}, State.HEALTHY),
    "one is replaced": ({}, {**UPDATING, "updatedReplicas": 1}, State.PROGRESSING),
    "one is replaced, and one is to be": (
        {"rollingUpdate": {"partition": 2}},
        {**UPDATING, "updatedReplicas": 1},
        State.HEALTHY,
    ),
    "a person replaces them": ({"type": "OnDelete"}, UPDATING, State.HEALTHY),
}


def state(kind: str, content: Content) -> State:
    return LiveObject(content, kinds.by_name(kind)).health.state


@pytest.mark.parametrize(("status", "expected"), CRON_JOBS.values(), ids=CRON_JOBS)
def test_cron_job(status: Content, expected: State) -> None:
    assert state("CronJob", {"status": status}) is expected


def test_run_that_failed_does_not_stop_the_deploy_that_fixes_it() -> None:
    live = LiveObject({"status": FAILED_SINCE}, kinds.by_name("CronJob"))
    assert not live.health.is_final


@pytest.mark.parametrize(
    ("strategy", "status", "expected"), STATEFUL_SETS.values(), ids=STATEFUL_SETS
)
def test_stateful_set(strategy: Content, status: Content, expected: State) -> None:
    content = {"spec": {"replicas": 3, "updateStrategy": strategy}, "status": status}
    assert state("StatefulSet", content) is expected


@pytest.mark.parametrize("metadata", [None, "x", {"name": 5}], ids=repr)
def test_answer_of_another_shape_is_an_error_of_the_cluster(metadata: Any) -> None:
    with pytest.raises(ClusterError, match="does not match the schema of its kind"):
        read(Deployment, {"metadata": metadata, "spec": "x"})


def test_pods_in_a_template_of_their_own_are_refused() -> None:
    assert kinds.owner("", "PodTemplate") is Owner.PLATFORM


def test_quantity_that_is_too_large_is_none() -> None:
    assert quantity("1e1000000") is None

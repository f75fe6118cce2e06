"""A wait says after a while what it waits for."""

import time
from typing import Any

import pytest

from ops.cluster import waiting
from ops.cluster.live_object import LiveObject
from ops.deploy import direct
from ops.errors import OpsError
from ops.kinds.pod import Pod
from ops.objects.base import typed
from tests.ops.test_verdicts import APP


@pytest.fixture
def seconds(monkeypatch: pytest.MonkeyPatch) -> None:
    """A clock on which only waiting takes time."""
    now = [0.0]
    monkeypatch.setattr(time, "monotonic", lambda: now[0])
    monkeypatch.setattr(time, "sleep", lambda s: now.__setitem__(0, now[0] + s))


@pytest.mark.usefixtures("seconds")
def test_what_is_missing_is_said_after_five_seconds_and_when_it_changes() -> None:
    messages = iter(["a"] * 7 + ["b"] * 2)
    said: list[str] = []

    def ask() -> str:
        if message := next(messages, ""):
            raise waiting.NotYetError(message)
        return "done"

    assert waiting.until(ask, 60, say=said.append) == "done"
    assert said == ["waiting: a", "waiting: b"]
    messages = iter(["a"] * 5)
    said.clear()
    waiting.until(ask, 60, say=said.append)
    assert said == []


class Slow:
    """A cluster on which nothing becomes healthy."""

    def apply(self, *_: Any, **__: Any) -> None: ...

    def delete(self, *_: Any) -> None: ...

    def live(self, manifest: Any) -> LiveObject | None:
        return None if manifest.kind == "Job" else LiveObject(manifest.content, manifest.entry)

    def get(self, *_: Any) -> None:
        return None

    def all(self, *_: Any) -> list[Pod]:
        return [typed(Pod, {"metadata": {"name": "p"}, "status": {"phase": "Pending"}})]


@pytest.mark.usefixtures("seconds")
def test_direct_deploy_says_what_its_wave_waits_for() -> None:
    said: list[str] = []
    cluster: Any = Slow()
    with pytest.raises(OpsError, match="not within 900 s: Database databases/vergabe-db"):
        direct.sync(cluster, APP, said.append, lambda: None)
    *_, wave, wait = said
    assert wave.startswith("wave -2: ")
    assert wait == (
        "waiting: Database databases/vergabe-db is not healthy: CloudNativePG has not reported"
        " whether it is applied"
    )

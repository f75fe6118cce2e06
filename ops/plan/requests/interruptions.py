"""From when until when visitors of a host do not get the app while a sync runs."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from ops import kinds
from ops.documents.manifest import Manifest
from ops.kinds.certificate import Certificate
from ops.kinds.deployment import Deployment
from ops.kinds.ingress import Ingress
from ops.kinds.job import Job
from ops.kinds.middleware import Middleware
from ops.kinds.network_policy import NetworkPolicy
from ops.kinds.service import Service
from ops.plan.requests.answer import Trouble, answer
from ops.plan.requests.moments import Moment, moments
from ops.plan.simulation import Action, Key, Step

HOSTS_PAGE = "docs/how-to/hosts.md, Move to another host"
_ADVICE = {
    "400": f"have both hosts allowed until the Ingress has changed ({HOSTS_PAGE})",
    "403 to every form": f"have both hosts allowed until the Ingress has changed ({HOSTS_PAGE})",
    "404": "remove the former object in a later commit, when the new one serves; for a host see "
    + HOSTS_PAGE,
    "a certificate warning": f"give the host a certificate of its own first ({HOSTS_PAGE})",
    "502": "name the port in the Service and the NetworkPolicy, or allow both ports in a commit "
    "before",
    "503": "change it in two commits, with pods that both versions select in between, or turn on "
    "maintenance",
}
_AWAITED = {kinds.by_model(model).kind for model in (Certificate, Deployment, Job)}
_ON_THE_WAY = (Certificate, Deployment, Ingress, Middleware, NetworkPolicy, Service)


@dataclass(frozen=True)
class Interruption:
    """A time in which visitors of a host get something else than before and after."""

    host: str
    trouble: Trouble
    begins: str
    ends: str
    """Empty if it does not end with this sync."""
    waits: Sequence[str]
    """What the sync waits for in between."""
    waits_for_certificate: bool

    def __str__(self) -> str:
        """What visitors get, from when until when, why, and what to do."""
        until = f"until {self.ends}" if self.ends else "on, and it stays so"
        what = f"visitors of {self.host} get {self.trouble.status}"
        sentences = [f"{what} from {self.begins} {until}: {self.trouble.because}"]
        if self.waits:
            sentences.append(f"In between the sync waits for {', '.join(self.waits)}")
        if self.waits_for_certificate:
            sentences.append("It waits for ever while a new host has no DNS record")
        return ". ".join([*sentences, f"To avoid it, {_ADVICE[self.trouble.status]}"])


def interruptions(
    namespace: str, live: Sequence[Manifest], target: Sequence[Manifest], steps: Sequence[Step]
) -> list[Interruption]:
    """For each host that the app answers before the sync."""
    times = list(moments(live, target, steps))
    hosts = sorted(
        host for m in times[0].of(Ingress, namespace) for host in m.typed(Ingress).hosts if host
    )
    return [
        found
        for host in dict.fromkeys(hosts)
        if answer(host, namespace, times[0]) is None
        for found in _of_host(host, namespace, times, steps)
    ]


def _of_host(
    host: str, namespace: str, times: Sequence[Moment], steps: Sequence[Step]
) -> Iterator[Interruption]:
    answers = [answer(host, namespace, moment) for moment in times]
    is_removed = not any(host in m.typed(Ingress).hosts for m in times[-1].of(Ingress, namespace))
    begun = 0
    for number in range(1, len(times) + 1):
        is_over = number == len(times)
        if not is_over and _status(answers[number]) == _status(answers[begun]):
            continue
        trouble = answers[begun]
        if trouble and not (is_over and is_removed):
            ends = "" if is_over else _event(times, number)
            waits = _waits(steps, times[begun], times[min(number, len(times) - 1)])
            issues = any(step.kind == kinds.by_model(Certificate).kind for step in waits)
            awaited = [str(step) for step in waits]
            yield Interruption(host, trouble, _event(times, begun), ends, awaited, issues)
        begun = number


def _status(trouble: Trouble | None) -> str:
    return trouble.status if trouble else ""


def _event(times: Sequence[Moment], number: int) -> str:
    """What makes the difference between a moment and the one before."""
    before, now = times[number - 1], times[number]
    if not now.has_waited:
        names = [f"{name} changes" for name in _changed(before.documents, now.documents)]
    else:
        completed = [k for k, found in before.in_effect.items() if found != now.in_effect.get(k)]
        names = [_completed(now.documents[key]) for key in completed if key in now.documents]
    return f"wave {now.wave}" + (f" ({', '.join(names)})" if names else "")


def _completed(manifest: Manifest) -> str:
    is_issued = manifest.entry is kinds.by_model(Certificate)
    return f"{manifest} is issued" if is_issued else f"{manifest} has rolled"


def _changed(before: Mapping[Key, Manifest], now: Mapping[Key, Manifest]) -> Iterator[str]:
    entries = [kinds.by_model(model) for model in _ON_THE_WAY]
    for key, manifest in {**before, **now}.items():
        old, new = before.get(key), now.get(key)
        is_same = old and new and old.content == new.content
        if manifest.entry in entries and not is_same:
            yield str(manifest)


def _waits(steps: Sequence[Step], begin: Moment, end: Moment) -> list[Step]:
    """Whose health the sync awaits from one moment to another."""
    return [
        step
        for step in steps
        if step.action is Action.WAIT
        and step.kind in _AWAITED
        and begin.wave + begin.has_waited <= step.wave < end.wave + end.has_waited
    ]

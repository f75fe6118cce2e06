"""The moments of a sync: which objects are there in each, and which versions are in effect."""

from collections.abc import Iterator, Mapping, Sequence, Set
from dataclasses import dataclass
from itertools import groupby

from ops import kinds
from ops.documents.manifest import Manifest
from ops.kinds.certificate import Certificate
from ops.kinds.deployment import Deployment
from ops.objects.base import Object
from ops.plan.simulation import Action, Key, Step

FORMER, NEW = "former", "new"


@dataclass(frozen=True)
class Moment:
    """One moment between the start of a sync and its end."""

    wave: int
    documents: Mapping[Key, Manifest]
    """The objects that are there."""
    in_effect: Mapping[Key, Sequence[Manifest]]
    """For a Deployment the versions whose pods serve, for a Certificate those that its Secret may
    hold; the former one first."""
    certified: Set[tuple[str, str]]
    """Namespace and name of the Secrets that a Certificate writes at any moment."""
    has_waited: bool
    """Whether pods have rolled and certificates are issued, as far as they are applied."""

    def of(self, model: type[Object], namespace: str) -> list[Manifest]:
        """The objects of a kind in a namespace."""
        entry = kinds.by_model(model)
        return [m for m in self.documents.values() if m.entry is entry and m.namespace == namespace]

    def versions(self, model: type[Object], namespace: str) -> list[Manifest]:
        """The versions in effect of all objects of a kind in a namespace."""
        entry = kinds.by_model(model)
        found = (m for versions in self.in_effect.values() for m in versions)
        return [m for m in found if m.entry is entry and m.namespace == namespace]

    def age(self, version: Manifest) -> str:
        """Which of two versions in effect it is; empty if it is the only one."""
        both = self.in_effect[version.key]
        if len(both) == 1:
            return ""
        return FORMER if version is both[0] else NEW


def moments(
    live: Sequence[Manifest], target: Sequence[Manifest], steps: Sequence[Step]
) -> Iterator[Moment]:
    """Before the sync; then each wave with a change, as it is applied and when it is complete."""
    wanted = {m.key: m for m in target}
    documents = {m.key: m for m in live if m.remains}
    in_effect: dict[Key, Sequence[Manifest]] = {k: [m] for k, m in documents.items() if _slow(m)}
    certified = frozenset(_written(m) for m in (*live, *target) if _is_certificate(m))
    start = steps[0].wave if steps else 0
    yield Moment(start, dict(documents), dict(in_effect), certified, has_waited=True)
    for (_, wave), group in groupby(steps, lambda step: (step.phase, step.wave)):
        if not [step for step in group if _apply(step, wanted, documents, in_effect)]:
            continue
        yield Moment(wave, dict(documents), dict(in_effect), certified, has_waited=False)
        in_effect |= {k: [documents[k]] for k in in_effect if k in documents}
        yield Moment(wave, dict(documents), dict(in_effect), certified, has_waited=True)


def _apply(
    step: Step,
    wanted: Mapping[Key, Manifest],
    documents: dict[Key, Manifest],
    in_effect: dict[Key, Sequence[Manifest]],
) -> bool:
    """Takes a step; whether it changes an object."""
    old, new = documents.get(step.key), wanted.get(step.key)
    if step.action is Action.PRUNE and old:
        _prune(step.key, documents, in_effect)
        return True
    is_applied = step.action in (Action.APPLY, Action.HOOK)
    if not is_applied or new is None or (old and old.content == new.content):
        return False
    if _slow(new):
        in_effect[step.key] = _meanwhile(old, new)
    documents[step.key] = new
    return True


def _prune(
    key: Key, documents: dict[Key, Manifest], in_effect: dict[Key, Sequence[Manifest]]
) -> None:
    gone = documents.pop(key)
    if gone.entry is kinds.by_model(Deployment):  # the Secret of a Certificate stays
        in_effect.pop(key, None)


def _slow(manifest: Manifest) -> bool:
    """Whether a change takes effect some time after it is applied."""
    return manifest.entry is kinds.by_model(Deployment) or _is_certificate(manifest)


def _is_certificate(manifest: Manifest) -> bool:
    return manifest.entry is kinds.by_model(Certificate)


def _written(certificate: Manifest) -> tuple[str, str]:
    return certificate.namespace, certificate.typed(Certificate).spec.secret_name


def _meanwhile(old: Manifest | None, new: Manifest) -> Sequence[Manifest]:
    """What is in effect until an applied object has become what it says."""
    if old is None:
        return []
    return [new] if _what_counts(old) == _what_counts(new) else [old, new]


def _what_counts(manifest: Manifest) -> object:
    if manifest.entry is kinds.by_model(Deployment):
        return manifest.typed(Deployment).spec.template
    return manifest.typed(Certificate).spec

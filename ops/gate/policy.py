"""The numbered checks: how one is written, and how all are run.

A check is a generator over the inventory that yields each object that offends, with what is wrong
there. Its id is `<area>.E<number>`, given once and never again.
"""

from collections import defaultdict
from collections.abc import Callable, Iterator
from dataclasses import dataclass

from ops.documents.manifest import Manifest
from ops.gate.finding import Finding
from ops.gate.inventory import Inventory
from railiance.annotations import SILENCE

Offences = Iterator[tuple[Manifest, str]]


@dataclass(frozen=True)
class Check:
    """A rule, and the function that finds what breaks it."""

    id: str
    rule: str
    """What must hold."""
    hint: str
    """How to fix it."""
    because: str
    """What happens otherwise, or where the rule comes from."""
    find: Callable[[Inventory], Offences]
    subject: Callable[[Manifest, str], str | None] | None = None
    """What a silence must name to cover an offence, by object and message; None: nothing can."""

    def covers(self, manifest: Manifest, message: str, silence: str) -> bool:
        """Whether an annotation that silences this check covers one of its offences."""
        if self.id.startswith(CONTRACT):
            return False
        if self.subject is None:
            return is_reason(silence)
        names, _, reason = silence.partition(":")
        subjects = [name.strip() for name in names.split(",")]
        return self.subject(manifest, message) in subjects and is_reason(reason)

    def hint_for(self, manifest: Manifest, message: str) -> str:
        """How to fix one offence."""
        if self.subject is None:
            return self.hint
        subject = self.subject(manifest, message)
        return self.hint.replace(SUBJECT, subject) if subject else "remove it"


@dataclass(frozen=True)
class Silenced:
    """A finding that its object silences, and why."""

    finding: Finding
    reason: str


CHECKS: dict[str, Check] = {}

CONTRACT = (
    *("argocd.", "database.", "exposure.", "gate.", "maintenance.E001", "ownership.", "secrets."),
    *("settings.E001", "storage."),
)
"""The safety contract, and what guards it: no annotation silences these."""
FEWEST_WORDS = 3
SUBJECT = "FIELD"
"""Stands in a hint for what a silence must name."""


def check(
    id: str,  # noqa: A002 (the field's own word)
    rule: str,
    *,
    hint: str,
    because: str,
    subject: Callable[[Manifest, str], str | None] | None = None,
) -> Callable[[Callable[[Inventory], Offences]], Callable[[Inventory], Offences]]:
    """Registers the decorated generator as a check."""

    def register(find: Callable[[Inventory], Offences]) -> Callable[[Inventory], Offences]:
        if id in CHECKS:
            raise ValueError(f"two checks are called {id}")
        CHECKS[id] = Check(id, rule, hint, because, find, subject)
        return find

    return register


def run(inventory: Inventory) -> tuple[list[Finding], list[Silenced]]:
    """What all checks find, and what of it is silenced with a reason."""
    found: list[Finding] = []
    silenced: list[Silenced] = []
    for rule in CHECKS.values():
        for manifest, message in rule.find(inventory):
            finding = _finding(rule, manifest, message)
            reason = manifest.annotations.get(f"{SILENCE}{rule.id}", "")
            if rule.covers(manifest, message, reason):
                silenced.append(Silenced(finding, reason))
            else:
                found.append(finding)
    return found, silenced


def is_reason(text: str) -> bool:
    """Whether a text can be a reason."""
    return len(text.split()) >= FEWEST_WORDS


def _finding(rule: Check, manifest: Manifest, message: str) -> Finding:
    hint = rule.hint_for(manifest, message)
    return Finding(rule.id, manifest.file, manifest.line, str(manifest), message, hint)


@check(
    "gate.E001",
    "A silenced check exists, is not part of the safety contract, and has a reason.",
    hint="write the reason as the annotation's value, or remove the annotation",
    because="Without a reason, the reviewer of the pull request cannot judge it.",
)
def badly_silenced(inventory: Inventory) -> Offences:
    """Silencing annotations that name no check, one of the contract, or give no reason."""
    for manifest, silenced, reason in _silences(inventory):
        if silenced not in CHECKS:
            yield manifest, f"silences {silenced}, which is not a check"
        elif silenced.startswith(CONTRACT):
            yield manifest, f"silences {silenced}, which guards the safety contract"
        elif not is_reason(reason):
            yield manifest, f"silences {silenced} without a reason"


@check(
    "gate.E002",
    "An annotation that silences a check is still needed.",
    hint="remove the annotation",
    because="A leftover annotation would hide the next defect, which nobody has reviewed.",
)
def silences_nothing(inventory: Inventory) -> Offences:
    """Silencing annotations of checks that find nothing in their object."""
    by_check: dict[str, list[Manifest]] = defaultdict(list)
    for manifest, silenced, reason in _silences(inventory):
        if silenced in CHECKS and not silenced.startswith(CONTRACT) and is_reason(reason):
            by_check[silenced].append(manifest)
    for silenced, manifests in by_check.items():
        offenders = {id(offender) for offender, _ in CHECKS[silenced].find(inventory)}
        for manifest in manifests:
            if id(manifest) not in offenders:
                yield manifest, f"silences {silenced}, which finds nothing in it"


def _silences(inventory: Inventory) -> Iterator[tuple[Manifest, str, str]]:
    """Each silencing annotation: its object, the check that it names, the reason."""
    for manifest in inventory.manifests:
        for key, reason in manifest.annotations.items():
            if key.startswith(SILENCE):
                yield manifest, key.removeprefix(SILENCE), reason

"""Findings that only follow from another one, which is reported alone.

A check that compares documents finds something in a sound document if the other one cannot be read.
"""

from collections.abc import Iterable, Sequence
from dataclasses import replace
from pathlib import Path

from ops.documents.manifest import Manifest
from ops.gate.finding import Finding
from ops.gate.freshness import LEFT_OVER, MISSING, STALE
from railiance.annotations import NAME

INCOMPLETE, DANGLING, WHITELIST = "shape.E002", "shape.E003", "argocd.E001"
COMPARING = frozenset(
    {
        *(INCOMPLETE, DANGLING, WHITELIST, "shape.E004", "argocd.E005", "database.E011"),
        *("exposure.E002", "exposure.E007", "exposure.E010", "gate.E002", "maintenance.E001"),
        *("network.E002", "network.E003", "ownership.E003", "pods.E002", "processes.E003"),
        *("references.E001", "references.E003", "references.E004"),
        *("settings.E004", "settings.E005", "sync.E003", "sync.E012"),
    }
)
"""The checks that find something in an app as soon as one of its documents is missing."""
FIRST = ("manifest.E001", "schema.")
"""Begin the ids of what is reported first."""
CAUSES = (*FIRST, MISSING)
"""Documents that cannot be used, and files that are missing."""

Apps = frozenset[str]


class Causes:
    """Which findings of a run are causes, and which only follow from one of them."""

    def __init__(self, manifests: Iterable[Manifest]) -> None:
        self._apps: dict[tuple[Path, int], Apps] = {
            (manifest.file, manifest.line): _apps_of(manifest.file, manifest.labels.get(NAME, ""))
            for manifest in manifests
        }

    def without_consequences(
        self, found: Sequence[Finding], others: Sequence[Finding]
    ) -> list[Finding]:
        """What the checks found, without what follows from documents that cannot be used.

        Nor what follows from files and documents that are missing, if a finding says so.
        """
        for causes, kept in (
            ([finding for finding in others if finding.id.startswith(CAUSES)], frozenset[str]()),
            ([finding for finding in found if finding.id == INCOMPLETE], {INCOMPLETE}),
            ([finding for finding in found if finding.id == DANGLING], COMPARING - {WHITELIST}),
        ):
            apps = frozenset(app for cause in causes for app in self._of(cause))
            found = [
                finding
                for finding in found
                if finding.id not in COMPARING - kept or not apps & self._of(finding)
            ]
        return list(found)

    def _of(self, finding: Finding) -> Apps:
        own = _apps_of(finding.file, "")
        return self._apps.get((finding.file, finding.line), own)


def _apps_of(file: Path, label: str) -> Apps:
    """The app of a document, by the name of its file and by its label."""
    return frozenset(filter(None, (file.name.partition(".")[0], label)))


def left_over(findings: Iterable[Finding]) -> set[Path]:
    """The files that should not be there."""
    return {finding.file for finding in findings if finding.id == LEFT_OVER}


def in_order(findings: Iterable[Finding]) -> list[Finding]:
    """Documents that cannot be used first, then by place; each finding once.

    Of a file that cannot be used and is not what the code renders, the first is reported with the
    fix for the second.
    """
    found = set(findings)
    stale = {finding.file: finding for finding in found if finding.id == STALE}
    broken = {f for f in found if f.id.startswith(FIRST) and f.file in stale}
    found -= broken | {stale[finding.file] for finding in broken}
    found |= {replace(f, hint=f.hint or stale[f.file].hint) for f in broken}
    return sorted(found, key=_place)


def _place(finding: Finding) -> tuple[bool, str, int, str, str]:
    is_later = not finding.id.startswith(FIRST)
    return is_later, str(finding.file), finding.line, finding.id, finding.message

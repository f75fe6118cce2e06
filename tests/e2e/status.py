"""What controllers report of their documents."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from ops.objects.base import Document


def has_condition(document: Document, condition: str) -> bool:
    """Whether a condition is reported to hold."""
    conditions = document.get("status", {}).get("conditions") or []
    return any(c["type"] == condition and c["status"] == "True" for c in conditions)


def is_applied(database: Document) -> bool:
    """Whether CloudNativePG has applied a Database."""
    return bool(database.get("status", {}).get("applied"))


def is_complete(job: Document) -> bool:
    """Whether a Job has come to its end well."""
    return has_condition(job, "Complete")


def is_failed(job: Document) -> bool:
    """Whether a Job has given up."""
    return has_condition(job, "Failed")


def is_ready(certificate: Document) -> bool:
    """Whether cert-manager has issued a Certificate."""
    return has_condition(certificate, "Ready")

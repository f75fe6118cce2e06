"""The mark by which Argo CD tracks which Application an object belongs to."""

from collections.abc import Mapping

from ops.documents.manifest import Manifest

TRACKING = "argocd.argoproj.io/tracking-id"
"""The annotation with the mark; no document is rendered with it."""
LEFT_ALONE = "argocd.argoproj.io/compare-options=IgnoreExtraneous"
"""The annotation of an object that its Application no longer renders, and may stay."""


def owner(annotations: Mapping[str, str]) -> str:
    """The Application that an object's mark names; empty if it has none.

    Source: Argo CD 3.6, "Resource Tracking".
    """
    return annotations.get(TRACKING, "").partition(":")[0]


def annotate(manifest: Manifest, annotation: str) -> str:
    """The command that annotates an object."""
    namespace = f"--namespace {manifest.namespace} " if manifest.namespace else ""
    kind = manifest.entry.plural if manifest.entry else manifest.kind
    return f"`kubectl {namespace}annotate {kind} {manifest.name} {annotation}`"


def release(manifest: Manifest) -> str:
    """The command that removes an object's mark, so that another Application can take it over."""
    return annotate(manifest, f"{TRACKING}-")

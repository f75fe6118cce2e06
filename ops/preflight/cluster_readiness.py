"""The cluster itself: its version, and the kinds that it serves."""

from __future__ import annotations

from ops.preflight.subject import Subject
from ops.results.result import Result, failed, ok, warning

PLATFORM = "railiance-platform"
CLUSTER = "railiance-cluster"


def version(subject: Subject) -> Result:
    """Whether the API server has the declared version, against which dist/ is checked.

    Of another minor version next to it a deploy works in all but what changed between the two, so
    that is a warning; farther away is a failure.
    """
    declared, (major, minor) = subject.platform.kubernetes_version, subject.version.result()
    text = f"Kubernetes {major}.{minor} answers at {subject.opened.server}"
    if declared == f"{major}.{minor}":
        return ok(text)
    fix = "check that --context names the right cluster, else declare its version and render"
    near = declared in (f"{major}.{minor - 1}", f"{major}.{minor + 1}")
    return (warning if near else failed)(f"{text}; declared: {declared}", fix)


def kinds(subject: Subject) -> Result:
    """Whether the cluster serves every kind that is rendered for the app, and is to be applied."""
    wanted: dict[str, set[str]] = {}
    of_argocd = subject.app.argocd if subject.with_argocd else ()
    for manifest in (*subject.app.documents, *of_argocd):
        wanted.setdefault(manifest.api_version, set()).add(manifest.kind)
    missing = [
        f"{kind} ({api_version})"
        for api_version, kinds_of_it in sorted(wanted.items())
        for kind in sorted(kinds_of_it - subject.cluster.kinds(api_version))
    ]
    if missing:
        fix = f"{CLUSTER} and {PLATFORM} install their operators"
        return failed(f"not served: {', '.join(missing)}", fix)
    return ok(f"all {sum(map(len, wanted.values()))} kinds that are rendered are served")

"""The command that starts a sync by hand, where no automatic one will."""

import json
import shlex

from ops.plan.synced_application import SyncedApplication


def command(application: SyncedApplication) -> str:
    """`kubectl patch` with what `argocd app sync` would send: the Application's own options.

    Source: Operation in pkg/apis/application/v1alpha1/types.go of
    https://github.com/argoproj/argo-cd/tree/v3.6.1.
    """
    manifest = application.manifest
    sync = {"prune": application.prunes, "syncOptions": application.options}
    patch = json.dumps({"operation": {"sync": sync}})
    return (
        f"kubectl patch application {shlex.quote(manifest.name)}"
        f" -n {shlex.quote(manifest.namespace)} --type merge -p {shlex.quote(patch)}"
    )

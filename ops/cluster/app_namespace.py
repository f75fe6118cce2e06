"""An app's Namespace, which its lock, receipts and Secrets need before Argo CD makes it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ops.cluster.client import ARGOCD_FIELD_MANAGER
from ops.kinds.namespace import Namespace

if TYPE_CHECKING:
    from ops.cluster.client import Cluster
    from ops.documents.manifest import Manifest


def ensure(cluster: Cluster, namespace: Manifest) -> bool:
    """Makes the Namespace as rendered unless there is one, which is left as it is; whether it did.

    Applied in Argo CD's name it would lose the mark that shows Argo CD whose it is, and Argo CD
    would sync the commit that it has before it turns to the next one.
    """
    if cluster.get(Namespace, namespace.name):
        return False
    cluster.apply(namespace.content, field_manager=ARGOCD_FIELD_MANAGER)
    return True

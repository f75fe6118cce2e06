"""The StorageClasses that the app's claims name."""

from __future__ import annotations

from ops.documents.fleet import App
from ops.kinds.persistent_volume_claim import PersistentVolumeClaim
from ops.kinds.storage_class import StorageClass
from ops.preflight.cluster_readiness import CLUSTER
from ops.preflight.subject import Subject
from ops.results.result import Result, failed, ok


def has_claims(app: App) -> bool:
    """Whether the app has a volume."""
    return bool(app.manifests(PersistentVolumeClaim))


def storage_classes(subject: Subject) -> Result:
    """Whether the cluster has every StorageClass; without it, the pods stay Pending."""
    claims = subject.app.manifests(PersistentVolumeClaim)
    wanted = {m.typed(PersistentVolumeClaim).spec.storage_class_name for m in claims} - {""}
    missing = [name for name in sorted(wanted) if subject.cluster.get(StorageClass, name) is None]
    if missing:
        fix = f"{CLUSTER} installs it; or declare another in the platform's file"
        return failed(f"there is no StorageClass {', '.join(missing)}", fix)
    count = "1 volume" if len(claims) == 1 else f"{len(claims)} volumes"
    return ok(f"StorageClass {', '.join(sorted(wanted))} is there for {count}")

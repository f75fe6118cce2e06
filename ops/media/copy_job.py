"""The Job that copies an app's uploads from its volume to its bucket."""

from __future__ import annotations

import copy
import time
from pathlib import Path
from typing import Any

from ops.cluster.client import Cluster
from ops.documents.fleet import App
from ops.errors import OpsError
from ops.kinds.config_map import ConfigMap
from ops.kinds.persistent_volume_claim import PersistentVolumeClaim
from ops.manage.manage_job import KEPT_SECONDS
from ops.objects.base import Document
from ops.secrets.present import missing
from ops.storage.declared_storage import is_declared, storage_of
from railiance.annotations import ARGOCD, COMPONENT

VERB = "copy-media"
PROGRAM = Path(__file__).with_name("copy_in_pod.py")
LONGEST_SECONDS = 24 * 3600
VOLUME = "media"
SAME = ("image", "imagePullPolicy", "workingDir", "env", "resources", "securityContext")
"""Fields of the web container."""


def copying(cluster: Cluster, app: App) -> Document:
    """The Job: image, environment, Secret and volume of the rendered web pods, and the program.

    It mounts the volume read-only, beside the pods that write it. Raises OpsError if the app has
    no volume or no bucket, or the cluster lacks the volume, a key or a configuration file: its pod
    would wait for them.
    """
    if not is_declared(app):
        raise OpsError(f"{app.name}: no bucket is rendered; declare storage=ObjectStorage(…)")
    storage_of(app)
    claim, folder = _media(app)
    if cluster.get(PersistentVolumeClaim, claim, app.namespace) is None:
        raise OpsError(f"there is no PersistentVolumeClaim {app.namespace}/{claim} to copy from")
    for name, keys in missing(cluster, app).items():
        problem = f"Secret {app.namespace}/{name} lacks {', '.join(keys)}"
        raise OpsError(f"{problem}; run `ops secrets apply --app {app.name}`")
    _require_files(cluster, app)
    return _job(app, folder)


def _require_files(cluster: Cluster, app: App) -> None:
    for manifest in app.manifests(ConfigMap):
        found = cluster.get(ConfigMap, manifest.name, manifest.namespace)
        if found is None or found.data != manifest.typed(ConfigMap).data:
            problem = f"{manifest} is not on the cluster as rendered"
            raise OpsError(f"{problem}; deploy it by a commit of its own, before the bucket")


def _media(app: App) -> tuple[str, str]:
    """The claim of the media volume, and the folder in which web pods mount it."""
    volumes = {volume.name: volume for volume in app.web.pod.volumes}
    for mount in app.web.containers[0].volume_mounts if app.web.containers else ():
        claim = volumes[mount.name].persistent_volume_claim if mount.name in volumes else None
        if mount.name == VOLUME and claim:
            return claim.claim_name, mount.mount_path
    raise OpsError(f"{app.name}: no media volume is rendered; keep `media` declared until then")


def _job(app: App, folder: str) -> Document:
    rendered = app.web.manifest
    template: dict[str, Any] = copy.deepcopy(rendered.content["spec"]["template"])
    pod, started = template["spec"], time.strftime("%Y%m%d-%H%M%S", time.gmtime())
    container = pod["containers"][0]
    python = app.migrate.manifest.content["spec"]["template"]["spec"]["containers"][0]["command"][0]
    pod["containers"] = [
        {
            "name": VERB,
            "command": [python, "-c", PROGRAM.read_text(), folder],
            **{field: container[field] for field in SAME if field in container},
            "volumeMounts": [
                {**mount, "readOnly": True} if mount["name"] == VOLUME else mount
                for mount in container["volumeMounts"]
            ],
        }
    ]
    del pod["initContainers"]
    for volume in pod["volumes"]:
        if volume["name"] == "tmp":
            volume["emptyDir"] = {}  # a file that is compared is kept there meanwhile
    pod["restartPolicy"] = "Never"
    template["metadata"]["labels"][COMPONENT] = VERB
    metadata = {
        "name": f"{app.name[:35]}-{VERB}-{started}",
        "namespace": app.namespace,
        "labels": {**rendered.labels, COMPONENT: VERB},
        "annotations": {k: v for k, v in rendered.annotations.items() if ARGOCD not in k},
    }
    spec = {
        "backoffLimit": 0,
        "activeDeadlineSeconds": LONGEST_SECONDS,
        "ttlSecondsAfterFinished": KEPT_SECONDS,
        "template": template,
    }
    return {"apiVersion": "batch/v1", "kind": "Job", "metadata": metadata, "spec": spec}

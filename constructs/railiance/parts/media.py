"""The volume for uploads."""

from __future__ import annotations

from typing import TYPE_CHECKING

from railiance.django_app import DjangoApp, MediaVolume
from railiance.metadata import KEPT, Component, object_meta
from railiance.platform import Platform
from railiance.waves import Wave

if TYPE_CHECKING:
    from imports.kubernetes import PersistentVolumeClaim, PodSpec


def claim_name(app: DjangoApp) -> str:
    """The name of the claim for the app's media volume."""
    return f"{app.name}-media"


def mount(app: DjangoApp, media: MediaVolume, spec: PodSpec) -> None:
    """Mounts the volume into a pod's container.

    Only web pods have it: the migrate Job runs a wave before the claim exists.
    """
    spec["volumes"].append(
        {"name": "media", "persistentVolumeClaim": {"claimName": claim_name(app)}}
    )
    spec["containers"][0]["volumeMounts"].append({"name": "media", "mountPath": media.mount_path})


def media_claim(app: DjangoApp, media: MediaVolume, platform: Platform) -> PersistentVolumeClaim:
    """A claim that stays when its document, or the whole Application, is removed.

    It is in the web pods' wave: the node's storage class binds a volume only when a pod uses it,
    and a wave of its own would wait for that for ever.
    Source: Kubernetes, "Storage Classes", WaitForFirstConsumer.
    """
    return {
        "apiVersion": "v1",
        "kind": "PersistentVolumeClaim",
        "metadata": object_meta(app, claim_name(app), Component.MEDIA, Wave.WEB, KEPT),
        "spec": {
            "accessModes": ["ReadWriteOnce"],
            "storageClassName": platform.storage_class,
            "volumeMode": "Filesystem",
            "resources": {"requests": {"storage": media.size}},
        },
    }

"""The PersistentVolumeClaim for uploads."""

from __future__ import annotations

from typing import TYPE_CHECKING

from constructs import Construct

from railiance.django_app import DjangoApp, MediaVolume
from railiance.metadata import KEEP_DATA, Component, object_meta
from railiance.parts.typed_object import TypedObject
from railiance.platform import Platform
from railiance.waves import Wave

if TYPE_CHECKING:
    from imports.kubernetes import PersistentVolumeClaimSpec


class MediaClaim(TypedObject):
    """A claim that stays when it is removed from git or the Application is deleted.

    It is in the wave of the web pods: the StorageClass binds a volume only when a pod uses it, so a
    wave of its own would wait for ever.
    Source: Kubernetes, "Storage Classes", WaitForFirstConsumer.
    """

    def __init__(
        self,
        scope: Construct,
        construct_id: str,
        *,
        app: DjangoApp,
        media: MediaVolume,
        platform: Platform,
    ) -> None:
        self.mount_path = media.mount_path
        spec: PersistentVolumeClaimSpec = {
            "accessModes": ["ReadWriteOnce"],
            "storageClassName": platform.storage_class,
            "volumeMode": "Filesystem",
            "resources": {"requests": {"storage": media.size}},
        }
        super().__init__(
            scope,
            construct_id,
            api_version="v1",
            kind="PersistentVolumeClaim",
            metadata=object_meta(
                app, f"{app.name}-media", Component.MEDIA, Wave.WEB, annotations=KEEP_DATA
            ),
            spec=spec,
        )

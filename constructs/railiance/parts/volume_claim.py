"""The PersistentVolumeClaims of an app."""

from __future__ import annotations

from typing import TYPE_CHECKING

from constructs import Construct

from railiance.django_app import DjangoApp
from railiance.folders import DataFolder, MediaVolume
from railiance.metadata import KEEP_DATA, Component, object_meta
from railiance.parts.typed_object import TypedObject
from railiance.platform import Platform
from railiance.waves import Wave

if TYPE_CHECKING:
    from imports.kubernetes import PersistentVolumeClaimSpec


class VolumeClaim(TypedObject):
    """A claim that stays when it is removed from git or the Application is deleted.

    It is in the wave of the first pods that mount it: the StorageClass binds a volume only when a
    pod uses it, so a wave of its own would wait for ever.
    Source: Kubernetes, "Storage Classes", WaitForFirstConsumer.
    """

    def __init__(
        self,
        scope: Construct,
        construct_id: str,
        *,
        app: DjangoApp,
        platform: Platform,
        name: str,
        component: str,
        mount_path: str,
        size: str,
        wave: Wave,
    ) -> None:
        self.volume_name = component
        self.mount_path = mount_path
        spec: PersistentVolumeClaimSpec = {
            "accessModes": ["ReadWriteOnce"],
            "storageClassName": platform.storage_class,
            "volumeMode": "Filesystem",
            "resources": {"requests": {"storage": size}},
        }
        super().__init__(
            scope,
            construct_id,
            api_version="v1",
            kind="PersistentVolumeClaim",
            metadata=object_meta(app, name, component, wave, annotations=KEEP_DATA),
            spec=spec,
        )


def media_claim(
    scope: Construct, *, app: DjangoApp, platform: Platform, media: MediaVolume
) -> VolumeClaim:
    """The claim for uploads, `<app>-media`."""
    return VolumeClaim(
        scope,
        "media",
        app=app,
        platform=platform,
        name=f"{app.name}-media",
        component=Component.MEDIA,
        mount_path=media.mount_path,
        size=media.size,
        wave=Wave.WEB,
    )


def data_claim(
    scope: Construct, *, app: DjangoApp, platform: Platform, folder: DataFolder
) -> VolumeClaim:
    """The claim of a declared folder, `<app>-<name>`."""
    return VolumeClaim(
        scope,
        f"data-{folder.name}",
        app=app,
        platform=platform,
        name=f"{app.name}-{folder.name}",
        component=f"data-{folder.name}",
        mount_path=folder.path,
        size=folder.size,
        wave=Wave.MIGRATE if folder.in_migrate else Wave.WEB,
    )

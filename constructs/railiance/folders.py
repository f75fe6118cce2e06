"""The declarations of an app's folders and files."""

from typing import Annotated

from railiance import checks
from railiance.declaration import declaration


@declaration
class MediaVolume:
    """A volume for uploads; it is kept when the rest of the app is removed."""

    mount_path: Annotated[str, checks.absolute_folder]
    """The MEDIA_ROOT in the container."""
    size: Annotated[str, checks.size]
    """Storage request, such as 5Gi; local-path neither enforces nor expands it."""


@declaration
class ScratchFolder:
    """A writable folder of each pod that is empty at its start, and gone with it."""

    path: Annotated[str, checks.scratch_folder]
    """The folder; /tmp and /run are there already, and get another size."""
    size: Annotated[str, checks.size] = "256Mi"
    """What fits in; a pod that writes more is evicted. Django stores uploads over 2.5 MB in /tmp
    while they arrive, so /tmp bounds the largest upload."""


@declaration
class DataFolder:
    """A volume that web pods, workers and schedules share; it is kept like the media volume.

    Its claim is in the sync wave of the first pod that mounts it.
    """

    name: Annotated[str, checks.process_name]
    """Names the claim, `<app>-<name>`."""
    path: Annotated[str, checks.absolute_folder]
    """Where it is mounted."""
    size: Annotated[str, checks.size]
    """Storage request, such as 5Gi; local-path neither enforces nor expands it."""
    in_migrate: bool = False
    """Whether the migrate Job and the containers that wait for migrations mount it, too, as an app
    needs whose settings write there when they load."""


@declaration
class ConfigurationFile:
    """A file of the repository, mounted read-only into every pod; a change rolls the pods.

    The app's file reads it: `content=Path(__file__).with_name("site.cfg").read_text()`.
    """

    path: Annotated[str, checks.absolute_file]
    """Where it is mounted."""
    content: Annotated[str, checks.file_content]
    """Its text, without secrets."""


@declaration
class SecretFile:
    """A file from the Secret `<app>-files`, mounted read-only into every pod.

    `ops secrets init --file` takes its content; it is never rendered.
    """

    path: Annotated[str, checks.absolute_file]
    """Where it is mounted."""
    key: Annotated[str, checks.secret_key_name]
    """Its key in the Secret."""

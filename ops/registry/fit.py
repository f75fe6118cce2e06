"""Whether an image fits the pods that are to run it."""

from pathlib import PurePosixPath

from ops.documents.workload import Workload
from ops.registry.runnable import Found


def hidden_code(image: Found, workload: Workload) -> str:
    """What is mounted over the image's working folder, as a sentence; empty if nothing is."""
    if not workload.containers:
        return ""
    container = workload.containers[0]
    folder = PurePosixPath(container.working_dir or image.working_folder or "/")
    for mount in container.volume_mounts:
        if not mount.sub_path and folder.is_relative_to(mount.mount_path):
            what = f"the volume {mount.name} at {mount.mount_path}"
            return f"{what} hides the image's code in {folder}; mount it below that folder"
    return ""


def pull_secret(workload: Workload) -> str:
    """The Secret with which the node pulls a workload's images; empty if it has no login."""
    return next((login.name for login in workload.pod.image_pull_secrets), "")

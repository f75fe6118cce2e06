"""What a visitor can upload, and how long an answer may take."""

from __future__ import annotations

import re

from ops.documents.workload import Workload
from ops.kinds.pod import Pod
from ops.preflight.subject import Subject
from ops.results.result import Result, ok, warning
from railiance.annotations import NAME

ENTRY_POINT = "websecure"
"""Traefik's entry point for HTTPS, as k3s names it."""
READ_TIMEOUT = "60s"
"""Traefik's default since 2.11.2. It ends an upload; an answer may take longer.
Source: Traefik, "EntryPoints", respondingTimeouts.readTimeout; tried out with 3.7."""
GUNICORN_TIMEOUT = "30"
"""gunicorn's default, in seconds."""
UPLOADS = "/tmp"  # noqa: S108 (the folder in the container to which Django writes uploads)
FIX = f"look it up in Traefik's arguments; by default it ends an upload after {READ_TIMEOUT}"
_READ_TIMEOUT = re.compile(
    rf"--entrypoints\.{ENTRY_POINT}\.transport\.respondingtimeouts\.readtimeout=(\S+)", re.I
)
_GUNICORN_TIMEOUT = re.compile(r"(?:^|\s)--timeout=(\d+)")


def limits(subject: Subject) -> Result:
    """The time and the size that an upload may have, and the time that an answer may take.

    A larger upload fills the folder, and Kubernetes evicts the pod.
    """
    size = f"an upload may have {_upload_size(subject.app.web)}"
    answer = _answer_time(subject.app.web)
    seconds = _read_timeout(subject)
    if seconds is None:
        return warning(f"{size}; {answer}; Traefik's readTimeout is unknown: it has no pod", FIX)
    time = "any time" if seconds.rstrip("s") == "0" else seconds
    return ok(f"{size} ({UPLOADS}) and take {time} (Traefik's readTimeout); {answer}")


def _read_timeout(subject: Subject) -> str | None:
    """The readTimeout in the arguments of Traefik's pods; None if there is no pod."""
    platform = subject.platform
    labels = {NAME: platform.ingress_class}
    pods = subject.cluster.all(Pod, platform.ingress_namespace, labels)
    if not pods:
        return None
    arguments = [argument for c in pods[0].spec.containers for argument in c.args]
    stated = (match[1] for match in map(_READ_TIMEOUT.fullmatch, arguments) if match)
    return next(stated, READ_TIMEOUT)


def _upload_size(web: Workload) -> str:
    """The size of the volume at the folder for uploads."""
    mounts = [
        m.name for c in web.containers[:1] for m in c.volume_mounts if m.mount_path == UPLOADS
    ]
    limits = [
        volume.empty_dir.get("sizeLimit")
        for volume in web.pod.volumes
        if volume.name in mounts and volume.empty_dir is not None
    ]
    return str(limits[0]) if limits and limits[0] else "any size"


def _answer_time(web: Workload) -> str:
    """The timeout of gunicorn's workers; another server has its own."""
    found = _GUNICORN_TIMEOUT.search(web.value("GUNICORN_CMD_ARGS"))
    if found is None and any(container.command for container in web.containers[:1]):
        return "the web command decides how long an answer may take"
    return f"an answer may take {found[1] if found else GUNICORN_TIMEOUT} s with gunicorn"

"""The kubeconfigs that Argo CD leaves in memory if it is killed."""

from __future__ import annotations

import json
import os
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator

MEMORY = Path("/dev/shm")  # noqa: S108 (Argo CD chooses it)
"""Where Argo CD writes them. Source: gitops-engine/pkg/utils/io/io.go of Argo CD 3.6.1."""
LARGEST_BYTES = 65_536


def remove_kubeconfigs(kubeconfig: Path) -> None:
    """Remove this user's files in memory that contain the certificate authority of a kubeconfig."""
    authority = _authority(kubeconfig)
    for file in _candidates() if authority else ():
        with suppress(OSError):
            if authority in file.read_bytes():
                file.unlink()


def _authority(kubeconfig: Path) -> bytes:
    """As it is encoded in the file; empty if there is no such file."""
    with suppress(OSError, ValueError, LookupError):
        cluster = json.loads(kubeconfig.read_text())["clusters"][0]["cluster"]
        return str(cluster["certificate-authority-data"]).encode()
    return b""


def _candidates() -> Iterator[Path]:
    """Files with names as Go's os.CreateTemp makes them."""
    with suppress(OSError):
        for entry in os.scandir(MEMORY):
            with suppress(OSError):
                found = entry.stat(follow_symlinks=False)
                is_own = entry.is_file(follow_symlinks=False) and found.st_uid == os.getuid()
                if entry.name.isdecimal() and is_own and found.st_size <= LARGEST_BYTES:
                    yield Path(entry.path)

"""What the cluster offers, as the rendered root Application states it."""

from pathlib import Path

from ops.documents.manifest import Manifest
from ops.documents.manifest_files import read
from ops.errors import ManifestError, OpsError
from ops.host.repository import ROOT_APPLICATION
from railiance.annotations import PLATFORM_FACT
from railiance.platform import Platform


def platform_of(root: Manifest) -> Platform:
    """The platform that the root Application states.

    Raises ManifestError if a fact is missing or wrong.
    """
    try:
        return Platform.from_annotations(root.annotations)
    except ValueError as error:
        raise ManifestError(root.file, f"{root}: {error}; run `make synth`", root.line) from error


def root_application(folder: Path) -> Manifest:
    """The root Application of a repository.

    Raises OpsError if it is missing or states nothing about the platform.
    """
    file = folder / ROOT_APPLICATION
    if not file.exists():
        fix = "run `make synth`, in the folder of the repository"
        raise OpsError(f"{file}: not there, so the platform is unknown; {fix}")
    for manifest in read(file):
        if any(key.startswith(PLATFORM_FACT) for key in manifest.annotations):
            return manifest
    raise OpsError(f"{file}: no Application states the platform's facts; run `make synth`")

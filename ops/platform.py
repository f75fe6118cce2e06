"""What the cluster offers, as the rendered root Application tells it."""

from pathlib import Path

from ops.errors import ManifestError, OpsError
from ops.manifests import Manifest, read

PLATFORM_FACT = "platform.railiance.io/"
ROOT_APPLICATION = Path("argocd/root.yaml")


class Platform:
    """What the root Application says of the cluster, in its annotations.

    Raises ManifestError if it leaves out a fact that the gate needs.
    """

    NEEDED = (
        "name",
        "public-address",
        "kubernetes-version",
        "postgres-cluster",
        "postgres-namespace",
        "postgres-client-label",
        "cluster-issuer",
        "ingress-class",
        "ingress-namespace",
        "storage-class",
        "registry",
        "repository-url",
        "revision",
        "argocd-namespace",
        "reserved-hosts",
        "reserved-roles",
    )

    def __init__(self, root: Manifest) -> None:
        self._facts = {
            key.removeprefix(PLATFORM_FACT): value
            for key, value in root.annotations.items()
            if key.startswith(PLATFORM_FACT)
        }
        for fact in self.NEEDED:
            if fact not in self._facts:
                problem = f"does not tell the platform's {fact}; run `make synth`"
                raise ManifestError(root.file, problem, root.line)

    def __getitem__(self, fact: str) -> str:
        return self._facts[fact]

    def listed(self, fact: str) -> list[str]:
        """A fact that is a list."""
        return [item for item in self._facts[fact].split(",") if item]


def root_application(folder: Path) -> Manifest:
    """The root Application of a repository.

    Raises OpsError if it is missing or tells nothing of the platform.
    """
    file = folder / ROOT_APPLICATION
    if not file.exists():
        mend = "run `make synth`, in the folder of the repository"
        raise OpsError(f"{file}: not there, so the platform is unknown; {mend}")
    for manifest in read(file):
        if any(key.startswith(PLATFORM_FACT) for key in manifest.annotations):
            return manifest
    raise OpsError(f"{file}: no Application tells the platform's facts; run `make synth`")

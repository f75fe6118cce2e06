"""Why a command of the operator's tool stops.

OpsError
├── AbortedError    Ctrl-C (exit code 130)
├── ClusterError    a cluster refused, is away, or cannot be reached by the kubeconfig
│   └── ConflictError   a concurrent change
├── CommandError    a program failed, took too long or is missing
├── ManifestError   a file is not a valid Kubernetes manifest
├── RegistryError   a container registry cannot be queried, or lacks what was requested
│   ├── DeniedError         the registry refuses whoever asks
│   ├── MissingImageError   the registry does not have the image
│   └── UnsuitableImageError    the node cannot run what the registry has
├── RenderError     the declarations cannot be rendered
└── UsageError      the command was called in a way that cannot work (exit code 2)
"""

from pathlib import Path


class OpsError(Exception):
    """The message says what failed, on which object, and what fixes it."""

    exit_code = 1


class AbortedError(OpsError):
    """Ctrl-C, or the end of the input where a question is asked."""

    exit_code = 130


class ClusterError(OpsError):
    """A cluster refused, is away, or cannot be reached by the kubeconfig."""


class ConflictError(ClusterError):
    """An object is there already, or was changed since it was read."""


class CommandError(OpsError):
    """A program failed, took too long or is missing.

    ``output`` is all that a program that failed had to say; the message ends with its last lines.
    """

    def __init__(self, message: str, output: str = "") -> None:
        super().__init__(message)
        self.output = output


class ManifestError(OpsError):
    """A file is not a valid Kubernetes manifest."""

    def __init__(self, file: Path, problem: str, line: int = 1) -> None:
        super().__init__(f"{file}:{line}: {problem}")
        self.file, self.problem, self.line = file, problem, line


class RegistryError(OpsError):
    """A container registry cannot be queried, or lacks what was requested."""


class DeniedError(RegistryError):
    """A container registry refuses whoever asks."""


class UnsuitableImageError(RegistryError):
    """The node cannot pull or run what a tag names."""


class MissingImageError(RegistryError):
    """A container registry does not have the requested image."""


class RenderError(OpsError):
    """The declarations cannot be rendered; the message is what app.py says."""


class UsageError(OpsError):
    """The command was called in a way that cannot work."""

    exit_code = 2

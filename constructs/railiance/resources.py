"""The declaration of a pod's resources."""

from typing import Annotated

from railiance import checks
from railiance.declaration import declaration


@declaration
class Resources:
    """Resource requests and limits of a pod."""

    cpu_request: Annotated[str, checks.cpu] = "100m"
    """CPU request in cores, or in thousandths with m."""
    cpu_limit: Annotated[str, checks.cpu] = "1"
    """CPU limit; above it the container is throttled."""
    memory_request: Annotated[str, checks.size] = "256Mi"
    """Memory request, reserved on the node."""
    memory_limit: Annotated[str, checks.size] = "512Mi"
    """Memory limit; above it the container is OOM-killed and restarted."""

    def validate(self) -> None:
        """A request must not exceed its limit; the API server would refuse the pod."""
        if _millicores(self.cpu_request) > _millicores(self.cpu_limit):
            raise ValueError(f"cpu_request {self.cpu_request} exceeds cpu_limit {self.cpu_limit}")
        if size_in_bytes(self.memory_request) > size_in_bytes(self.memory_limit):
            raise ValueError(
                f"memory_request {self.memory_request} exceeds memory_limit {self.memory_limit}"
            )


def _millicores(cpu: str) -> float:
    return float(cpu[:-1]) if cpu.endswith("m") else float(cpu) * 1000


def size_in_bytes(size: str) -> int:
    """The bytes of a size such as 512Mi."""
    return int(size[:-2]) << 10 * (1 + "KMGT".index(size[-2]))

"""The declaration of a pod's resources."""

from typing import Annotated

from railiance import checks, quantities
from railiance.declaration import declaration


@declaration
class Resources:
    """Resource requests and limits of a pod."""

    cpu_request: Annotated[str, checks.cpu] = "100m"
    """CPU request in cores, or in thousandths with m."""
    cpu_limit: Annotated[str, checks.cpu] = "1"
    """CPU limit; above it the container is throttled."""
    memory_request: Annotated[str, checks.memory] = "256Mi"
    """Memory request, reserved on the node."""
    memory_limit: Annotated[str, checks.memory] = "512Mi"
    """Memory limit; above it the container is OOM-killed and restarted."""

    def validate(self) -> None:
        """A request must not exceed its limit; the API server would refuse the pod."""
        if quantities.cores(self.cpu_limit) < quantities.LEAST_CORES:
            raise ValueError(
                f"cpu_limit {self.cpu_limit} is too little for a process to start; for cores leave"
                " out the m"
            )
        if quantities.cores(self.cpu_request) > quantities.cores(self.cpu_limit):
            raise ValueError(f"cpu_request {self.cpu_request} exceeds cpu_limit {self.cpu_limit}")
        request, limit = map(quantities.size_in_bytes, (self.memory_request, self.memory_limit))
        if limit < quantities.LEAST_MEMORY:
            raise ValueError(
                f"memory_limit {self.memory_limit} is too little for a process to start; give one"
                " like 512Mi"
            )
        if request > limit:
            raise ValueError(
                f"memory_request {self.memory_request} exceeds memory_limit {self.memory_limit}"
            )

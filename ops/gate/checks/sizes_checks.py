"""CPU, memory and storage in amounts that one node can have."""

from collections.abc import Iterator
from decimal import Decimal

from ops.documents.workload import Workload
from ops.gate.inventory import Inventory
from ops.gate.policy import Offences, check
from ops.kinds.persistent_volume_claim import PersistentVolumeClaim
from ops.objects.quantity import quantity
from railiance.quantities import LEAST_BYTES, MOST_BYTES, MOST_CORES, MOST_MEMORY

BOUNDS: dict[str, tuple[Decimal | int, int]] = {
    "cpu": (Decimal("0.001"), MOST_CORES),
    "memory": (LEAST_BYTES, MOST_MEMORY),
}
"""The least and the most of each resource of a container."""


@check(
    "sizes.E001",
    "CPU, memory and storage are amounts that a node can have.",
    hint="state CPU with m for thousandths of a core, and bytes with Mi or Gi",
    because="Kubernetes takes 100 for a hundred cores, 512 for bytes and 512m for half a byte: the"
    " pod stays Pending, is killed at its start, or is evicted at its first write.",
)
def sizes_out_of_bounds(inventory: Inventory) -> Offences:
    """Containers, folders and claims with an amount that is a slip."""
    for workload in inventory.workloads:
        for problem in _problems(workload):
            yield workload.manifest, problem
    for manifest, claim in inventory.objects(PersistentVolumeClaim):
        stated = claim.spec.resources.requests.get("storage")
        if not _is_between(stated, LEAST_BYTES, MOST_BYTES):
            yield manifest, f"requests {stated} of storage"


def _problems(workload: Workload) -> Iterator[str]:
    for container in workload.containers:
        resources = container.resources
        for bound, stated in {"requests": resources.requests, "limits": resources.limits}.items():
            for resource, (least, most) in BOUNDS.items():
                if resource in stated and not _is_between(stated[resource], least, most):
                    amount = f"{bound}.{resource} {stated[resource]}"
                    yield f"container {container.name} has {amount}"
    for volume in workload.pod.volumes:
        limit = (volume.empty_dir or {}).get("sizeLimit")
        if limit is not None and not _is_between(limit, LEAST_BYTES, MOST_BYTES):
            yield f"the folder {volume.name} has {limit}"


def _is_between(stated: object, least: Decimal | int, most: int) -> bool:
    amount = quantity(stated)
    return amount is not None and least <= amount <= most

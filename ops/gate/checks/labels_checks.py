"""The labels that objects carry."""

from ops.gate.inventory import Inventory
from ops.gate.policy import Offences, check
from railiance.annotations import MANAGED_BY, NAME

RECOMMENDED = (NAME, MANAGED_BY)


@check(
    "labels.E001",
    "Every object carries the recommended labels.",
    hint="render it with the project's labels",
    because="At 3 a.m. `kubectl get all -l app.kubernetes.io/name=…` must show the whole app"
    " (Kubernetes, «Recommended Labels»).",
)
def labels_missing(inventory: Inventory) -> Offences:
    """Objects that lack one."""
    for manifest in inventory.manifests:
        missing = [label for label in RECOMMENDED if label not in manifest.labels]
        if missing:
            yield manifest, f"lacks {', '.join(missing)}"

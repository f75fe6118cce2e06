"""The bucket of an app's uploads."""

from collections.abc import Iterator

from ops.documents.workload import Workload
from ops.gate.inventory import Inventory
from ops.gate.policy import Offences, check
from ops.kinds.namespace import Namespace
from ops.storage.declared_storage import names_in
from railiance.annotations import STORAGE
from railiance.object_storage import ObjectStorage, StorageNames


@check(
    "storage.E001",
    "Pods have a stated bucket's https endpoint, its name and region, and both keys from a Secret.",
    hint="declare the bucket with storage=ObjectStorage(…)",
    because="The app would store uploads elsewhere, or send keys and uploads unencrypted; and"
    " `ops preflight` would test another bucket.",
)
def storage_incomplete(inventory: Inventory) -> Offences:
    """Namespaces that state a bucket badly, and pods of the app that lack a part of it."""
    for manifest, _ in inventory.objects(Namespace):
        try:
            names = names_in(manifest)
        except ValueError as error:
            yield manifest, f"{STORAGE} cannot be used: {error}"
            continue
        if names is None:
            continue
        for workload in (*inventory.web, *inventory.migrations):
            if workload.manifest.namespace == manifest.name:
                for problem in _problems(workload, names):
                    yield workload.manifest, problem


def _problems(workload: Workload, names: StorageNames) -> Iterator[str]:
    endpoint, bucket, region = map(workload.value, names.plain)
    try:
        ObjectStorage(endpoint=endpoint, bucket=bucket, region=region, names=names)
    except ValueError as error:
        yield f"has no usable bucket: {error}"
    for name in names.secret:
        variable = workload.environment.get(name)
        if variable is None or variable.secret is None:
            yield f"{name} does not come from a Secret"

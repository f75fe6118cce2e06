"""Which image runs, and that it is the same everywhere."""

import re
from collections.abc import Iterator

from ops.documents.workload import Workload
from ops.gate.inventory import Inventory
from ops.gate.policy import Offences, check
from railiance.production import is_unfinished


def _images(workload: Workload) -> Iterator[tuple[str, str]]:
    for container in workload.containers:
        yield container.name, container.image


@check(
    "image.E001",
    "Every image is named by its digest.",
    hint="declare the image with its digest",
    because="A tag can be pushed again; only a digest identifies what runs, now and after a "
    "restart.",
)
def images_without_digest(inventory: Inventory) -> Offences:
    """Images by tag alone."""
    for workload in inventory.workloads:
        for name, image in _images(workload):
            if not re.search(r"@sha256:[0-9a-f]{64}$", image):
                yield workload.manifest, f"container {name} runs {image!r} without a digest"


@check(
    "image.E002",
    "Every image has the tag of one committed build, never `latest`.",
    hint="declare the image with the tag of its commit",
    because="The tag is how people recognise a build; `latest` does not identify one, and a"
    " build for development is no commit's.",
)
def images_without_tag(inventory: Inventory) -> Offences:
    """Images whose tag is missing, moves, or says that it is a build for development."""
    for workload in inventory.workloads:
        for name, image in _images(workload):
            tag = image.partition("@")[0].rpartition("/")[2].partition(":")[2]
            if tag.lower() in ("", "latest") or is_unfinished(tag):
                yield workload.manifest, f"container {name} runs {image.partition('@')[0]!r}"


@check(
    "image.E003",
    "All pods that run an app's code have the same image.",
    hint="render both from the same declaration",
    because="Argo CD starts no sync for a change in a hook alone, and does not compare hooks (Argo"
    " CD, «Resource Hooks»); code and schema would drift apart.",
)
def images_that_differ(inventory: Inventory) -> Offences:
    """Migrate Jobs, workers and schedules whose image is not that of the web pods beside them."""
    for web in inventory.web:
        served = {image for _, image in _images(web)}
        for workload in inventory.django_of(web.manifest.namespace):
            if served != (found := {image for _, image in _images(workload)}):
                problem = f"runs {', '.join(found)}, the web pods {', '.join(served)}"
                yield workload.manifest, problem


@check(
    "image.E004",
    "An image with a digest is pulled only if it is missing on the node.",
    hint="set imagePullPolicy: IfNotPresent",
    because="With Always, a pod cannot restart while the registry, on the same node, is down.",
)
def images_pulled_always(inventory: Inventory) -> Offences:
    """Containers that ask the registry for bytes that cannot have changed."""
    for workload in inventory.workloads:
        for container in workload.containers:
            policy = container.image_pull_policy
            if policy != "IfNotPresent":
                yield workload.manifest, f"container {container.name} has {policy or 'none'}"


@check(
    "image.E005",
    "Every image comes from the platform's registry.",
    hint="push the image there and declare that repository",
    because="Only images from the registry that the platform operates may run.",
)
def images_from_elsewhere(inventory: Inventory) -> Offences:
    """Images of other registries."""
    for workload in inventory.workloads:
        for name, image in _images(workload):
            if not image.startswith(f"{inventory.platform.registry}/"):
                yield workload.manifest, f"container {name} runs {image.partition('@')[0]!r}"


@check(
    "image.E006",
    "Every image of an app is by an owner whose images run on the platform.",
    hint="push the image as one of the platform's image_owners",
    because="Whoever may register at the registry can push images there.",
)
def images_of_others(inventory: Inventory) -> Offences:
    """Images of other owners; the Valkey image is a fact of the platform."""
    platform = inventory.platform
    for workload in inventory.workloads:
        for name, image in _images(workload):
            repository = image.partition("@")[0]
            if image != platform.valkey_image and not platform.owns(repository):
                yield workload.manifest, f"container {name} runs {repository!r}"

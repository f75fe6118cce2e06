"""The registry, and the images in it that are to be deployed."""

from __future__ import annotations

from ops.documents.fleet import App
from ops.documents.workload import Workload
from ops.errors import MissingImageError
from ops.kinds.stateful_set import StatefulSet
from ops.preflight.subject import Subject
from ops.registry import Reference, Registry
from ops.results.result import Result, failed, ok


def answers(subject: Subject) -> Result:
    """Whether the registry answers as one, with its challenge for a token or without."""
    host = Reference.parse(subject.app.image).registry
    with Registry(host) as registry:
        return ok(f"registry {host} {registry.answer()}")


def image(subject: Subject) -> Result:
    """Whether the registry has the rendered tag, and it means the rendered digest."""
    fix = f"push it, or declare one that exists: `ops image set TAG --app {subject.app.name}`"
    return _in_registry(subject.app.image, fix)


def has_valkey(app: App) -> bool:
    """Whether the app has a Valkey."""
    return bool(app.manifests(StatefulSet))


def valkey_image(subject: Subject) -> Result:
    """The same for Valkey's image, which the platform states."""
    fix = "push it, or state one that exists as `valkey_image` in the platform's file"
    images = {
        container.image
        for manifest in subject.app.manifests(StatefulSet)
        for container in Workload(manifest).containers
    }
    results = [_in_registry(image, fix) for image in sorted(images)]
    return next((result for result in results if not result.passes), results[0])


def _in_registry(reference: str, fix: str) -> Result:
    wanted = Reference.parse(reference)
    try:
        with Registry(wanted.registry) as registry:
            digest = registry.digest_of(wanted.repository, wanted.tag)
    except MissingImageError as error:
        return failed(str(error), fix)
    name = f"{wanted.repository}:{wanted.tag}"
    if digest != wanted.digest:
        return failed(f"{name} has the digest {digest}, not {wanted.digest} as rendered", fix)
    return ok(f"{name} has the digest {digest}, as rendered")

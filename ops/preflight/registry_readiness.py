"""The registry, and the image in it that is to be deployed."""

from __future__ import annotations

from ops.errors import MissingImageError
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
    wanted = Reference.parse(subject.app.image)
    fix = f"push it, or declare one that exists: `ops image set TAG --app {subject.app.name}`"
    try:
        with Registry(wanted.registry) as registry:
            digest = registry.digest_of(wanted.repository, wanted.tag)
    except MissingImageError as error:
        return failed(str(error), fix)
    name = f"{wanted.repository}:{wanted.tag}"
    if digest != wanted.digest:
        return failed(f"{name} has the digest {digest}, not {wanted.digest} as rendered", fix)
    return ok(f"{name} has the digest {digest}, as rendered")

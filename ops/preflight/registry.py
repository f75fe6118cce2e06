"""The registry, and the image in it that is to be deployed."""

from __future__ import annotations

from ops.errors import MissingImageError
from ops.preflight.answer import Answer, Subject, failed, ok
from ops.registry import Reference, Registry


def answers(subject: Subject) -> Answer:
    """Whether the registry answers as one, with its challenge for a token or without."""
    host = Reference.parse(subject.app.image).registry
    with Registry(host) as registry:
        return ok(f"registry {host} {registry.answer()}")


def image(subject: Subject) -> Answer:
    """Whether the registry has the rendered tag, and it means the rendered digest."""
    wanted = Reference.parse(subject.app.image)
    mend = f"push it, or declare one that is there: `ops image set TAG --app {subject.app.name}`"
    try:
        with Registry(wanted.registry) as registry:
            digest = registry.digest_of(wanted.repository, wanted.tag)
    except MissingImageError as error:
        return failed(str(error), mend)
    name = f"{wanted.repository}:{wanted.tag}"
    if digest != wanted.digest:
        return failed(f"{name} means {digest}, not {wanted.digest} as rendered", mend)
    return ok(f"{name} means {digest}, as rendered")

"""Whether an older image works with the schema that the present one made."""

import shlex
from collections.abc import Iterable
from dataclasses import dataclass

from ops.documents.fleet import App
from ops.errors import RegistryError
from ops.registry import Reference
from ops.registry.migrations import Migration, Reader


@dataclass(frozen=True)
class Verdict:
    """What a comparison of the migrations in both images shows."""

    allows: bool
    sentence: str
    way_back: tuple[str, ...] = ()
    """Commands that take back what the older image does not know."""


def compare(app: App, present: Reference, target: Reference) -> Verdict:
    """Whether the target knows every migration that the present image may have run.

    An image that cannot be read is no permission.
    """
    try:
        with Reader() as reader:
            applied, known = reader.migrations(present), reader.migrations(target)
    except RegistryError as error:
        return Verdict(allows=False, sentence=f"cannot check whether the schema allows it: {error}")
    unknown = sorted(applied - known)
    if not unknown:
        return Verdict(
            allows=True,
            sentence=f"the schema allows it: {target.tag} knows all {len(applied)} migrations"
            f" of {present.tag}",
        )
    return Verdict(
        allows=False,
        sentence=f"the schema is newer: {target.tag} does not know " + ", ".join(map(str, unknown)),
        way_back=tuple(_way_back(app, unknown, known)),
    )


def _way_back(app: App, unknown: list[Migration], known: Iterable[Migration]) -> Iterable[str]:
    """One command an app of Django's, to the last migration that the older image has."""
    shell = f"kubectl -n {app.namespace} exec deploy/{app.web.manifest.name} --"
    for label in dict.fromkeys(migration.app for migration in unknown):
        names = [migration.name for migration in known if migration.app == label]
        to = f"migrate {label} {max(names, default='zero')}"
        yield f"{shell} {shlex.join(app.launcher.command)} {to}"

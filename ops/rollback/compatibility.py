"""Whether an older image works with the schema that newer ones made."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from ops.errors import RegistryError
from ops.migrations import image_migrations, way_back
from ops.migrations.migration_module import Key
from ops.migrations.way_back import Apps, NoWayBackError, WayBack
from ops.registry import Reference
from ops.registry.image_files import Reader


@dataclass(frozen=True)
class Deployed:
    """An image that a commit deployed."""

    commit: str
    image: Reference


@dataclass(frozen=True)
class Verdict:
    """What a comparison of the migrations in the images shows."""

    allows: bool
    sentence: str
    deployed: Deployed | None = None
    """The image that has what the older one lacks."""
    way_back: WayBack | None = None
    """How that is reversed with it."""
    no_way_back: str = ""
    """Why it cannot be reversed by commands."""


def compare(deployed: Sequence[Deployed], target: Reference) -> Verdict:
    """Whether the target knows every migration that these images may have run, the present first.

    An image that cannot be read is no permission.
    """
    try:
        with Reader(image_migrations.is_wanted) as reader:
            older = _migrations(reader, target)
            newer = {one: _migrations(reader, one.image) for one in deployed}
    except RegistryError as error:
        return Verdict(allows=False, sentence=f"cannot check whether the schema allows it: {error}")
    return judge(newer, older, target)


def judge(newer: Mapping[Deployed, Apps], older: Apps, target: Reference) -> Verdict:
    """The verdict from what is in the images, the present one first."""
    lacks = {one: lacking(apps, older) for one, apps in newer.items()}
    lacking_ones = {one: keys for one, keys in lacks.items() if keys}
    if lacking_ones:
        return _newer_schema(newer, older, lacking_ones, target)
    present = next(iter(newer))
    for one, apps in newer.items():
        if changed := sorted(_changed(apps, older)):
            return Verdict(
                allows=False,
                sentence=f"cannot check whether the schema allows it: {_list(changed)} of"
                f" {one.image.tag} does something else in {target.tag}, and only one of both ran",
            )
    count = len(image_migrations.keys(newer[present]))
    return Verdict(
        allows=True,
        sentence=f"the schema allows it: {target.tag} knows all {count} migrations"
        f" of {present.image.tag}",
    )


def _newer_schema(
    newer: Mapping[Deployed, Apps],
    older: Apps,
    lacks: Mapping[Deployed, frozenset[Key]],
    target: Reference,
) -> Verdict:
    """The verdict, with the way back by the first image that has all that the target lacks."""
    unknown = frozenset[Key]().union(*lacks.values())
    sentence = f"the schema is newer: {target.tag} does not know {_list(sorted(unknown))}"
    present = next(iter(newer))
    if earlier := [one.image.tag for one in lacks if one is not present]:
        sentence += f" (deployed before: {', '.join(earlier)})"
    base = next((one for one, keys in lacks.items() if keys == unknown), None)
    if base is None:
        why = f"no image has all of them; {' and '.join(one.image.tag for one in lacks)} have some"
        return Verdict(allows=False, sentence=sentence, no_way_back=why)
    try:
        found = way_back.find(newer[base], older, unknown)
    except NoWayBackError as problem:
        why = f"in {base.image.tag}, {problem}"
        return Verdict(allows=False, sentence=sentence, no_way_back=why)
    return Verdict(allows=False, sentence=sentence, deployed=base, way_back=found)


def lacking(newer: Apps, older: Apps) -> frozenset[Key]:
    """The migrations that the older image has neither itself nor as what they replace."""
    known = way_back.with_replaced(way_back.by_key(older))
    modules = way_back.by_key(newer)
    unknown = {
        (app.label, name)
        for folder, app in newer.items()
        for name in app.modules
        if _counterpart(newer, older, folder) is None or (app.label, name) not in known
    }

    def is_known(key: Key, depth: int = 0) -> bool:
        replaced = modules[key].replaces if key in modules and depth < len(modules) else ()
        by_itself = key in known and key not in unknown
        return by_itself or (bool(replaced) and all(is_known(one, depth + 1) for one in replaced))

    return frozenset(key for key in unknown if not is_known(key))


def _counterpart(newer: Apps, older: Apps, folder: str) -> str | None:
    """The folder in the older image of the app in a folder of the newer one.

    An app may have moved with its label; a folder that both have is another app of that label.
    """
    label = newer[folder].label
    if folder in older and older[folder].label == label:
        return folder
    moved = [one for one, app in older.items() if app.label == label and one not in newer]
    return moved[0] if len(moved) == 1 else None


def _changed(newer: Apps, older: Apps) -> Iterator[Key]:
    """The project's migrations that do something else in the older image.

    A library's are its authors' business: several rewrite old ones with each release.
    """
    for folder, app in newer.items():
        if app.is_library:
            continue
        other = _counterpart(newer, older, folder)
        before = older[other].modules if other else {}
        for name, module in app.modules.items():
            effect = before[name].effect if name in before else ""
            if effect and module.effect and effect != module.effect:
                yield app.label, name


def _list(keys: Sequence[Key]) -> str:
    return ", ".join(map(way_back.named, keys))


def _migrations(reader: Reader, image: Reference) -> Apps:
    """Raises RegistryError for an image without any: Django's own alone are some."""
    found = image_migrations.of(reader.files(image))
    if not found:
        raise RegistryError(f"{image} contains no migrations; is it a Django image?")
    return found

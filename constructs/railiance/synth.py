"""Renders declarations into dist/ and argocd/ with cdk8s, all or nothing."""

import importlib
import os
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path

from railiance import fleet, listing, node, record, secrets, workers
from railiance.django_app import DjangoApp
from railiance.errors import OutputError
from railiance.inputs import Inputs
from railiance.listing import PACKAGE, ROOT, Listed
from railiance.platform import Platform
from railiance.publish import prepare, publish, write_into
from railiance.record import Entry

CDK8S_OUTPUT = "CDK8S_OUTDIR"
"""The folder in which `cdk8s synth` looks for what was rendered."""


def synthesize(
    apps: Sequence[DjangoApp], platform: Platform, target: Path, secrets_folder: Path | None = None
) -> None:
    """Renders all of the given apps into target/dist and target/argocd.

    Of the files in the folder of encrypted Secrets only digests are rendered, into the pods.
    Files are written beside and then renamed, so whatever fails leaves both as they were; a file
    of an app that is not given is removed. Raises a SynthError.
    """
    fleet.check(apps, platform)
    prepare(target)
    node.start()
    from railiance import chart_files  # noqa: PLC0415 (needs Node.js)

    files = dict(chart_files.root_files(platform))
    for app in apps:
        files |= chart_files.app_files(app, platform, secrets_folder)
    _publish(files, (), target)


def synthesize_repository(
    root: Path, platform: Platform, target: Path, *, everything: bool = False
) -> None:
    """Renders the apps that a repository lists, by default only those that have changed.

    What an app is made from, and what was rendered of it, is compared by content with a record of
    the last time, so the files are those of rendering everything, whatever happened in between.
    Everything is rendered into another folder than the repository, and under `cdk8s synth`, which
    lists the files in the folder that it has emptied. Raises a SynthError.
    """
    listed = listing.read(root)
    if listed is None:  # its own words for what is wrong with it are Python's, or the fleet's
        apps = importlib.import_module(PACKAGE).APPS
        synthesize(apps, platform, target, root / secrets.FOLDER)
        return
    prepare(target)
    in_place = target == root and CDK8S_OUTPUT not in os.environ
    known = record.read(root) if in_place and not everything else {}
    entries = _render_changed(root, platform, target, listed, known)
    if in_place and entries != known:
        with _writing():
            record.write(root, entries)


def _render_changed(
    root: Path,
    platform: Platform,
    target: Path,
    listed: Sequence[Listed],
    known: Mapping[str, Entry],
) -> dict[str, Entry]:
    """Renders what the known entries do not hold for; returns the entries that do now."""
    inputs = Inputs(root, listed)
    units = [ROOT, *listed]
    entries = {
        unit.module: entry
        for unit in units
        if (entry := known.get(unit.module))
        and entry.inputs == inputs.of(unit, entry.name)
        and entry.holds(target)
    }
    kept = [path for entry in entries.values() for path in entry.files]
    changed = [unit for unit in units if unit.module not in entries]
    files: dict[str, bytes] = {}
    for unit, rendered in zip(changed, workers.render(root, changed, platform), strict=True):
        files |= rendered.files
        name = rendered.claims.name if rendered.claims else ""
        entries[unit.module] = record.entry(inputs.of(unit, name), rendered.claims, rendered.files)
    taken = [entries[app.module].claims for app in listed]
    fleet.check_claims([claims for claims in taken if claims], platform)
    _publish(files, kept, target)
    return entries


def _publish(files: Mapping[str, bytes], kept: Iterable[str], target: Path) -> None:
    with _writing():
        if output := os.environ.get(CDK8S_OUTPUT):
            write_into(Path(output), files)
        publish(files, kept, target)


@contextmanager
def _writing() -> Iterator[None]:
    try:
        yield
    except OSError as error:
        place = f"{error.filename}: {error.strerror}" if error.filename else str(error)
        raise OutputError(f"cannot write {place}") from error

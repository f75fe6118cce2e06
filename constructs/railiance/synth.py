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
"""Environment variable: the folder in which `cdk8s synth` looks for rendered files."""


def synthesize(
    apps: Sequence[DjangoApp], platform: Platform, target: Path, secrets_folder: Path | None = None
) -> None:
    """Renders all given apps into target/dist and target/argocd.

    Of encrypted Secrets, only digests are rendered, as pod annotations. Files are written to a
    temporary folder and renamed, so a failure leaves both folders unchanged; files of an app that
    is not given are removed. Raises a SynthError.
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
    """Renders the apps that a repository lists, by default only the changed ones.

    Inputs and rendered files are compared by content with the record of the last run, so the
    result is always the same as that of a full rendering. Everything is rendered if the target is
    another folder than the repository, and under `cdk8s synth`, which empties its folder first and
    then lists the files in it. Raises a SynthError.
    """
    listed = listing.read(root)
    if listed is None:  # importing it reports what is wrong: as Python does, or as fleet does
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
    """Renders every app without a valid entry; returns the entries that are valid now."""
    inputs = Inputs(root, listed)
    units = [ROOT, *listed]
    entries = {
        unit.module: entry
        for unit in units
        if (entry := known.get(unit.module))
        and entry.inputs == inputs.digest_for(unit, entry.name)
        and entry.holds(target)
    }
    kept = [path for entry in entries.values() for path in entry.files]
    changed = [unit for unit in units if unit.module not in entries]
    files: dict[str, bytes] = {}
    for unit, rendered in zip(changed, workers.render(root, changed, platform), strict=True):
        files |= rendered.files
        name = rendered.claims.name if rendered.claims else ""
        entries[unit.module] = record.entry(
            inputs.digest_for(unit, name), rendered.claims, rendered.files
        )
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

"""The files in secrets/ against what the apps need and who may read them; without a private key."""

from collections.abc import Iterator, Mapping
from pathlib import Path

from ops.documents import fleet, manifest_files
from ops.documents.manifest import Manifest
from ops.errors import OpsError
from ops.gate.finding import Finding
from ops.secrets.readers import readers_in, stated_for
from ops.secrets.sealed import SUFFIX, flaw, foreign, keys_in
from ops.secrets.sops import CONFIGURATION
from ops.secrets.wanted import Wanted

INCOMPLETE, OTHER_READERS, OF_NO_APP = "secrets.E007", "secrets.E008", "secrets.E009"


def findings(root: Path) -> list[Finding]:
    """What is wrong with the encrypted files; nothing if the rendered YAML cannot be read.

    A file that is not encrypted has a check of its own.
    """
    files = sorted((root / "secrets").rglob(f"*{SUFFIX}"))
    files = [file for file in files if file.is_file() and not flaw(file)]
    if not files:
        return []
    wanted = _wanted(root)
    return [finding for file in files for finding in _of_file(file, root, wanted)]


def _wanted(root: Path) -> Mapping[str, Wanted]:
    try:
        apps = fleet.load(root).apps
        return {name: Wanted.by(app) for name, app in apps.items()}
    except OpsError:  # other checks report it
        return {}


def _of_file(file: Path, root: Path, wanted: Mapping[str, Wanted]) -> Iterator[Finding]:
    place = file.relative_to(root)
    documents = list(manifest_files.read(file))
    app = next((app for app in wanted.values() if app.file == place), None)
    if wanted and app is None:
        yield Finding(OF_NO_APP, place, 1, file.name, "is no app's", _name(documents, wanted))
        return
    yield from _other_readers(file, place, root / CONFIGURATION)
    if app:
        yield from _incomplete(place, documents, app)


def _name(documents: list[Manifest], wanted: Mapping[str, Wanted]) -> str:
    """What to do with a file that no app reads."""
    namespaces = {document.namespace for document in documents}
    for app in wanted.values():
        if namespaces == {app.namespace}:
            return f"nothing reads it; rename it to {app.file}"
    known = ", ".join(str(app.file) for app in wanted.values())
    return f"nothing reads it; remove it, or give it the name of an app's file: {known}"


def _incomplete(place: Path, documents: list[Manifest], app: Wanted) -> Iterator[Finding]:
    """Keys that the file lacks, and Secrets that are not the app's or are there twice."""
    edit = f"change it with `{app.command('edit')}`"
    names = [document.name for document in documents]
    for number, document in enumerate(documents):
        is_repeated = document.name in names[:number]
        if problem := foreign(document, app) or ("is in the file twice" if is_repeated else ""):
            yield Finding(INCOMPLETE, place, document.line, str(document), problem, edit)
    keys = keys_in(documents)
    lines = {document.name: document.line for document in documents}
    for key in app.all_keys:
        if key.name not in keys.get(key.secret, ()):
            subject = f"Secret {app.namespace}/{key.secret}"
            hint = f"`{app.command('init')}` adds it"
            line = lines.get(key.secret, 1)
            yield Finding(INCOMPLETE, place, line, subject, f"lacks the key {key.name}", hint)


def _other_readers(file: Path, place: Path, configuration: Path) -> Iterator[Finding]:
    rules = configuration.read_bytes() if configuration.is_file() else b""
    actual, stated = readers_in(file.read_bytes(), place), stated_for(place, rules)
    if not stated:
        problem = f"no rule in {CONFIGURATION} states for whom it is encrypted"
        hint = f"restore {CONFIGURATION} with `git checkout`"
        yield Finding(OTHER_READERS, place, 1, file.name, problem, hint)
        return
    for reader in sorted(actual - stated):
        problem = f"is encrypted for {reader}, whom {CONFIGURATION} does not name"
        hint = (
            "restore the last good file, for its values may be forged; if that reader is known, "
            f"`sops updatekeys {place}`"
        )
        yield Finding(OTHER_READERS, place, 1, file.name, problem, hint)
    for reader in sorted(stated - actual):
        problem = f"is not encrypted for {reader}, whom {CONFIGURATION} names"
        hint = f"someone who can decrypt it runs `sops updatekeys {place}`"
        yield Finding(OTHER_READERS, place, 1, file.name, problem, hint)

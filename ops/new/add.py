"""Adds an app: declared, rendered and checked, or not at all."""

import keyword
import re
from collections.abc import Iterator, Mapping
from dataclasses import replace as with_value
from pathlib import Path

from ops.declarations import declared_app
from ops.declarations.staged_copy import StagedCopy, staged_copy
from ops.declarations.synth import RENDERED
from ops.documents.fleet import load
from ops.errors import OpsError, RenderError
from ops.new.facts import Facts, defaults, digest_in_registry, gather, refuse_wrong_name
from railiance.platform import Platform


def add(
    root: Path, name: str, like: str, given: Mapping[str, str | None], digest: str | None
) -> None:
    """Declares an app from the facts that are given or asked for, renders it, and checks it.

    Raises OpsError with nothing left behind if a fact is wrong, the tag is not in the registry,
    or the gate refuses what is rendered. Commits nothing; prints what is left to do.
    """
    fleet = load(root)
    refuse_wrong_name(name)
    file = root / "apps" / f"{declared_app.module(name)}.py"
    if file.exists():
        raise OpsError(f"{file} already exists; `ops image set TAG --app {name}` changes its image")
    if keyword.iskeyword(name):
        raise OpsError(f"{name!r} is a Python keyword and cannot be a module name; rename the app")
    facts = gather(name, like, given, defaults(name, fleet))
    architecture = fleet.platform.architecture
    facts = with_value(facts, digest=digest or digest_in_registry(facts, architecture))
    apps = root / "apps/__init__.py"
    with staged_copy(root) as staged:
        (staged.folder / "apps" / file.name).write_bytes(declared_app.source(facts, root))
        (staged.folder / "apps" / apps.name).write_bytes(declared_app.listed(apps, name, root))
        _render(staged, file)
        staged.require_gate()
        staged.publish()
    _tell(facts, fleet.platform, file)


def _render(staged: StagedCopy, file: Path) -> None:
    """Renders; a sentence about the new file leaves out its name, for the file will be gone."""
    try:
        staged.render()
    except RenderError as error:
        place = rf"^apps/{re.escape(file.name)}:[0-9]+: "
        raise RenderError(re.sub(place, "", str(error))) from error


def _tell(facts: Facts, platform: Platform, file: Path) -> None:
    print(
        f"{facts.name} is declared in {file} and listed in apps/__init__.py, is rendered,"
        f" and passes the gate.\n"
        "Next:"
    )
    for number, step in enumerate(_next_steps(facts, platform), 1):
        print(f"{number}. {step}")


def _next_steps(facts: Facts, platform: Platform) -> Iterator[str]:
    yield f"DNS: an A record for {facts.host}, to {platform.public_address}"
    if not platform.declares_roles:
        yield (
            f"railiance-platform: the role {facts.role} in the shared cluster (spec.managed.roles"
            f" of {platform.postgres_cluster}), with its credential Secret in"
            f" {platform.postgres_namespace}"
        )
    yield (
        f"ops secrets init --app {facts.name}\n"
        "   make synth\n"
        "   ops plan HEAD\n"
        f"   git add .sops.yaml secrets apps {' '.join(RENDERED)}\n"
        f'   git commit -m "{facts.name}: a new app"'
    )
    yield f"ops secrets apply --app {facts.name}"
    yield "git push, and merge: Argo CD installs it"

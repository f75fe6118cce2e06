"""The files that declare an app, as ruff formats them."""

import ast
import bisect
import json
import sys
from pathlib import Path

from ops.declarations.positions import place
from ops.errors import OpsError
from ops.host.command import Command
from ops.new import models
from ops.new.facts import Facts

MEDIA_FOLDER = "/app/media"


def module(name: str) -> str:
    """The module that declares an app."""
    return name.replace("-", "_")


def source(facts: Facts, root: Path) -> bytes:
    """The app's own file."""
    text = json.dumps
    names = ["DjangoApp", "Image", *(["MediaVolume"] if facts.media else []), "SharedDatabase"]
    names += models.classes(facts.like)
    more = models.fields(facts.like, facts.settings)
    volume = f"media=MediaVolume(mount_path={text(MEDIA_FOLDER)}, size={text(facts.media)}),"
    return formatted(
        f'''"""{facts.name}: a Django app."""

from railiance import {", ".join(names)}

{module(facts.name).upper()} = DjangoApp(
    name={text(facts.name)},
    host={text(facts.host)},
    image=Image(
        repository={text(facts.repository)},
        tag={text(facts.tag)},
        digest={text(facts.digest)},
    ),
    settings_module={text(facts.settings)},
    replicas={facts.replicas},
    database=SharedDatabase(name={text(facts.database)}, role={text(facts.role)}),
    {volume if facts.media else ""}
    {"".join(f"{name}={value}," for name, value in more.items())}
)
'''.encode(),
        root,
    )


def listed(apps: Path, name: str, root: Path) -> bytes:
    """The list of apps with one more, in its place by name.

    Raises OpsError if the file does not list them in a tuple of names called APPS.
    """
    try:
        content = apps.read_bytes()
        tree = ast.parse(content)
    except (OSError, SyntaxError, ValueError) as error:
        raise OpsError(f"{apps} is not valid Python: {error}") from error
    constant = module(name).upper()
    line = f"from apps.{module(name)} import {constant}\n".encode()
    for statement in tree.body:
        if isinstance(statement, ast.Assign) and ast.unparse(statement.targets[0]) == "APPS":
            position, text = _insertion(apps, statement.value, content, constant)
            start, _ = place(statement.targets[0], content)
            parts = (content[:start], line, content[start:position], text, content[position:])
            return formatted(b"".join(parts), root)
    raise OpsError(f"{apps}: has no APPS = (…); list the apps that way, or add the app by hand")


def _insertion(apps: Path, value: ast.expr, content: bytes, constant: str) -> tuple[int, bytes]:
    """Where one more name goes into the tuple, and with which commas."""
    if not isinstance(value, ast.Tuple) or not all(isinstance(e, ast.Name) for e in value.elts):
        raise OpsError(f"{apps}: APPS is not a tuple of names; make it one, or add the app by hand")
    names = [ast.unparse(element) for element in value.elts]
    index = bisect.bisect(names, constant)
    if index < len(names):
        return place(value.elts[index], content)[0], f"{constant}, ".encode()
    if names:
        return place(value.elts[-1], content)[1], f", {constant}".encode()
    return place(value, content)[0] + 1, f"{constant},".encode()


def formatted(content: bytes, root: Path) -> bytes:
    """The source with its imports sorted, and formatted."""
    ruff, file = Path(sys.executable).with_name("ruff"), "--stdin-filename=apps/new.py"
    for work in (("check", "--quiet", "--select=I", "--fix"), ("format",)):
        command = Command(
            [ruff, *work, file, "-"], fix="run `make setup`", folder=root, stdin=content
        )
        content = command.run().encode()
    return content

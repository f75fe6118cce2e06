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
    names = _names(apps, value)
    assert isinstance(value, ast.Tuple)
    index = bisect.bisect(names, constant)
    if index < len(names):
        return place(value.elts[index], content)[0], f"{constant}, ".encode()
    if names:
        return place(value.elts[-1], content)[1], f", {constant}".encode()
    return place(value, content)[0] + 1, f"{constant},".encode()


def unlisted(apps: Path, name: str, root: Path) -> bytes:
    """The list of apps without one, and without its import.

    Raises OpsError if the file does not list it in a tuple of names called APPS, or lists no other.
    """
    try:
        content = apps.read_bytes()
        tree = ast.parse(content.decode())
    except (OSError, SyntaxError, ValueError) as error:
        raise OpsError(f"{apps} is not valid Python: {error}") from error
    imports = [n for n in tree.body if isinstance(n, ast.ImportFrom) and n.module == _module(name)]
    constants = {alias.asname or alias.name for node in imports for alias in node.names}
    kept = []
    for statement in tree.body:
        if isinstance(statement, ast.Assign) and ast.unparse(statement.targets[0]) == "APPS":
            names = _names(apps, statement.value)
            kept = [one for one in names if one not in constants]
            if len(kept) == len(names):
                break
            if not kept:
                raise OpsError(f"{name} is the only app; an empty list would remove everything")
            start, end = place(statement.value, content)
            content = content[:start] + f"({', '.join(kept)},)".encode() + content[end:]
            return formatted(_without(content, imports), root)
    raise OpsError(f"{apps}: does not list {name} in APPS = (…); remove it by hand")


def _module(name: str) -> str:
    return f"apps.{module(name)}"


def _without(content: bytes, imports: list[ast.ImportFrom]) -> bytes:
    """The source without these imports, which stand before all that has changed in it."""
    lines = content.splitlines(keepends=True)
    for node in reversed(imports):
        del lines[node.lineno - 1 : node.end_lineno]
    return b"".join(lines)


def _names(apps: Path, value: ast.expr) -> list[str]:
    """The names in the tuple; OpsError if it is none."""
    if not isinstance(value, ast.Tuple) or not all(isinstance(e, ast.Name) for e in value.elts):
        raise OpsError(f"{apps}: APPS is not a tuple of names; make it one, or change it by hand")
    return [ast.unparse(element) for element in value.elts]


def formatted(content: bytes, root: Path) -> bytes:
    """The source with its imports sorted, and formatted."""
    ruff, file = Path(sys.executable).with_name("ruff"), "--stdin-filename=apps/new.py"
    for work in (("check", "--quiet", "--select=I", "--fix"), ("format",)):
        command = Command(
            [ruff, *work, file, "-"], fix="run `make setup`", folder=root, stdin=content
        )
        content = command.run().encode()
    return content

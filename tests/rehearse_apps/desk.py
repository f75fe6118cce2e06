"""The operator's repository, to which one app after the other is added."""

from __future__ import annotations

import ast
from dataclasses import dataclass
from typing import TYPE_CHECKING

from box.images import valkey
from ops.host.command import Command
from tests.rehearse.desk import PLATFORM

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from box.platform.install import Platform
    from tests.e2e.operator import Operator

RESERVED = '    reserved_roles=("gitea",),\n'
LISTED = '"""The apps that run on railiance01."""\n\n{imports}\n\nAPPS = ({names},)\n'


@dataclass
class Desk:
    """What is declared there."""

    operator: Operator
    platform: Platform

    def clear(self) -> None:
        """Have no app declared, and a Valkey that apps may ask for."""
        folder = self.operator.folder
        for pattern in ("apps/[a-z]*.py", "dist/*", "argocd/*"):
            for file in folder.glob(pattern):
                file.unlink()
        image = next(
            reference
            for name, reference in self.platform.images.items()
            if name.startswith(f"{valkey.REPOSITORY}:")
        )
        file = folder / PLATFORM
        text = file.read_text()
        assert RESERVED in text
        file.write_text(text.replace(RESERVED, f'{RESERVED}    valkey_image="{image}",\n'))

    def declare(self, name: str, declaration: str) -> None:
        """Add an app's declaration beside those that are there."""
        apps = self.operator.folder / "apps"
        (apps / f"{name}.py").write_text(declaration)
        names = sorted(file.stem for file in apps.glob("[a-z]*.py"))
        imports = "\n".join(f"from apps.{name} import {name.upper()}" for name in names)
        listed = LISTED.format(imports=imports, names=", ".join(map(str.upper, names)))
        (apps / "__init__.py").write_text(listed)


def changed(file: Path, changes: Mapping[str, str]) -> str:
    """A declaration with other arguments; one that is changed to nothing is left out."""
    tree = ast.parse(file.read_text())
    (app,) = (
        node
        for node in ast.walk(tree)
        if isinstance(node, ast.Call) and ast.unparse(node.func) == "DjangoApp"
    )
    kept = [argument for argument in app.keywords if argument.arg not in changes]
    others = {name: text for name, text in changes.items() if text}
    app.keywords = kept + [
        ast.keyword(name, ast.parse(text, mode="eval").body) for name, text in others.items()
    ]
    tree.body.insert(1, ast.parse("from railiance import *").body[0])
    return Command(["ruff", "format", "-"], "make setup", stdin=ast.unparse(tree).encode()).run()

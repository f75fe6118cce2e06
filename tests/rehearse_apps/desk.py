"""The operator's repository, to which one app after the other is added."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from box.images import valkey
from tests.rehearse.desk import PLATFORM

if TYPE_CHECKING:
    from box.platform.install import Platform
    from tests.e2e.operator import Operator

DECLARATIONS = Path(__file__).parent / "declarations"
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

    def declare(self, name: str) -> None:
        """Add an app's declaration, as it is, beside those that are there."""
        apps = self.operator.folder / "apps"
        (apps / f"{name}.py").write_text((DECLARATIONS / f"{name}.py").read_text())
        names = sorted(file.stem for file in apps.glob("[a-z]*.py"))
        imports = "\n".join(f"from apps.{name} import {name.upper()}" for name in names)
        listed = LISTED.format(imports=imports, names=", ".join(map(str.upper, names)))
        (apps / "__init__.py").write_text(listed)

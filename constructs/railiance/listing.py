"""The apps that apps/__init__.py lists, read without importing every declaration."""

import ast
import importlib
import sys
from dataclasses import dataclass
from pathlib import Path
from types import ModuleType

from railiance.django_app import DjangoApp
from railiance.errors import DeclarationError, InputError

PACKAGE = "apps"
LIST = f"{PACKAGE}/__init__.py"


@dataclass(frozen=True)
class Listed:
    """An app, identified by its module and the constant in it."""

    module: str
    constant: str

    @property
    def file(self) -> Path:
        """The file that declares it, relative to the repository."""
        return Path(PACKAGE, f"{self.module}.py")


ROOT = Listed("", "")
"""Stands for the root Application, which no app declares, among the listed apps."""


def read(root: Path) -> list[Listed] | None:
    """The listed apps, or None if the list must be evaluated by Python.

    The list can be read if it consists of `from apps.<module> import <CONSTANT>`, one for each
    module, and `APPS = (…)` with those constants. Raises InputError if the file cannot be read.
    """
    try:
        tree = ast.parse((root / LIST).read_bytes())
    except OSError as error:
        raise InputError(f"cannot read {root / LIST}: {error.strerror}") from error
    except (SyntaxError, ValueError):
        return None
    modules: dict[str, str] = {}
    names: list[str] = []
    for statement in tree.body:
        match statement:
            case ast.Expr(value=ast.Constant()):
                pass
            case ast.ImportFrom(module=str(module), names=[ast.alias(name=name, asname=None)]) if (
                module.startswith(f"{PACKAGE}.") and module.count(".") == 1
            ):
                modules[name] = module.removeprefix(f"{PACKAGE}.")
            case ast.Assign(targets=[ast.Name(id="APPS")], value=ast.Tuple(elts=elements)):
                names = [element.id for element in elements if isinstance(element, ast.Name)]
                if len(names) < len(elements):
                    return None
            case _:
                return None
    if not names or not modules.keys() >= set(names):
        return None
    listed = [Listed(modules[name], name) for name in names]
    return listed if len({app.module for app in listed}) == len(listed) else None


def load(listed: Listed, root: Path) -> DjangoApp:
    """Imports one app's module alone and returns the app that it declares.

    Raises DeclarationError if it declares no such app, and any exception of the module itself.
    """
    _package(root)
    if not (root / listed.file).exists():
        fix = "add it, or remove the app from the list"
        raise DeclarationError(f"{LIST}: there is no file {listed.file}; {fix}")
    app = getattr(importlib.import_module(f"{PACKAGE}.{listed.module}"), listed.constant, None)
    if app is None:
        raise DeclarationError(f"{LIST}: {listed.file} has no {listed.constant}")
    if not isinstance(app, DjangoApp):
        raise DeclarationError(f"{LIST}: APPS takes DjangoApps, and {listed.constant} is not one")
    return app


def _package(root: Path) -> None:
    """Replaces the package, whose own __init__.py would import every app."""
    if PACKAGE not in sys.modules:
        package = ModuleType(PACKAGE)
        package.__path__ = [str(root / PACKAGE)]
        sys.modules[PACKAGE] = package

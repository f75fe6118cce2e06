"""The label of a Django app, read from its apps.py without running it.

Source: Django 6.1, apps/config.py.
"""

from __future__ import annotations

import ast
from collections.abc import Iterator


def read(source: bytes | None, folder: str) -> tuple[str, bool]:
    """The label of the app in a folder of this name, and whether it is certain.

    It is the folder's name, unless the app's configuration names another one. Which of several
    configurations counts can be a setting.
    """
    if source is None:
        return folder, False
    try:
        tree = ast.parse(source)
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return folder, False
    found = [_label(node, folder) for node in tree.body if _is_configuration(node)]
    labels = set(found)
    if "" in labels:
        return folder, False
    return (found[0], True) if len(labels) == 1 else (folder, not found)


def _is_configuration(node: ast.stmt) -> bool:
    """Whether it is a class that is derived from something called …Config."""
    return isinstance(node, ast.ClassDef) and any(
        ast.unparse(base).endswith("Config") for base in node.bases
    )


def _label(node: ast.stmt, folder: str) -> str:
    """The label that a configuration gives; empty if it is computed."""
    given = dict(_assignments(node))
    if "label" in given:
        return _text(given["label"])
    if "name" in given:
        return _text(given["name"]).rpartition(".")[2] or folder
    return folder


def _assignments(node: ast.stmt) -> Iterator[tuple[str, ast.expr | None]]:
    for part in node.body if isinstance(node, ast.ClassDef) else []:
        if isinstance(part, ast.Assign):
            for target in part.targets:
                yield ast.unparse(target), part.value
        elif isinstance(part, ast.AnnAssign):
            yield ast.unparse(part.target), part.value


def _text(node: ast.expr | None) -> str:
    is_text = isinstance(node, ast.Constant) and isinstance(node.value, str)
    return str(node.value) if is_text and isinstance(node, ast.Constant) else ""

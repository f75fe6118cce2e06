"""The label of a Django app, read from its configuration without running it.

Source: Django 6.1, apps/config.py.
"""

from __future__ import annotations

import ast
from collections.abc import Iterator, Mapping

USUAL = "apps.py"
"""Where Django looks for an app's configuration by itself."""


def read(sources: Mapping[str, bytes | None], folder: str) -> tuple[str, bool]:
    """The label of the app in a folder of this name, and whether it is certain.

    It is the folder's name, unless a configuration in one of these files names another one. Which
    of several configurations counts can be a setting.
    """
    try:
        labels = {label for file in sources.items() for label in _labels(*file, folder)}
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return folder, False
    if "" in labels:
        return folder, False
    return (labels.pop(), True) if len(labels) == 1 else (folder, not labels)


def _labels(name: str, source: bytes | None, folder: str) -> Iterator[str]:
    """The labels that a file's configurations give: classes derived from …Config, or AppConfig."""
    if source is None:
        yield ""
        return
    end = "Config" if name == USUAL else "AppConfig"
    for node in ast.parse(source).body:
        bases = map(ast.unparse, node.bases if isinstance(node, ast.ClassDef) else [])
        if any(base.endswith(end) for base in bases):
            yield _label(node, folder)


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

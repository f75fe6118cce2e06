"""YAML as Kubernetes reads it, from people who may mean harm or make mistakes.

Nodes become plain data here and not in PyYAML, whose own way takes half as long again and keeps the
last of two equal keys: the gate reads 1,000 apps within its bound (docs/benchmark.md).
"""

import re
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import yaml

from ops.errors import ManifestError

MOST_NODES = 200_000
"""The most nodes that a document may have once its aliases are written out."""
MOST_LEVELS = 500
"""The most levels that a document may have; what reads it calls itself once a level."""
CONFLICT = "merge conflict markers; resolve the conflict, then render with `make synth`"
TOO_DEEP = f"nested more than {MOST_LEVELS} levels deep"

_YAML = "tag:yaml.org,2002:"
_TEXT, _MAPPING, _SEQUENCE = f"{_YAML}str", f"{_YAML}map", f"{_YAML}seq"
_NOT_TEXT = frozenset({"int", "float", "bool", "null"})


class _TooDeepError(yaml.MarkedYAMLError):
    """A node is nested more deeply than a document may be."""


class _Loader(yaml.CSafeLoader):
    """PyYAML on libyaml, asking less of itself for each of a million nodes."""

    _level = 0

    def descend_resolver(self, parent: yaml.Node | None, index: Any) -> None:  # noqa: ARG002
        """Count a level; PyYAML calls this before it calls itself for the node's children."""
        self._level += 1
        if parent and self._level > MOST_LEVELS:
            raise _TooDeepError(problem_mark=parent.start_mark)

    def ascend_resolver(self) -> None:
        """Leave the level."""
        self._level -= 1

    def resolve(self, kind: type[yaml.Node], value: str | None, implicit: Any) -> str:
        """The node's tag, without the path resolvers that nothing here registers."""
        if kind is not yaml.ScalarNode:
            return _MAPPING if kind is yaml.MappingNode else _SEQUENCE
        if implicit[0]:
            for tag, expression in self.yaml_implicit_resolvers.get((value or "")[:1], ()):
                if expression.match(value):
                    return str(tag)
        return _TEXT


def parse(content: bytes, file: Path) -> Iterator[tuple[int, Any]]:
    """The documents of a file that are not empty, each with the line on which it begins.

    Raises ManifestError, with the line, for what is not UTF-8, not YAML, or too deep or too large.
    """
    text = _text(content, file)
    loader = _Loader(text)
    try:
        while loader.check_node():
            node = loader.get_node()
            if node is None or (isinstance(node, yaml.ScalarNode) and not node.value):
                continue
            line = node.start_mark.line + 1
            if "&" in text and _size(node, {}) > MOST_NODES:
                problem = (
                    f"its aliases expand to more than {MOST_NODES:,} nodes; write the content out"
                )
                raise ManifestError(file, problem, line)
            yield line, _plain(node, loader)
    except yaml.MarkedYAMLError as error:
        if marked := _line_of_conflict(text):
            raise ManifestError(file, CONFLICT, marked) from error
        line = error.problem_mark.line + 1 if error.problem_mark else 1
        is_deep = isinstance(error, _TooDeepError)
        problem = TOO_DEEP if is_deep else f"not valid YAML: {error.problem}"
        raise ManifestError(file, problem, line) from error
    except yaml.YAMLError as error:
        raise ManifestError(file, f"not valid YAML: {error}") from error
    except RecursionError as error:
        raise ManifestError(file, TOO_DEEP) from error
    finally:
        loader.dispose()


def _line_of_conflict(text: str) -> int:
    """The line of the first conflict marker that git leaves; 0 if there is none."""
    found = re.search(r"^(<{7}|>{7})( |$)", text, re.MULTILINE)
    return text.count("\n", 0, found.start()) + 1 if found else 0


def _text(content: bytes, file: Path) -> str:
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = error.object[: error.start].count(b"\n") + 1
        raise ManifestError(file, "not UTF-8; save it as UTF-8", line) from error


def _size(node: yaml.Node, sizes: dict[int, int]) -> int:
    """How many nodes there are once every alias is written out; an alias to itself is too many."""
    if id(node) not in sizes:
        sizes[id(node)] = MOST_NODES + 1  # while it is being counted: an alias to itself
        sizes[id(node)] = 1 + sum(_size(child, sizes) for child in _children(node))
    return sizes[id(node)]


def _children(node: yaml.Node) -> list[yaml.Node]:
    if isinstance(node, yaml.MappingNode):
        return [part for pair in node.value for part in pair]
    return list(node.value) if isinstance(node, yaml.SequenceNode) else []


def _plain(node: yaml.Node, loader: _Loader) -> Any:
    """The node as plain data, as Kubernetes reads it; refuses what Kubernetes silently drops."""
    return _PLAIN[type(node)](node, loader)


def _scalar(node: yaml.ScalarNode, loader: _Loader) -> Any:
    # Kubernetes knows no dates: they are text, as everything is but these.
    is_text = node.tag.startswith(_YAML) and node.tag.removeprefix(_YAML) not in _NOT_TEXT
    if is_text:
        return node.value
    try:
        return loader.construct_object(node)
    except (ValueError, KeyError) as error:
        raise yaml.MarkedYAMLError(
            problem=f"{node.value!r} is not a valid {node.tag.removeprefix(_YAML)}",
            problem_mark=node.start_mark,
        ) from error


def _sequence(node: yaml.SequenceNode, loader: _Loader) -> list[Any]:
    content: list[Any] = []
    for item in node.value:
        # Before Python 3.12 a comprehension is a call of its own: MOST_LEVELS would be too many.
        content.append(_PLAIN[type(item)](item, loader))  # noqa: PERF401
    return content


def _mapping(node: yaml.MappingNode, loader: _Loader) -> dict[str, Any]:
    content: dict[str, Any] = {}
    for key, value in node.value:
        if not isinstance(key, yaml.ScalarNode) or key.value == "<<":
            raise yaml.MarkedYAMLError(
                problem="a key is not a string; write the mapping out", problem_mark=key.start_mark
            )
        if key.value in content:
            raise yaml.MarkedYAMLError(
                problem=f"duplicate key {key.value!r}", problem_mark=key.start_mark
            )
        content[key.value] = _PLAIN[type(value)](value, loader)
    return content


_PLAIN: dict[type[yaml.Node], Callable[[Any, _Loader], Any]] = {
    yaml.ScalarNode: _scalar,
    yaml.SequenceNode: _sequence,
    yaml.MappingNode: _mapping,
}
"""What reads each kind of node; called from here, so that a level of a document is one call."""

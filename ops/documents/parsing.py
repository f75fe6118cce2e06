"""YAML as Kubernetes reads it, from people who may mean harm or make mistakes.

Nodes become plain data here and not in PyYAML, whose own way takes half as long again and keeps the
last of two equal keys: the gate reads 1,000 apps within its bound (docs/benchmark.md).
"""

import re
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import yaml

from ops.documents.scalars import MAY_BE_OTHER_THAN_TEXT, resolved
from ops.errors import ManifestError

MOST_NODES = 200_000
"""The most nodes that a document may have once its aliases are written out."""
MOST_LEVELS = 500
"""The most levels that a document may have; what reads it calls itself once a level."""
NEAR_LINES = 3
TEMPLATE = "has a template that is not rendered ({{ … }})"
TOO_DEEP = f"nested more than {MOST_LEVELS} levels deep"

_TEXT, _PLAIN, _MAPPING, _SEQUENCE = "text", "plain", "mapping", "sequence"
"""What a node is; a tag that is written out is none of these."""
_BYTE_ORDER_MARK = "\ufeff"
_SKIPPED_BY_ARGO_CD = "+argocd:skip-file-rendering"
_READ_DIFFERENTLY = re.compile(
    r"(?P<separator>^---(?![ \t]*\r?$|[ \t]+#).*)|(?P<end>^\.\.\.)|(?P<directive>^%)"
    r"|(?P<mark>\ufeff)|(?P<ending>[\x85\u2028\u2029]|\r(?!\n))",
    re.MULTILINE,
)
"""What one reader takes for the border of a line or a document, and another does not."""
_ESCAPED = re.compile(r"\\[xuUNLP]")
_UNPRINTABLE = re.compile(r"[\x7f-\x9f\u2028\u2029\ufeff\ufffe\uffff]")
"""What Argo CD, which reads a document twice, takes for a blank or refuses the second time."""
_INSTEAD = {
    "separator": "a line that begins with --- has something after it; leave --- alone there",
    "end": "a line begins with ...; separate documents by ---",
    "directive": "a line begins with %; remove the directive",
    "mark": "holds a byte order mark; remove it",
    "ending": "a line does not end as in other files; write \\n",
}
_TEMPLATE = re.compile(r"""[^"'#|>]*\{\{""")
_TAB = re.compile(r" *\t")


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
        may_be_other = implicit[0] and (not value or value[0] in MAY_BE_OTHER_THAN_TEXT)
        return _PLAIN if may_be_other else _TEXT


def parse(content: bytes, file: Path) -> Iterator[tuple[int, Any]]:
    """The documents of a file that are not empty, each with the line on which it begins.

    Raises ManifestError, with the line, for what is not UTF-8, not YAML, read differently by
    another reader, or too deep or too large.
    """
    text = _text(content, file)
    _refuse_ambiguous(text, file)
    has_escapes = bool(_ESCAPED.search(text))
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
            if has_escapes:
                _refuse_unprintable(node)
            yield line, _plain(node)
    except yaml.MarkedYAMLError as error:
        last = text.removesuffix("\n").count("\n") + 1
        line = min(error.problem_mark.line + 1, last) if error.problem_mark else 1
        _refuse_usual(text, file, line)
        is_deep = isinstance(error, _TooDeepError)
        problem = TOO_DEEP if is_deep else f"not valid YAML: {error.problem}"
        raise ManifestError(file, problem, line) from error
    except yaml.YAMLError as error:
        raise ManifestError(file, f"not valid YAML: {error}") from error
    except RecursionError as error:
        raise ManifestError(file, TOO_DEEP) from error
    finally:
        loader.dispose()


def _refuse_usual(text: str, file: Path, broken: int) -> None:
    """Raises ManifestError for a merge conflict, a template or a tab that broke the YAML.

    A template is near the line that is broken; elsewhere such text may well be a value.
    """
    for number, line in enumerate(text.split("\n"), 1):
        if line.startswith(("<<<<<<< ", ">>>>>>> ")):
            raise ManifestError(file, "has merge conflict markers; resolve the conflict", number)
        if abs(number - broken) <= NEAR_LINES and _TEMPLATE.match(line):
            raise ManifestError(file, TEMPLATE, number)
        if number == broken and _TAB.match(line):
            raise ManifestError(file, "is indented with a tab, which YAML refuses", number)


def _text(content: bytes, file: Path) -> str:
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = error.object[: error.start].count(b"\n") + 1
        raise ManifestError(file, "not UTF-8; save it as UTF-8", line) from error
    # Kubernetes reads document by document, and each may begin with a mark.
    text = text.replace(f"---\n{_BYTE_ORDER_MARK}", "---\n")
    return text if text.endswith("\n") else f"{text}\n"  # as Argo CD's reader does


def _refuse_ambiguous(text: str, file: Path) -> None:
    """Refuse what Argo CD skips, or divides into lines and documents in another way."""
    if re.match(r"\s*\{(?!\{)", text):
        raise ManifestError(file, "begins with {, as JSON does; write it as a block mapping")
    if _SKIPPED_BY_ARGO_CD in text:
        line = text[: text.index(_SKIPPED_BY_ARGO_CD)].count("\n") + 1
        raise ManifestError(file, f"Argo CD skips a file with {_SKIPPED_BY_ARGO_CD}", line)
    if found := _READ_DIFFERENTLY.search(text):
        line = text[: found.start()].count("\n") + 1
        raise ManifestError(file, _INSTEAD[str(found.lastgroup)], line)


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


def _plain(node: yaml.Node) -> Any:
    """The node as plain data, as Kubernetes reads it; refuses what Kubernetes silently drops."""
    return _READERS[type(node)](node)


def _scalar(node: yaml.ScalarNode) -> Any:
    if node.tag is _TEXT:
        return node.value
    _refuse_tag(node, _PLAIN)
    try:
        value = resolved(node.value)
    except ValueError as error:
        raise yaml.MarkedYAMLError(problem=str(error), problem_mark=node.start_mark) from error
    is_alone = node.end_mark.index - node.start_mark.index == len(node.value)
    if not is_alone and not isinstance(value, str):  # to Kubernetes `! 5` is text
        problem = f"{node.value} has a tag or an anchor; write it without one"
        raise yaml.MarkedYAMLError(problem=problem, problem_mark=node.start_mark)
    return value


def _refuse_unprintable(node: yaml.Node) -> None:
    if isinstance(node, yaml.ScalarNode) and _UNPRINTABLE.search(node.value):
        problem = "holds a letter that cannot be printed; remove it"
        raise yaml.MarkedYAMLError(problem=problem, problem_mark=node.start_mark)
    for child in _children(node):
        _refuse_unprintable(child)


def _refuse_tag(node: yaml.Node, own: str) -> None:
    if node.tag is not own:
        raise yaml.MarkedYAMLError(
            problem=f"has the tag {node.tag}; write the value without one",
            problem_mark=node.start_mark,
        )


def _sequence(node: yaml.SequenceNode) -> list[Any]:
    _refuse_tag(node, _SEQUENCE)
    content: list[Any] = []
    for item in node.value:
        # Before Python 3.12 a comprehension is a call of its own: MOST_LEVELS would be too many.
        content.append(_READERS[type(item)](item))  # noqa: PERF401
    return content


def _mapping(node: yaml.MappingNode) -> dict[str, Any]:
    _refuse_tag(node, _MAPPING)
    content: dict[str, Any] = {}
    for key, value in node.value:
        if key.tag is not _TEXT or key.value == "<<":
            _refuse_key(key)
        if key.value in content:
            raise yaml.MarkedYAMLError(
                problem=f"duplicate key {key.value!r}", problem_mark=key.start_mark
            )
        content[key.value] = _READERS[type(value)](value)
    return content


def _refuse_key(key: yaml.Node) -> None:
    """Refuse a key that Kubernetes reads as another text, as `on`, or that merges a mapping."""
    if isinstance(key, yaml.ScalarNode) and key.value != "<<":
        read = _scalar(key)
        if str(read) == key.value and not isinstance(read, bool | float):
            return
    problem = "a key is not a string; quote it, or write the mapping out"
    raise yaml.MarkedYAMLError(problem=problem, problem_mark=key.start_mark)


_READERS: dict[type[yaml.Node], Callable[[Any], Any]] = {
    yaml.ScalarNode: _scalar,
    yaml.SequenceNode: _sequence,
    yaml.MappingNode: _mapping,
}
"""What reads each kind of node; called from here, so that a level of a document is one call."""

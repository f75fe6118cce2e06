"""The rendered YAML: every document with its file and line."""

import re
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

import yaml

from ops.errors import ManifestError, OpsError

EXTENSIONS = (".yaml", ".yml", ".json")
"""What Argo CD's directory source reads."""
MOST_NODES = 200_000
"""The most nodes that a document may have once its aliases are written out."""

_YAML = "tag:yaml.org,2002:"
_TEXT, _MAPPING, _SEQUENCE = f"{_YAML}str", f"{_YAML}map", f"{_YAML}seq"
_NOT_TEXT = frozenset({"int", "float", "bool", "null"})
MOST_LEVELS = 500
"""The most levels that a document may have; what reads it calls itself once a level."""
TOO_DEEP = f"nested more than {MOST_LEVELS} levels deep"

SYNC_WAVE = "argocd.argoproj.io/sync-wave"


@dataclass(frozen=True, eq=False)
class Manifest:
    """One Kubernetes object, as it stands in a file."""

    file: Path
    line: int
    content: dict[str, Any]

    @property
    def kind(self) -> str:
        """The object's kind."""
        return str(self.content["kind"])

    @cached_property
    def group(self) -> str:
        """The API group; empty for the core group."""
        return str(self.content["apiVersion"].rpartition("/")[0])

    @property
    def name(self) -> str:
        """The object's name."""
        return str(self.content["metadata"]["name"])

    @property
    def namespace(self) -> str:
        """The object's namespace; empty if it names none."""
        return str(self.content["metadata"].get("namespace") or "")

    @property
    def labels(self) -> dict[str, str]:
        """The object's labels."""
        return self.content["metadata"].get("labels") or {}

    @property
    def annotations(self) -> dict[str, str]:
        """The object's annotations."""
        return self.content["metadata"].get("annotations") or {}

    @property
    def spec(self) -> dict[str, Any]:
        """The object's spec; empty for kinds that have none."""
        return self.content.get("spec") or {}

    @property
    def wave(self) -> int | None:
        """The sync wave, if the object says one that Argo CD can read."""
        wave = self.annotations.get(SYNC_WAVE, "")
        return int(wave) if re.fullmatch(r"[+-]?[0-9]{1,6}", wave, re.ASCII) else None

    def __str__(self) -> str:
        """Kind and name, as people speak of the object."""
        return f"{self.kind} {'/'.join(filter(None, (self.namespace, self.name)))}"


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


def files_in(paths: Iterable[Path]) -> list[Path]:
    """The manifest files at or below the paths, each once, sorted within a folder.

    Raises OpsError for a path that is not there, cannot be read, or is no manifest file. A link
    below a folder is refused: Argo CD follows none that leads out of the repository.
    """
    found: dict[Path, None] = {}
    for path in paths:
        try:
            found |= dict.fromkeys(sorted(_walk(path)) if path.is_dir() else [_given(path)])
        except OSError as error:
            raise OpsError(f"{error.filename}: {error.strerror}") from error
    return list(found)


def _walk(folder: Path) -> Iterator[Path]:
    for entry in folder.iterdir():
        if entry.is_symlink():
            raise OpsError(f"{entry}: is a link; put the file itself there")
        if entry.is_dir():
            yield from _walk(entry)
        elif entry.suffix in EXTENSIONS and entry.is_file():
            yield entry


def _given(path: Path) -> Path:
    path.stat()
    if path.suffix not in EXTENSIONS or not path.is_file():
        raise OpsError(f"{path}: is no manifest; give a folder, or a {', '.join(EXTENSIONS)} file")
    return path


def read(file: Path) -> Iterator[Manifest]:
    """The documents of one file.

    Raises ManifestError, with the line, for what cannot be read, is not UTF-8, not YAML, empty, or
    not a list of Kubernetes objects.
    """
    try:
        content = file.read_bytes()
    except OSError as error:
        raise ManifestError(file, str(error.strerror)) from error
    return parse(content, file)


def parse(content: bytes, file: Path) -> Iterator[Manifest]:
    """The documents that a file's content holds, as `read` gives them."""
    text = _text(content, file)
    loader = _Loader(text)
    count = 0
    try:
        while loader.check_node():
            node = loader.get_node()
            if node is None or (isinstance(node, yaml.ScalarNode) and not node.value):
                continue
            line = node.start_mark.line + 1
            if "&" in text and _size(node) > MOST_NODES:
                problem = f"aliases make it more than {MOST_NODES:,} nodes; write it out"
                raise ManifestError(file, problem, line)
            count += 1
            yield Manifest(file, line, _object(_plain(node, loader), file, line))
    except yaml.MarkedYAMLError as error:
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
    if not count:
        raise ManifestError(file, "holds no document; remove the file")


def _text(content: bytes, file: Path) -> str:
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = error.object[: error.start].count(b"\n") + 1
        raise ManifestError(file, "not UTF-8; save it as UTF-8", line) from error


def _size(node: yaml.Node, sizes: dict[int, int] | None = None) -> int:
    """How many nodes there are once every alias is written out; an alias to itself is too many."""
    sizes = {} if sizes is None else sizes
    if id(node) not in sizes:
        sizes[id(node)] = MOST_NODES + 1  # while it is being counted: an alias to itself
        children = node.value if isinstance(node, yaml.CollectionNode) else []
        flat = (
            [part for pair in children for part in pair]
            if isinstance(node, yaml.MappingNode)
            else children
        )
        sizes[id(node)] = 1 + sum(_size(child, sizes) for child in flat)
    return sizes[id(node)]


def _plain(node: yaml.Node, loader: _Loader) -> Any:
    """The node as plain data, as Kubernetes reads it; refuses what Kubernetes silently drops.

    Written out here because PyYAML's own construction is slower by half and keeps the last of two
    equal keys.
    """
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
            problem=f"{node.value!r} is no {node.tag.removeprefix(_YAML)}",
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
                problem="a key is no text; write it out", problem_mark=key.start_mark
            )
        if key.value in content:
            raise yaml.MarkedYAMLError(
                problem=f"the key {key.value!r} stands twice", problem_mark=key.start_mark
            )
        content[key.value] = _PLAIN[type(value)](value, loader)
    return content


_PLAIN: dict[type[yaml.Node], Callable[[Any, _Loader], Any]] = {
    yaml.ScalarNode: _scalar,
    yaml.SequenceNode: _sequence,
    yaml.MappingNode: _mapping,
}
"""What reads each kind of node; called from here, so that a level of a document is one call."""


def _object(content: Any, file: Path, line: int) -> dict[str, Any]:
    """The content, if it has what makes a Kubernetes object."""

    def refuse(problem: str) -> None:
        raise ManifestError(file, problem, line)

    if not isinstance(content, dict):
        refuse(f"a {type(content).__name__} is not a Kubernetes object; give a mapping")
    for key in ("apiVersion", "kind"):
        if not isinstance(content.get(key), str) or not content[key]:
            refuse(f"a Kubernetes object needs {key}, as text")
    if content["kind"] == "List":
        refuse("a List hides its objects; give each a document of its own")
    metadata = content.get("metadata")
    if not isinstance(metadata, dict) or not isinstance(metadata.get("name"), str):
        refuse(f"{content['kind']} needs metadata.name, as text")
    for field in ("labels", "annotations"):
        values = metadata.get(field) or {}
        if not isinstance(values, dict) or not all(isinstance(v, str) for v in values.values()):
            refuse(f"{content['kind']} {metadata['name']}: metadata.{field} takes text only")
    if not isinstance(metadata.get("namespace") or "", str):
        refuse(f"{content['kind']} {metadata['name']}: metadata.namespace takes text")
    return dict(content)

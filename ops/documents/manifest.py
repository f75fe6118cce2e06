"""One document of the rendered YAML, with its file and line."""

from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any, TypeVar

from ops import kinds
from ops.documents import sync_annotations
from ops.errors import ManifestError
from ops.kinds.description.kind import Kind
from ops.objects.base import Document, Object, WrongShapeError, typed

M = TypeVar("M", bound=Object)


@dataclass(frozen=True, eq=False)
class Manifest:
    """One Kubernetes object, as it is written in a file."""

    file: Path
    line: int
    content: Document

    @classmethod
    def from_content(cls, content: Any, file: Path, line: int) -> "Manifest":
        """A document that has what makes a Kubernetes object; ManifestError for any other."""
        if problem := _problem(content):
            raise ManifestError(file, problem, line)
        return cls(file, line, content)

    @property
    def kind(self) -> str:
        """The object's kind."""
        return str(self.content["kind"])

    @property
    def api_version(self) -> str:
        """Group and version of its API."""
        return str(self.content["apiVersion"])

    @cached_property
    def group(self) -> str:
        """The API group; empty for the core group."""
        return self.api_version.rpartition("/")[0]

    @cached_property
    def key(self) -> tuple[str, str, str, str]:
        """What makes an object the same one from revision to revision."""
        return self.group, self.kind, self.namespace, self.name

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
    def stated_wave(self) -> int | None:
        """The sync wave, if the object states one that Argo CD can read."""
        return sync_annotations.stated_wave(self.annotations)

    @property
    def wave(self) -> int:
        """The sync wave in which Argo CD applies it."""
        return sync_annotations.wave(self.annotations)

    @property
    def sync_options(self) -> list[str]:
        """The sync options that it carries itself."""
        return sync_annotations.sync_options(self.annotations)

    @property
    def is_hook(self) -> bool:
        """Whether Argo CD runs it as a hook, instead of syncing it."""
        return sync_annotations.is_hook(self.annotations)

    @property
    def phases(self) -> list[str]:
        """The phases of a sync in which Argo CD applies it; none if it is skipped."""
        return sync_annotations.phases(self.annotations)

    @property
    def delete_policies(self) -> set[str]:
        """When Argo CD deletes it, if it is a hook."""
        return sync_annotations.delete_policies(self.annotations)

    @property
    def remains(self) -> bool:
        """Whether the object is there once a sync has succeeded."""
        return sync_annotations.remains(self.annotations)

    @cached_property
    def entry(self) -> Kind[Any] | None:
        """What is known of its kind."""
        return kinds.find(self.group, self.kind)

    @cached_property
    def object(self) -> Object:
        """The document as its kind's model.

        Raises ManifestError if it does not have the shape of its kind.
        """
        model: type[Object] = self.entry.model if self.entry else Object
        try:
            return typed(model, self.content)
        except WrongShapeError as error:
            problem = f"{self} does not match the schema of its kind: {error}"
            raise ManifestError(
                self.file, f"{problem}; `ops gate` lists every problem", self.line
            ) from error

    def typed(self, model: type[M]) -> M:
        """The document as the model of its kind, which it must be of."""
        found = self.object
        if not isinstance(found, model):
            raise TypeError(f"{self} is not a {model.__name__}")
        return found

    def __str__(self) -> str:
        """Kind and name, by kind and name."""
        return f"{self.kind} {'/'.join(filter(None, (self.namespace, self.name)))}"


def _problem(content: Any) -> str:
    """Why a document is no Kubernetes object; empty if it is one."""
    if not isinstance(content, dict):
        return f"a {type(content).__name__} is not a Kubernetes object; give a mapping"
    for key in ("apiVersion", "kind"):
        if not isinstance(content.get(key), str) or not content[key]:
            return f"a Kubernetes object needs {key}, as a string"
    if content["kind"] == "List":
        return "a List is not supported; put each object into a document of its own"
    return _problem_of_metadata(content["kind"], content.get("metadata"))


def _problem_of_metadata(kind: str, metadata: Any) -> str:
    if not isinstance(metadata, dict) or not isinstance(metadata.get("name"), str):
        return f"{kind} needs metadata.name, as a string"
    for field in ("labels", "annotations"):
        values = metadata.get(field) or {}
        if not isinstance(values, dict) or not all(isinstance(v, str) for v in values.values()):
            return f"{kind} {metadata['name']}: metadata.{field} must have string values only"
    is_text = isinstance(metadata.get("namespace") or "", str)
    return "" if is_text else f"{kind} {metadata['name']}: metadata.namespace must be a string"

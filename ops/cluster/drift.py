"""What differs between a rendered document and the live one, field by field.

Every rendered field is compared. A field that only the live document has is a default of the API
server or set by a controller, and is no drift. An item that only a live list has is drift: no
API server adds one; it is named, and what stands in it is not repeated, for it may be a secret.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from ops.cluster.live_object import LiveObject
from ops.documents.manifest import Manifest
from ops.objects import quantity

_ABSENT = object()
_IDENTITY = {"apiVersion", "kind"}
_MOST_CHARACTERS = 120

_Found = Iterator[tuple[str, Any, Any]]

_KEYS = {
    "containers": "name",
    "initContainers": "name",
    "env": "name",
    "volumes": "name",
    "volumeMounts": "mountPath",
    "imagePullSecrets": "name",
}
"""Lists whose items have a key, so that their order does not count. Kubernetes calls them
associative: https://kubernetes.io/docs/reference/using-api/server-side-apply/#merge-strategy."""

_ATOMIC = {"selector", "matchLabels", "nodeSelector", "podSelector", "namespaceSelector"}
"""Maps in which one entry more means something else, so they are compared whole."""

_QUANTITIES = {"requests", "limits", "capacity"}

_OMITTED_WHEN_FALSE = {
    "hostIPC",
    "hostNetwork",
    "hostPID",
    "minReadySeconds",
    "paused",
    "publishNotReadyAddresses",
    "readOnly",
    "stdin",
    "tty",
}
"""Fields that the API server leaves out when they are false or 0, which is their default."""


@dataclass(frozen=True)
class Difference:
    """One field that is not on the cluster as it is rendered."""

    subject: str
    """The document, by kind and name."""
    path: str
    """The field; empty if the whole document is not there."""
    rendered: Any
    """None if only the cluster has it."""
    live: Any
    """None if the cluster does not have it, or if only the cluster has it."""

    def __str__(self) -> str:
        """One line: the field, what is rendered, what is live."""
        if not self.path:
            return f"{self.subject}: not on the cluster"
        if self.rendered is None:
            return f"{self.subject}: {self.path}: only on the cluster"
        live = "not there" if self.live is None else _short(self.live)
        return f"{self.subject}: {self.path}: rendered {_short(self.rendered)}, live {live}"


def differences(manifest: Manifest, live: LiveObject | None) -> list[Difference]:
    """What differs in one document, in the order of the rendered fields.

    A hook that is not there is none: Argo CD deletes a hook before it creates it again. Nor is an
    object that Argo CD skips.
    """
    if live is None:
        gone = Difference(str(manifest), "", manifest.content, None)
        return [] if manifest.is_hook or not manifest.phases else [gone]
    rendered = {key: value for key, value in manifest.content.items() if key not in _IDENTITY}
    return [
        Difference(str(manifest), path, one, other)
        for path, one, other in _map("", rendered, live.content)
    ]


def _map(path: str, rendered: Mapping[str, Any], live: Mapping[str, Any]) -> _Found:
    for name, value in rendered.items():
        yield from _value(_field(path, name), name, value, live.get(name, _ABSENT))


def _value(path: str, name: str, rendered: Any, live: Any) -> _Found:
    if live is _ABSENT or live is None:
        if not _is_left_out(name, rendered):
            yield path, rendered, None
    elif isinstance(rendered, dict) and isinstance(live, dict) and name not in _ATOMIC:
        yield from (_amounts if name in _QUANTITIES else _map)(path, rendered, live)
    elif isinstance(rendered, list) and isinstance(live, list):
        yield from _list(path, name, rendered, live)
    elif rendered != live and not (name == "sizeLimit" and quantity.equal(rendered, live)):
        yield path, rendered, live


def _is_left_out(name: str, rendered: Any) -> bool:
    """Whether the API server stores nothing for it."""
    empty = rendered is None or rendered in ("", [], {})
    return empty or (name in _OMITTED_WHEN_FALSE and not rendered)


def _amounts(path: str, rendered: Mapping[str, Any], live: Mapping[str, Any]) -> _Found:
    for name, amount in rendered.items():
        if not quantity.equal(amount, live.get(name)):
            yield _field(path, name), amount, live.get(name)


def _list(path: str, name: str, rendered: Sequence[Any], live: Sequence[Any]) -> _Found:
    key = _key(path, name, rendered)
    if key and all(key in item for item in live):
        yield from _by_key(path, key, rendered, live)
    elif len(rendered) == len(live) and all(isinstance(item, dict) for item in (*rendered, *live)):
        for index, (one, other) in enumerate(zip(rendered, live, strict=True)):
            yield from _map(f"{path}[{index}]", one, other)
    elif rendered != live:
        yield path, rendered, live


def _key(path: str, name: str, rendered: Sequence[Any]) -> str | None:
    """The key of a list's items; None if they are matched by position."""
    if name == "ports":
        if path == "spec.ports":  # a Service's
            return "port"
        return "containerPort" if any("containerPort" in port for port in rendered) else None
    return _KEYS.get(name)


def _by_key(path: str, key: str, rendered: Sequence[Any], live: Sequence[Any]) -> _Found:
    there = {_called(item, key): item for item in live}
    for item in rendered:
        place = f"{path}[{item[key]}]"
        if other := there.pop(_called(item, key), None):
            yield from _map(place, item, other)
        else:
            yield place, item, None
    for added in there.values():
        yield f"{path}[{added[key]}]", None, None


def _called(item: Mapping[str, Any], key: str) -> tuple[Any, Any]:
    """What a list's item goes by; of a port its protocol is a part, which is TCP by default."""
    return item[key], item.get("protocol", "TCP")


def _field(path: str, name: str) -> str:
    """The path of a field; a name with dots stands in brackets, as in JSONPath."""
    if "." in name or "/" in name:
        return f"{path}['{name}']"
    return f"{path}.{name}" if path else name


def _short(value: Any) -> str:
    text = json.dumps(value, ensure_ascii=False) if isinstance(value, (dict, list)) else str(value)
    return text if len(text) <= _MOST_CHARACTERS else f"{text[:_MOST_CHARACTERS]}…"

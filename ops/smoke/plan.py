"""What to visit of an app, as its rendered documents tell it."""

import dataclasses
import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, TypeVar

from ops.errors import ManifestError, OpsError
from ops.manifests import Manifest
from ops.rendered import App

SMOKE = "app.railiance.io/smoke"
"""The annotation of the Application that tells it."""

T = TypeVar("T")


@dataclass(frozen=True, kw_only=True)
class Entry:
    """An entry to create, to find and to remove."""

    create_path: str
    title_field: str
    list_path: str
    delete: str
    fields: Mapping[str, str] = field(default_factory=dict)

    def __post_init__(self) -> None:
        _refuse_paths(self, "create_path", "list_path")
        _refuse_text(self, "title_field", "delete")
        if not isinstance(self.fields, dict) or not all(_is_text(v) for v in self.fields.values()):
            raise ValueError("entry.fields takes text only")


@dataclass(frozen=True, kw_only=True)
class Pages:
    """The pages to visit."""

    login_path: str
    dashboard_path: str
    htmx_path: str | None = None
    entry: Entry | None = None

    def __post_init__(self) -> None:
        optional = ("htmx_path",) if self.htmx_path is not None else ()
        _refuse_paths(self, "login_path", "dashboard_path", *optional)


@dataclass(frozen=True, kw_only=True)
class Plan:
    """All that is to be visited, and where."""

    host: str
    health_path: str
    pages: Pages


def plan_of(app: App) -> Plan:
    """The plan for an app.

    Raises OpsError if a document that tells a part of it is missing or tells nonsense.
    """
    application = next((m for m in app.argocd if m.kind == "Application"), None)
    if application is None:
        raise OpsError(f"{app.name}: argocd/ has no Application for it; run `make synth`")
    if not app.host:
        raise OpsError(f"{app.name}: its Ingress names no host; `make gate` says more")
    return Plan(host=app.host, health_path=_health_path(app), pages=_pages(application))


def _health_path(app: App) -> str:
    probe = (app.web.containers or [{}])[0].get("readinessProbe") or {}
    path = (probe.get("httpGet") or {}).get("path")
    if not _is_path(path):
        raise OpsError(f"{app.name}: its readinessProbe asks no path; `make gate` says more")
    return str(path)


def _pages(application: Manifest) -> Pages:
    text = application.annotations.get(SMOKE)
    if text is None:
        problem = f"{application} does not say what to visit ({SMOKE}); run `make synth`"
        raise ManifestError(application.file, problem, application.line)
    try:
        content = _made(dict, json.loads(text))
        entry = content.pop("entry", None)
        return _made(Pages, content | ({} if entry is None else {"entry": _made(Entry, entry)}))
    except (ValueError, RecursionError) as error:
        problem = f"{application}: {SMOKE} cannot be used: {error}; run `make synth`"
        raise ManifestError(application.file, problem, application.line) from error


def _made(kind: type[T], content: Any) -> T:
    """The content as this kind; ValueError if it is no object, or has other fields."""
    if not isinstance(content, dict):
        raise ValueError("it is no JSON object")  # noqa: TRY004 (the one error of wrong content)
    if dataclasses.is_dataclass(kind):
        known = {field.name: field for field in dataclasses.fields(kind)}
        for name in content.keys() - known.keys():
            raise ValueError(f"{name!r} is unknown")
        for name, known_field in known.items():
            defaults = (known_field.default, known_field.default_factory)
            if name not in content and all(d is dataclasses.MISSING for d in defaults):
                raise ValueError(f"{name!r} is missing")
    return kind(**content)


def _refuse_paths(of: object, *names: str) -> None:
    for name in names:
        if not _is_path(getattr(of, name)):
            raise ValueError(f"{name} is no path on the app's host")


def _refuse_text(of: object, *names: str) -> None:
    for name in names:
        if not _is_text(getattr(of, name)) or not getattr(of, name):
            raise ValueError(f"{name} takes text")


def _is_path(value: object) -> bool:
    return isinstance(value, str) and value.startswith("/") and not value.startswith("//")


def _is_text(value: object) -> bool:
    return isinstance(value, str)

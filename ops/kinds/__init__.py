"""The registry of kinds: one file a kind, one entry a file.

Whatever reads rendered YAML or a cluster takes from here what it has to know of a kind.
"""

import pkgutil
import re
import sys
from collections.abc import Sequence
from functools import cache
from importlib import import_module
from typing import Any, TypeVar

from ops.kinds.description.kind import Kind, Owner
from ops.objects.base import Object

M = TypeVar("M", bound=Object)

RIGHTS = "rbac.authorization.k8s.io"
"""The group of roles and their bindings."""
PLATFORM_GROUPS = {
    *("admissionregistration.k8s.io", "apiextensions.k8s.io", "apiregistration.k8s.io"),
    *("certificates.k8s.io", "discovery.k8s.io", "events.k8s.io", "flowcontrol.apiserver.k8s.io"),
    *("gateway.networking.k8s.io", "node.k8s.io", "scheduling.k8s.io", "storage.k8s.io"),
    *("acme.cert-manager.io", "argoproj.io", "cert-manager.io", "postgresql.cnpg.io", "traefik.io"),
    *("helm.cattle.io", "k3s.cattle.io"),
}
"""Groups whose kinds are the platform's, unless an entry states otherwise."""


class EntryError(TypeError):
    """An entry is incomplete; the message names its file and what is missing."""


def find(group: str, kind: str) -> Kind[Any] | None:
    """The entry of a kind; None if there is none."""
    entry = by_name(kind)
    return entry if entry and entry.group == group else None


def described(api_version: str, kind: str) -> Kind[Any] | None:
    """The entry of a kind in the version that it describes; None for any other version."""
    entry = by_name(kind)
    return entry if entry and entry.api_version == api_version else None


@cache
def by_name(kind: str) -> Kind[Any] | None:
    """The entry of a kind, whatever its group; None if there is none."""
    module = _module(kind)
    entry = _load(module) if module in _modules() else None
    return entry if entry and entry.kind == kind else None


def by_model(model: type[M]) -> Kind[M]:
    """The entry of which this is the model."""
    entry: Kind[M] = sys.modules[model.__module__].KIND
    return entry


@cache
def every() -> Sequence[Kind[Any]]:
    """Every entry."""
    return [_load(module) for module in _modules()]


def owner(group: str, kind: str) -> Owner:
    """Who may declare objects of a kind."""
    if entry := find(group, kind):
        return entry.owner
    if group == RIGHTS:
        return Owner.RIGHTS
    return Owner.PLATFORM if group in PLATFORM_GROUPS else Owner.OPTIONAL


def _module(kind: str) -> str:
    """The module of a kind: the kind's words with underscores."""
    return re.sub(r"(?<=[a-z0-9])(?=[A-Z])|(?<=[A-Z])(?=[A-Z][a-z])", "_", kind).lower()


@cache
def _modules() -> Sequence[str]:
    return sorted(found.name for found in pkgutil.iter_modules(__path__) if not found.ispkg)


def _load(module: str) -> Kind[Any]:
    file = f"ops/kinds/{module}.py"
    try:
        entry = getattr(import_module(f"ops.kinds.{module}"), "KIND", None)
    except TypeError as error:
        raise EntryError(f"{file}: {error}") from error
    if not isinstance(entry, Kind):
        raise EntryError(f"{file}: has no KIND, an entry made with Kind(…)")
    if _module(entry.kind) != module:
        raise EntryError(f"{file}: describes {entry.kind}; call it {_module(entry.kind)}.py")
    return entry

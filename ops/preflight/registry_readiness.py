"""The registry, and the images in it that are to be deployed."""

from __future__ import annotations

from ops.documents.fleet import App
from ops.documents.workload import Workload
from ops.errors import MissingImageError, UnsuitableImageError
from ops.kinds.stateful_set import StatefulSet
from ops.preflight.subject import Subject
from ops.registry import Reference, Registry
from ops.registry.fit import hidden_code, pull_secret
from ops.registry.runnable import Found, find
from ops.results.result import Result, failed, ok


def answers(subject: Subject) -> Result:
    """Whether the registry answers as one, with its challenge for a token or without."""
    host = Reference.parse(subject.app.image).registry
    with Registry(host) as registry:
        return ok(f"registry {host} {registry.answer()}")


def image(subject: Subject) -> Result:
    """Whether the registry has the rendered tag as rendered, and the node can pull and run it."""
    fix = f"push it, or declare one that exists: `ops image set TAG --app {subject.app.name}`"
    return _in_registry(subject.app.image, subject.app.web, subject, fix)


def has_valkey(app: App) -> bool:
    """Whether the app has a Valkey."""
    return bool(app.manifests(StatefulSet))


def valkey_image(subject: Subject) -> Result:
    """The same for Valkey's image, which the platform states."""
    fix = "push it, or state one that exists as `valkey_image` in the platform's file"
    workloads = [Workload(manifest) for manifest in subject.app.manifests(StatefulSet)]
    results = [
        _in_registry(container.image, workload, subject, fix)
        for workload in workloads
        for container in workload.containers
    ]
    return next((result for result in results if not result.passes), results[0])


def _in_registry(reference: str, workload: Workload, subject: Subject, fix: str) -> Result:
    wanted = Reference.parse(reference)
    architecture = subject.platform.architecture
    try:
        found = find(wanted, architecture)
    except MissingImageError as error:
        return failed(str(error), fix)
    except UnsuitableImageError as error:
        return failed(*_divided(str(error)))
    name = f"{wanted.repository}:{wanted.tag}"
    if found.digest != wanted.digest:
        return failed(f"{name} has the digest {found.digest}, not {wanted.digest} as rendered", fix)
    is_apps = reference == subject.app.image  # Valkey works in the folder of its data
    if is_apps and (problem := hidden_code(found, workload)):
        return failed(*_divided(f"{name}: {problem}"))
    seen = f"{name} has the digest {found.digest}, as rendered, for linux/{architecture}"
    return _readable(found, workload, seen, wanted.registry)


def _readable(found: Found, workload: Workload, seen: str, host: str) -> Result:
    """Whether the node can read what was found, with no other login than that of the pods."""
    if not found.login:
        return ok(seen)
    seen = f"{seen}; read with the login in {found.login}, nobody without one can"
    if secret := pull_secret(workload):
        return ok(f"{seen}, and the pods have that of Secret {secret}")
    return failed(
        f"{seen}, and the pods have none",
        f"make the package public on {host}, or declare registry_login=True and run"
        " `ops secrets init`; if the node itself has a login, add --skip image",
    )


def _divided(sentence: str) -> tuple[str, str]:
    """What is wrong, and the fix."""
    problem, _, fix = sentence.rpartition("; ")
    return problem, fix

"""Another image for an app: looked up, declared, rendered."""

import re
import sys
from pathlib import Path

from ops.declarations import declared_image
from ops.declarations.synth import RENDERED, render
from ops.documents.fleet import App
from ops.errors import RegistryError, UsageError
from ops.host.files import contents, put_back_on_failure, replace
from ops.host.git import difference, git
from ops.registry import Reference
from ops.registry.fit import hidden_code, pull_secret
from ops.registry.runnable import Found, find


def use(root: Path, app: App, tag: str) -> None:
    """Declares the image that a tag names now, renders it, and shows what that changes.

    Raises OpsError with everything as it was if the tag is not in the registry or names nothing
    that the node can run, the declaration cannot be changed, or the result cannot be rendered.
    Commits nothing.
    """
    if not re.fullmatch(r"[A-Za-z0-9_][A-Za-z0-9_.-]{0,127}", tag, re.ASCII):
        raise UsageError(f"{tag!r} is not a valid tag; use letters, digits, '_', '.' and '-'")
    git(root, "rev-parse", "--verify", "--quiet", "HEAD")
    image = declared_image.read(root, app.name)
    reference = Reference.parse(f"{image.values['repository']}:{tag}")
    found = find(reference, app.platform.architecture)
    if problem := hidden_code(found, app.web):
        raise RegistryError(f"{reference}: {problem}")
    if _render_with(root, image, tag, found.digest):
        _tell(root, app.name, image, tag, found.digest)
    else:
        print(f"{app.name} has {tag}, {found.digest}: nothing changed")
    _warn_if_private(found, reference, app)


def _warn_if_private(found: Found, image: Reference, app: App) -> None:
    if found.login and not pull_secret(app.web):
        print(
            f"warning: {image} was read with the login in {found.login}, and nobody without one can"
            " read it: make the package public, or declare registry_login=True for the pods",
            file=sys.stderr,
        )


def _render_with(root: Path, image: declared_image.DeclaredImage, tag: str, digest: str) -> bool:
    """Whether anything is different afterwards."""
    folders = [root / name for name in ("apps", *RENDERED)]
    before = contents(folders)
    with put_back_on_failure(folders):
        replace(image.file, image.replaced(tag=tag, digest=digest))
        render(root)
    return contents(folders) != before


def _tell(root: Path, app: str, image: declared_image.DeclaredImage, tag: str, digest: str) -> None:
    former = image.values["tag"]
    if (former, image.values["digest"]) == (tag, digest):
        print(f"{app}: {tag} is already declared; the rendered files were out of date")
    elif former == tag:
        print(f"{app}: {tag} was pushed again; its digest is now {digest}")
    else:
        print(f"{app}: {former} -> {tag}, {digest}")
    file = str(image.file.relative_to(root))
    print(difference(root, file, *RENDERED, coloured=sys.stdout.isatty()), end="")
    print("next: ops plan HEAD")
    print(f'      git commit -m "{app}: image {tag}" {file} {" ".join(RENDERED)}')

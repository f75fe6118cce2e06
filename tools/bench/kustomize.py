"""A kustomization for each app that builds the same documents, and the calls that build it."""

from collections.abc import Sequence
from pathlib import Path

import yaml

from railiance.django_app import DjangoApp
from tools.bench.installed import KUBECTL
from tools.bench.process import Call


def write(folder: Path, apps: Sequence[DjangoApp], rendered: Path) -> None:
    """Writes a folder for each app: its documents without a pinned image, and a kustomization."""
    for app in apps:
        target = folder / app.name
        target.mkdir(parents=True)
        resources = [
            rendered / "dist" / f"{app.name}.k8s.yaml",
            rendered / "argocd" / f"{app.name}.yaml",
        ]
        names = ["app.yaml", "argocd.yaml"]
        for name, resource in zip(names, resources, strict=True):
            text = resource.read_text().replace(app.image.reference, app.image.repository)
            (target / name).write_text(text)
        content = {"resources": names, "images": [_pin(app)]}
        (target / "kustomization.yaml").write_text(yaml.safe_dump(content))


def _pin(app: DjangoApp) -> dict[str, str]:
    """An entry of kustomize's `images`, which pins the image."""
    return {
        "name": app.image.repository,
        "newTag": app.image.tag,
        "digest": app.image.digest,
    }


def calls(folder: Path, output: Path, apps: Sequence[DjangoApp]) -> list[Call]:
    """`kubectl kustomize`, once per app."""
    return [
        Call([KUBECTL, "kustomize", folder / app.name], output / f"{app.name}.yaml") for app in apps
    ]

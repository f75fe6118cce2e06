"""A chart that renders the same documents as the synthesizer, and the calls that render it."""

from collections.abc import Sequence
from pathlib import Path

import yaml

from railiance.django_app import DjangoApp
from tools.bench.installed import HELM
from tools.bench.process import Call

CHART = {"apiVersion": "v2", "name": "django-app", "version": "0.1.0"}


def write_chart(folder: Path, app: DjangoApp, rendered: Sequence[str]) -> None:
    """Turns the app's rendered documents into templates, one per file."""
    templates = folder / "templates"
    templates.mkdir(parents=True)
    (folder / "Chart.yaml").write_text(yaml.safe_dump(CHART))
    for number, document in enumerate(rendered):
        (templates / f"{number:02}.yaml").write_text(_template(document, app))


def _template(document: str, app: DjangoApp) -> str:
    for value, expression in _expressions(app).items():
        document = document.replace(value, expression)
    return document


def _expressions(app: DjangoApp) -> dict[str, str]:
    """The template expressions that replace the app's own values."""
    return {
        app.image.reference: "{{ .Values.image.repository }}:{{ .Values.image.tag }}"
        "@{{ .Values.image.digest }}",
        app.host: "{{ .Values.host }}",
        app.database.object_name: '{{ .Values.database.name | replace "_" "-" }}',
        app.database.name: "{{ .Values.database.name }}",
        app.database.role: "{{ .Values.database.role }}",
        app.name: "{{ .Values.name }}",
    }


def write_values(folder: Path, apps: Sequence[DjangoApp]) -> None:
    """Writes a values file for each app."""
    folder.mkdir()
    for app in apps:
        values = {
            "name": app.name,
            "host": app.host,
            "image": {
                "repository": app.image.repository,
                "tag": app.image.tag,
                "digest": app.image.digest,
            },
            "database": {"name": app.database.name, "role": app.database.role},
        }
        (folder / f"{app.name}.yaml").write_text(yaml.safe_dump(values))


def calls(chart: Path, values: Path, output: Path, apps: Sequence[DjangoApp]) -> list[Call]:
    """`helm template`, once per app."""
    return [
        Call(
            [HELM, "template", app.name, chart, "--values", values / f"{app.name}.yaml"],
            output / f"{app.name}.yaml",
        )
        for app in apps
    ]

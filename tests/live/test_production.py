"""What production declares: it passes the gate, it is rendered, and the runbook's names are its.

Only these tests read apps/, secrets/, dist/ and argocd/ of this repository; every other test reads
tests/frozen. So a change of what runs in production fails here or nowhere.
"""

from pathlib import Path

import pytest

from ops.deploy.receipt import name_of
from ops.documents.fleet import App, load
from ops.kinds.certificate import Certificate
from ops.kinds.database import Database
from ops.kinds.ingress import Ingress
from ops.kinds.service import Service
from tests.conftest import ROOT
from tests.runbook import names
from tests.runner import ops_here

PLATFORM = ("name", "public_address", "postgres_cluster", "postgres_namespace", "argocd_namespace")


@pytest.fixture
def repository(request: pytest.FixtureRequest) -> Path:
    """This repository, or the one that --live names."""
    return Path(request.config.getoption("--live") or ROOT)


def test_gate_passes_and_everything_is_rendered_as_declared(repository: Path) -> None:
    answer = ops_here("gate", folder=repository, variables={})
    assert answer.returncode == 0, answer.stdout + answer.stderr


def test_every_file_in_apps_is_listed(repository: Path) -> None:
    listed = (repository / "apps/__init__.py").read_text()
    for file in (repository / "apps").glob("*.py"):
        assert file.stem == "__init__" or f"from apps.{file.stem} import" in listed


def test_names_in_a_runbook_are_rendered(repository: Path) -> None:
    for app, page in runbooks(repository):
        unknown = names(page) - rendered_names(app)
        assert not unknown, f"docs/{app.name}.md names {unknown}, which are not rendered"


def test_runbook_names_what_every_app_has(repository: Path) -> None:
    for app, page in runbooks(repository):
        wanted = {app.namespace, app.web.manifest.name, app.migrate.manifest.name}
        wanted |= {app.manifest(model).name for model in (Database, Service, Certificate, Ingress)}
        wanted |= {manifest.name for manifest in app.argocd} | {app.platform.name}
        database = app.typed(Database).spec
        wanted |= {database.name, database.owner}
        missing = wanted - names(page)
        assert not missing, f"docs/{app.name}.md does not name {missing}"


def runbooks(repository: Path) -> list[tuple[App, str]]:
    """The apps that have a page of their own, with its text."""
    pages = [(app, repository / f"docs/{app.name}.md") for app in load(repository).all()]
    return [(app, page.read_text()) for app, page in pages if page.exists()]


def rendered_names(app: App) -> set[str]:
    """Every name that an app's page may use."""
    database, certificate = app.typed(Database).spec, app.typed(Certificate).spec
    cluster = app.platform.postgres_cluster
    return {
        *(manifest.name for manifest in (*app.documents, *app.argocd)),
        *(getattr(app.platform, fact) for fact in PLATFORM),
        *(database.name, database.owner, certificate.secret_name),
        *(key for keys in app.secret_keys.values() for key in keys),
        *app.secret_keys,
        *app.image.partition(":")[0].split("/"),
        name_of(app),
        f"{cluster}-rw",  # CloudNativePG's Service of the primary
    }

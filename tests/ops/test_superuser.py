"""`ops superuser`: the account travels in a Secret, as Django's createsuperuser reads it."""

import base64
import json
from collections.abc import Iterator
from pathlib import Path

import pytest

from railiance.manage import Launcher
from tests.conftest import Run
from tests.ops.api import Api, serving
from tests.ops.test_logs import APP, PODS

SECRETS, JOBS = f"/api/v1/namespaces/{APP}/secrets", f"/apis/batch/v1/namespaces/{APP}/jobs"
PASSWORD = "a password of no one's"
ACCOUNT = ("anna", "--email=anna@localhost", "--password-stdin")


@pytest.fixture
def api() -> Iterator[Api]:
    ended = {"succeeded": 1, "conditions": [{"type": "Complete", "status": "True"}]}
    with serving(Api(objects={SECRETS: [], JOBS: [], PODS: []}, job_status=ended)) as made:
        yield made


def test_every_user_model_finds_its_fields(api: Api, ops: Run, tmp_path: Path) -> None:
    fields = ("--field", "Full_Name=Anna=Ä", "--field=locale=")
    kubeconfig = api.kubeconfig(tmp_path)
    answer = ops("superuser", *ACCOUNT, *fields, stdin=f"{PASSWORD}\n", KUBECONFIG=kubeconfig)
    assert answer.returncode == 0, answer.stdout + answer.stderr
    assert answer.stdout.endswith(f"anna can log in at https://{APP}.whywhynot.de/admin/login/\n")
    (secret,) = api.deleted
    assert {name: base64.b64decode(value).decode() for name, value in secret["data"].items()} == {
        "DJANGO_SUPERUSER_USERNAME": "anna",
        "DJANGO_SUPERUSER_EMAIL": "anna@localhost",
        "DJANGO_SUPERUSER_PASSWORD": PASSWORD,
        "DJANGO_SUPERUSER_FULL_NAME": "Anna=Ä",
        "DJANGO_SUPERUSER_LOCALE": "",
    }
    (job,) = api.created("Job")
    container = job["spec"]["template"]["spec"]["containers"][0]
    assert container["command"] == Launcher().run("createsuperuser", "--noinput")
    assert container["envFrom"] == [{"secretRef": {"name": secret["metadata"]["name"]}}]
    assert PASSWORD not in answer.stdout + answer.stderr + json.dumps(job)
    assert (secret["kind"], api.created("Secret")) == ("Secret", [])


@pytest.mark.parametrize(
    ("fields", "error"),
    [
        (["name"], "--field takes NAME=VALUE"),
        (["first name=Anna"], "--field takes NAME=VALUE"),
        (["Password=geheim"], "--field names password; give USER, --email, or --password-stdin"),
        (["name=Anna", "NAME=Ann"], "--field names a field twice"),
    ],
)
def test_wrong_fields_are_refused_before_anything_is_made(
    api: Api, ops: Run, tmp_path: Path, fields: list[str], error: str
) -> None:
    given = [f"--field={field}" for field in fields]
    kubeconfig = api.kubeconfig(tmp_path)
    answer = ops("superuser", *ACCOUNT, *given, stdin=f"{PASSWORD}\n", KUBECONFIG=kubeconfig)
    assert (answer.returncode, api.created("Secret")) == (2, [])
    assert error in answer.stderr
    assert "geheim" not in answer.stderr

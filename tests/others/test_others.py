"""Other people's apps stand side by side on one cluster, and their page states what each lacks."""

import ast
import json
import re
import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest

from railiance import DjangoApp
from tests import frozen
from tests.conftest import ROOT, Run, equipped, frozen_copy, rendered
from tests.made_up import WITH_VALKEY
from tests.others import APPS

PAGE = (ROOT / "docs/other-apps.md").read_text()
FILES = sorted(file for file in Path(__file__).parent.glob("[a-z]*.py") if file != Path(__file__))
ROWS = {
    file: [cell.strip() for cell in cells.split("|")]
    for file, cells in re.findall(
        r"^\| \[[^]]+\]\(\.\./tests/others/(\w+)\.py\) \|(.*)\|$", PAGE, re.M
    )
}
"""The cells of the page's table after the name, by file."""
DECLARED, WITH_LIMITS, NOT_DECLARED = "yes", "with limits", "no"


@pytest.fixture(scope="module")
def repository(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The frozen repository, in whose work tree all of them are added at once."""
    folder = equipped(frozen_copy(tmp_path_factory.mktemp("others")))
    rendered(frozen.APPS, folder, platform=WITH_VALKEY)
    git(folder, "init", "--quiet", "--initial-branch=main")
    git(folder, "add", "dist", "argocd")
    git(folder, "commit", "--quiet", "--message=before")
    return rendered([*frozen.APPS, *APPS], folder, platform=WITH_VALKEY)


def git(folder: Path, *arguments: str) -> None:
    identity = ("-c", "user.name=test", "-c", "user.email=test@localhost")
    subprocess.run(["git", *identity, *arguments], cwd=folder, check=True)  # noqa: S607


def test_all_pass_the_gate_as_one_fleet(ops: Run, repository: Path) -> None:
    answer = ops("gate", "dist", "argocd", folder=repository)
    assert answer.returncode == 0, answer.stdout + answer.stderr


def test_a_plan_adds_all_at_once_and_passes(ops: Run, repository: Path) -> None:
    answer = ops("plan", "HEAD", "--json", folder=repository)
    assert answer.returncode == 0, answer.stdout + answer.stderr
    plan = json.loads(answer.stdout)
    added = {app["name"] for app in plan["apps"] if app["verb"] == "install"}
    assert added == {app.name for app in APPS}
    assert (plan["unacknowledged"], plan["refused"]) == ([], [])


@pytest.mark.parametrize("file", FILES, ids=lambda file: file.stem)
def test_each_file_states_version_image_and_what_is_missing(file: Path) -> None:
    text = ast.get_docstring(ast.parse(file.read_text())) or ""
    stated = re.findall(r"^(Looked at|Image|Missing): \w", text, re.MULTILINE)
    assert stated == ["Looked at", "Image", "Missing"]


def test_the_page_lists_each_file_once_with_what_is_missing() -> None:
    assert sorted(ROWS) == [file.stem for file in FILES]
    assert len(ROWS) == 14
    for file, (declared, _run_here, missing) in ROWS.items():
        assert declared in {DECLARED, WITH_LIMITS, NOT_DECLARED}, file
        assert missing, file


def test_the_page_agrees_with_the_declarations() -> None:
    """An app that cannot run from its own image is listed as not declared."""
    own = {file for file, (declared, *_) in ROWS.items() if declared != NOT_DECLARED}
    declared = {file.stem for file in FILES if "DjangoApp(" in file.read_text()}
    assert declared - own == {"inventree"}
    assert own <= declared
    assert len(own) >= 11
    assert len(APPS) == len(declared)


FEATURES: dict[str, Callable[[DjangoApp], object]] = {
    "a worker by its command": lambda app: any(w.command for w in app.workers),
    "a worker by a management command": lambda app: any(w.manage for w in app.workers),
    "several pods of a worker": lambda app: any(w.replicas > 1 for w in app.workers),
    "a worker of which one may run": lambda app: any(w.single for w in app.workers),
    "a long task": lambda app: any(w.longest_task_seconds >= 1800 for w in app.workers),
    "a schedule by its command": lambda app: any(s.command for s in app.schedules),
    "a schedule by a management command": lambda app: any(s.manage for s in app.schedules),
    "a schedule's time zone": lambda app: any(s.time_zone != "Etc/UTC" for s in app.schedules),
    "a schedule's concurrency": lambda app: any(s.concurrency != "Forbid" for s in app.schedules),
    "a web command": lambda app: app.web_command,
    "a launcher": lambda app: len(app.launcher) != 2,
    "a Python": lambda app: app.python != "python",
    "a working folder": lambda app: app.working_folder,
    "upgrade steps": lambda app: app.upgrade_steps,
    "an additional host": lambda app: any(not h.redirect for h in app.additional_hosts),
    "a redirected host": lambda app: any(h.redirect for h in app.additional_hosts),
    "extensions": lambda app: app.database.extensions,
    "a connection limit": lambda app: app.database.connection_limit,
    "a time limit of requests": lambda app: app.request_timeout_seconds,
    "another user": lambda app: app.run_as_user != 1000,
    "a database by its URL": lambda app: app.names.database_url,
    "a database in parts": lambda app: app.names.database,
    "a name of SECRET_KEY": lambda app: app.names.secret_key not in {"SECRET_KEY", None},
    "SECRET_KEY from a file": lambda app: not app.names.secret_key and app.secret_files,
    "a name of the hosts": lambda app: app.names.hosts not in {"ALLOWED_HOSTS", None},
    "hosts stated elsewhere": lambda app: not app.names.hosts,
    "a separator of hosts": lambda app: app.names.host_separator != ",",
    "given secrets": lambda app: len(app.secret_keys or ()) > 2,
    "generated secrets": lambda app: app.generated_secrets,
    "a registry's login": lambda app: app.registry_login,
    "debug mode turned off": lambda app: any("DEBUG" in name for name in app.environment),
    "a value with $(…)": lambda app: any("$(" in a for w in app.workers for a in w.command),
    "configuration files": lambda app: app.configuration_files,
    "a larger /tmp": lambda app: any(f.path == "/tmp" for f in app.scratch_folders),
    "a bucket": lambda app: app.storage,
    "a media volume": lambda app: app.media,
    "a shared folder": lambda app: any(not f.in_migrate for f in app.data_folders),
    "a folder that the migrate Job mounts": lambda app: any(f.in_migrate for f in app.data_folders),
    "Valkey as a cache": lambda app: app.valkey and app.valkey.purpose == "cache",
    "Valkey for queues": lambda app: app.valkey and app.valkey.purpose == "queues",
    "Valkey by URLs": lambda app: app.valkey and len(app.valkey.urls) > 1,
    "Valkey in parts": lambda app: app.valkey and app.valkey.host,
}
"""What an app may ask for; none of the 14 writes a heartbeat file."""


@pytest.mark.parametrize("feature", FEATURES)
def test_each_feature_is_needed_by_an_app(feature: str) -> None:
    assert any(FEATURES[feature](app) for app in APPS)

"""The runbook's names are those that are rendered, and its commands those that there are."""

import re
import shlex

import click
import pytest

from ops import rendered
from ops.cli import cli
from ops.manifests import Manifest
from tests.conftest import ROOT
from tests.runbook import PAGE, procedures

FLEET = rendered.load(ROOT)
APP = FLEET.app("vergabe-teilnahme")
COMMANDS = sorted(
    {*re.findall(r"^(ops .+)$", PAGE, re.MULTILINE), *re.findall(r"`(ops [^`]+)`", PAGE)}
)


@pytest.mark.parametrize("manifest", [*APP.documents, *APP.argocd], ids=str)
def test_every_object_is_named(manifest: Manifest) -> None:
    assert f"`{manifest.name}`" in PAGE or f"/{manifest.name}`" in PAGE


def test_what_an_operator_asks_for_is_as_rendered() -> None:
    claim, database = APP.one("PersistentVolumeClaim"), APP.one("Database")
    (media,) = (m for m in APP.web.containers[0]["volumeMounts"] if m["name"] == "media")
    for said in (
        APP.host,
        APP.image.partition(":")[0],
        claim.spec["resources"]["requests"]["storage"],
        media["mountPath"],
        database.spec["name"],
        f"`{database.spec['owner']}`",
        FLEET.platform["public-address"],
        FLEET.platform["postgres-cluster"],
        FLEET.root.name,
        *(key for keys in APP.secret_keys.values() for key in keys),
        *APP.secret_keys,
    ):
        assert said in PAGE, said


@pytest.mark.parametrize("line", COMMANDS)
def test_every_command_can_be_given(line: str) -> None:
    command: click.Command = cli
    context = click.Context(cli)
    words = shlex.split(line)[1:]
    while isinstance(command, click.Group):
        found = command.get_command(context, words.pop(0))
        assert found, line
        command = found
    options = {name for parameter in command.params for name in parameter.opts}
    assert {word for word in words if word.startswith("--")} <= options, line


def test_runbook_has_commands() -> None:
    assert len(COMMANDS) > 10


def test_every_procedure_is_rehearsed_or_said_not_to_be() -> None:
    page = (ROOT / "docs/box.md").read_text().partition("### The runbook")[2].partition("## ")[0]
    rows = [row.split(" | ")[0].removeprefix("| ") for row in page.splitlines() if row[:1] == "|"]
    assert set(rows[2:]) == set(procedures())

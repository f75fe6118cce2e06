"""The runbook's commands are those that there are; tests/live compares its names."""

import re
import shlex

import click
import pytest

from ops.cli import cli
from tests.conftest import ROOT
from tests.runbook import PAGE, names, procedures

COMMANDS = sorted(
    {*re.findall(r"^(ops .+)$", PAGE, re.MULTILINE), *re.findall(r"`(ops [^`]+)`", PAGE)}
)


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


def test_names_are_found_in_the_table_and_in_commands() -> None:
    page = """
| what | name |
|---|---|
| address | what `make vergabe-status` shows, an A record to `192.0.2.1` |
| database | `Database databases/app-db`, `app_db` |

`kubectl --namespace ns exec deployment/web -- df`, `cmctl renew web-tls --namespace ns`, `df`
```
kubectl --context there exec service/pg-rw -- psql --command 'ALTER DATABASE back RENAME TO app_db'
```
"""
    assert names(page) == {
        *("192.0.2.1", "databases", "app-db", "app_db"),
        *("ns", "web", "web-tls", "there", "pg-rw"),
    }

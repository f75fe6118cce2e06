"""The handful of facts that a new app's declaration needs: given, asked for, or a default."""

import sys
from collections.abc import Mapping
from dataclasses import dataclass

import click

from ops.documents.fleet import Fleet
from ops.errors import CommandError, OpsError, RegistryError, UsageError
from ops.host.command import Command
from ops.registry import Reference
from ops.registry.runnable import find

QUESTIONS = {
    "host": "Host",
    "repository": "Image repository",
    "tag": "Image tag",
    "settings": "Settings module",
    "database": "Database",
    "role": "Its role",
    "media": "Media volume, its size such as 5Gi (empty: none)",
    "replicas": "Replicas",
}
"""What is asked, by the option that answers it."""
CHECK = "import sys; from railiance.checks import app_name; app_name(sys.argv[1])"


@dataclass(frozen=True)
class Facts:
    """The facts of an app; the declaration checks them."""

    name: str
    host: str
    repository: str
    tag: str
    settings: str
    database: str
    role: str
    media: str
    """The volume's size; empty for none."""
    replicas: str
    like: str
    """One of models.MODELS."""
    digest: str = ""


def refuse_wrong_name(name: str) -> None:
    """Raises OpsError with the declaration's own sentence if no app can have this name."""
    try:
        Command([sys.executable, "-c", CHECK, name], fix="run `make setup`").run()
    except CommandError as error:
        sentence = error.output.rpartition("ValueError: ")[2]
        if sentence == error.output:
            raise
        raise OpsError(f"DjangoApp.name: {sentence}") from error


def defaults(name: str, fleet: Fleet) -> dict[str, str]:
    """What most apps have; domain and team are those of the app that is there already."""
    plain = name.replace("-", "_")
    usual = {
        "settings": f"{plain}.settings.prod",
        "database": plain,
        "role": plain,
        "media": "",
        "replicas": "1",
    }
    for app in fleet.apps.values():
        team = Reference.parse(app.image).name.rpartition("/")[0]
        return {
            "host": f"{name}.{app.host.partition('.')[2]}",
            "repository": f"{team}/{name}",
            **usual,
        }
    return usual


def gather(
    name: str, like: str, given: Mapping[str, str | None], usual: Mapping[str, str]
) -> Facts:
    """The facts: those given, and the others asked for on the terminal.

    Non-interactive, defaults apply; raises UsageError with the options that have none.
    """
    facts = {option: value for option, value in given.items() if value is not None}
    missing = [option for option in QUESTIONS if option not in facts]
    if sys.stdin.isatty():
        for option in missing:
            kind = click.IntRange(1) if option == "replicas" else click.STRING
            answer = click.prompt(QUESTIONS[option], default=usual.get(option), type=kind)
            facts[option] = str(answer)
    else:
        facts = {**usual, **facts}
        if unknown := [f"--{option}" for option in QUESTIONS if option not in facts]:
            raise UsageError(f"non-interactive: give {', '.join(unknown)}")
    return Facts(name=name, like=like, **facts)


def digest_in_registry(facts: Facts, architecture: str) -> str:
    """The digest that the tag means in its registry now."""
    image = Reference.parse(f"{facts.repository}:{facts.tag}")
    try:
        return find(image, architecture).digest
    except RegistryError as error:
        raise RegistryError(f"{error}; or give --digest") from error

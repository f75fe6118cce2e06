"""What to visit is read from the rendered YAML, and nonsense there gets a sentence."""

import json
import shutil
from pathlib import Path
from typing import Any

import pytest
import yaml

from ops.documents import fleet
from ops.errors import ManifestError
from ops.smoke.target import target_of
from railiance import Smoke, SmokeEntry
from railiance.annotations import SMOKE

APP = "notizen"
ENTRY = {"create_path": "/n/", "title_field": "t", "list_path": "/l/", "delete": "d/"}
PAGES = {"login_path": "/a/", "dashboard_path": "/"}


def test_declaration_arrives_through_the_yaml(two_apps: Path) -> None:
    target = target_of(fleet.load(two_apps).app(APP))
    assert (target.host, target.health_path) == ("notizen.whywhynot.de", "/gesund/")
    assert target.pages == Smoke(
        login_path="/anmelden/",
        dashboard_path="/start/",
        htmx_path="/notizen/neueste/",
        entry=SmokeEntry(
            create_path="/notizen/neu/",
            title_field="titel",
            fields={"text": "Größe: groß"},
            list_path="/notizen/",
            delete="../loeschen/",
        ),
    )


WRONG: dict[str, tuple[Any, str]] = {
    "nothing": (None, "does not state what to visit"),
    "no JSON": ("{", "cannot be used"),
    "deep JSON": ("[" * 100_000, "cannot be used"),
    "a list": ("[]", "it is not a JSON object"),
    "an unknown field": (PAGES | {"x": "/"}, "Smoke.x: no such field"),
    "a field missing": ({"login_path": "/a/"}, "'dashboard_path' is missing"),
    "a number": (PAGES | {"login_path": 5}, "Smoke.login_path: takes text, not a whole number"),
    "another host": (PAGES | {"login_path": "//evil.example.org/"}, "Smoke.login_path: "),
    "an address": (PAGES | {"htmx_path": "https://evil.example.org/"}, "Smoke.htmx_path: "),
    "an entry that is text": (PAGES | {"entry": "x"}, "it is not a JSON object"),
    "an entry without its list": (
        PAGES | {"entry": {"create_path": "/n/"}},
        ": missing; give",
    ),
    "an entry elsewhere": (PAGES | {"entry": ENTRY | {"list_path": "l"}}, "SmokeEntry.list_path: "),
    "no title field": (PAGES | {"entry": ENTRY | {"title_field": ""}}, "SmokeEntry.title_field: "),
    "fields as numbers": (
        PAGES | {"entry": ENTRY | {"fields": {"a": 1}}},
        "SmokeEntry.fields: 'a': takes text, not a whole number",
    ),
}


@pytest.mark.parametrize(("told", "sentence"), WRONG.values(), ids=WRONG)
def test_nonsense_gets_a_sentence(two_apps: Path, tmp_path: Path, told: Any, sentence: str) -> None:
    copy = shutil.copytree(two_apps, tmp_path / "copy")
    file = copy / f"argocd/{APP}.yaml"
    documents = list(yaml.load_all(file.read_text(), yaml.CSafeLoader))
    annotations = documents[1]["metadata"]["annotations"]
    annotations[SMOKE] = told if isinstance(told, str) else json.dumps(told)
    if told is None:
        del annotations[SMOKE]
    file.write_text(yaml.dump_all(documents, sort_keys=False, Dumper=yaml.CSafeDumper))
    with pytest.raises(ManifestError) as error:
        target_of(fleet.load(copy).app(APP))
    assert str(error.value).startswith(f"{file}:")
    assert sentence in str(error.value)
    assert "make synth" in str(error.value)

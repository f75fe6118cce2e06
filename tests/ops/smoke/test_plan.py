"""What to visit is read from the rendered YAML, and nonsense there gets a sentence."""

import json
import shutil
from pathlib import Path
from typing import Any

import pytest
import yaml

from ops import rendered
from ops.errors import ManifestError
from ops.smoke.plan import SMOKE, Entry, Pages, plan_of

APP = "notizen"
ENTRY = {"create_path": "/n/", "title_field": "t", "list_path": "/l/", "delete": "d/"}
PAGES = {"login_path": "/a/", "dashboard_path": "/"}


def test_declaration_arrives_through_the_yaml(two_apps: Path) -> None:
    plan = plan_of(rendered.load(two_apps).app(APP))
    assert (plan.host, plan.health_path) == ("notizen.whywhynot.de", "/gesund/")
    assert plan.pages == Pages(
        login_path="/anmelden/",
        dashboard_path="/start/",
        htmx_path="/notizen/neueste/",
        entry=Entry(
            create_path="/notizen/neu/",
            title_field="titel",
            fields={"text": "Größe: groß"},
            list_path="/notizen/",
            delete="../loeschen/",
        ),
    )


WRONG: dict[str, tuple[Any, str]] = {
    "nothing": (None, "does not say what to visit"),
    "no JSON": ("{", "cannot be used"),
    "deep JSON": ("[" * 100_000, "cannot be used"),
    "a list": ("[]", "it is no JSON object"),
    "an unknown field": (PAGES | {"x": "/"}, "'x' is unknown"),
    "a field missing": ({"login_path": "/a/"}, "'dashboard_path' is missing"),
    "a number": (PAGES | {"login_path": 5}, "login_path is no path on the app's host"),
    "another host": (PAGES | {"login_path": "//evil.example.org/"}, "login_path is no path"),
    "an address": (PAGES | {"htmx_path": "https://evil.example.org/"}, "htmx_path is no path"),
    "an entry that is text": (PAGES | {"entry": "x"}, "it is no JSON object"),
    "an entry without its list": (PAGES | {"entry": {"create_path": "/n/"}}, "is missing"),
    "an entry elsewhere": (PAGES | {"entry": ENTRY | {"list_path": "l"}}, "list_path is no path"),
    "no title field": (PAGES | {"entry": ENTRY | {"title_field": ""}}, "title_field takes text"),
    "fields as numbers": (PAGES | {"entry": ENTRY | {"fields": {"a": 1}}}, "takes text only"),
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
        plan_of(rendered.load(copy).app(APP))
    assert str(error.value).startswith(f"{file}:")
    assert sentence in str(error.value)
    assert "make synth" in str(error.value)

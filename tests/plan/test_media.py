"""A plan in each medium: never too long, never broken by what a name holds, never a secret."""

import json
import re
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

import pytest
import yaml

from ops.errors import OpsError
from ops.plan.build import plan
from ops.plan.html import page
from ops.plan.markdown import MOST_CHARACTERS, comment
from tests.plan.conftest import APP, ARGOCD, DIST, Document, History, container

HOSTILE = (
    "</summary></details><script>alert(1)</script>",
    "` ``` | a | b |\n# heading\n@everyone #1 [x](javascript:alert(1))",
    '"];\n  end\n  click s0 "javascript:x"',
    "\x1b[31mred \u202egnirts https://example.org/?a=b&c",
)


def hostile(history: History) -> None:
    """Names, keys, values and reasons that mean something to a terminal, Markdown or HTML."""

    def spoil(deployment: Document) -> None:
        for number, text in enumerate(HOSTILE):
            deployment["metadata"]["annotations"][f"{text}{number}"] = text
            container(deployment)["env"].append({"name": text, "value": text})
        deployment["metadata"]["annotations"]["silence.railiance.io/pods.E005"] = HOSTILE[1]

    history.change("Deployment", spoil)
    history.change("Service", lambda service: service["metadata"].update(name=HOSTILE[0]))


class Tags(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.open: list[str] = []
        self.seen: set[str] = set()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:  # noqa: ARG002
        self.seen.add(tag)
        if tag not in ("meta", "br", "rect", "path"):
            self.open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        if tag not in ("rect", "path"):
            assert self.open.pop() == tag


def tags(text: str) -> set[str]:
    parser = Tags()
    parser.feed(text)
    assert parser.open == []
    return parser.seen


def test_hostile_names_break_no_markdown(history: History) -> None:
    hostile(history)
    text = comment(plan("HEAD", None, history.folder))
    fenced = re.split(r"^```(?:mermaid)?\n", text, flags=re.MULTILINE)
    assert len(fenced) % 2 == 1
    outside = "".join(fenced[::2])
    assert tags(outside) == {"details", "summary", "code", "br"}  # none that a name brought
    for forbidden in ("`", "@", "| ", "](javascript", "\x1b", "\u202e", "\n# ", "script>"):
        assert forbidden not in outside
    assert all("click s0" not in diagram for diagram in fenced[1::2])


def test_hostile_names_break_no_page(history: History) -> None:
    hostile(history)
    text = page(plan("HEAD", None, history.folder))
    assert "script" not in tags(text)
    assert "default-src 'none'" in text
    assert "\x1b" not in text


def test_hostile_names_reach_no_terminal(history: History) -> None:
    hostile(history)
    answer = history.ops("plan", "HEAD", folder=history.folder)
    assert answer.stderr == ""
    assert "\x1b" not in answer.stdout
    assert "\u202e" not in answer.stdout


def test_comment_says_what_matters_first(history: History) -> None:
    history.replace("databaseReclaimPolicy: retain", "databaseReclaimPolicy: delete")
    answer = history.ops("plan", "HEAD", "--markdown", folder=history.folder)
    assert answer.returncode == 1
    text = answer.stdout
    order = (
        "plan failed",
        "Acknowledge&#45;Data&#45;Risk",
        "### vergabe",
        "```mermaid",
        "<details>",
    )
    places = [text.index(part) for part in order[:4]]
    assert places == sorted(places)


def test_comment_fits_however_large_the_change(history: History) -> None:
    many = [
        {
            "apiVersion": "v1",
            "kind": "ConfigMap" if number % 2 else "Novelty",
            "metadata": {"name": f"{number}-{'*' * 200}", "namespace": APP},
        }
        for number in range(2000)
    ]
    history.edit(lambda documents: [*documents, *many])
    text = comment(plan("HEAD", None, history.folder))
    assert 60_000 < len(text) <= MOST_CHARACTERS
    assert "Left out" in text
    assert text.count("<details>") == text.count("</details>")
    # what needs attention stays before what does not
    assert "Novelty" in text
    assert "ConfigMap" not in text.split("```")[-1]


def test_secrets_are_not_shown(history: History) -> None:
    secret = "correct-horse-battery"

    def leak(deployment: Document) -> None:
        container(deployment)["env"] += [
            {"name": "SMTP_PASSWORD", "value": secret},
            {"name": "MAIL", "value": f"smtp://user:{secret}@mail"},
        ]

    history.change("Deployment", leak)
    data = {
        "apiVersion": "v1",
        "kind": "Secret",
        "metadata": {"name": "s", "namespace": APP},
        "stringData": {"a": secret},
    }
    path = history.folder / DIST
    path.write_text(f"{path.read_text()}---\n{yaml.safe_dump(data)}")
    for how in (["--json"], ["--markdown", "--html", "page.html"]):
        answer = history.ops("plan", "HEAD", *how, folder=history.folder)
        assert "SMTP" in answer.stdout.replace("&#95;", "_")
        assert secret not in answer.stdout + answer.stderr
    assert secret not in (history.folder / "page.html").read_text()


@pytest.mark.parametrize(
    ("arguments", "code", "said"),
    [
        (["nonsense"], 2, "not a revision of this repository"),
        (["--", "-x"], 2, "not a revision of this repository"),
        (["HEAD", "--json", "--markdown"], 2, "exclude each other"),
        (["HEAD", "--html", "/proc/nothing/page.html"], 1, "cannot write"),
        ([], 2, "Missing argument"),
    ],
)
def test_wrong_usage_gets_a_sentence(
    history: History, arguments: list[str], code: int, said: str
) -> None:
    answer = history.ops("plan", *arguments, folder=history.folder)
    assert answer.returncode == code
    assert said in answer.stderr
    assert "Traceback" not in answer.stderr


def test_broken_yaml_gets_its_line(history: History) -> None:
    (history.folder / DIST).write_text("a: [\n")
    answer = history.ops("plan", "HEAD", folder=history.folder)
    assert (answer.returncode, answer.stdout) == (1, "")
    assert f"{DIST}:1: not valid YAML" in answer.stderr


def test_outside_a_repository(history: History, tmp_path: Path) -> None:
    elsewhere = tmp_path / "elsewhere"
    elsewhere.mkdir()
    answer = history.ops("plan", "HEAD", folder=elsewhere, GIT_CEILING_DIRECTORIES=str(tmp_path))
    assert answer.returncode in (1, 2)
    assert answer.stderr.startswith("error: ")


def test_changed_secrets_are_not_shown(history: History) -> None:
    data = {"apiVersion": "v1", "kind": "Secret", "metadata": {"name": "s", "namespace": APP}}
    secrets = [{**data, "stringData": {"a": f"horse-{n}"}} for n in range(2)]
    passwords = [{"name": "SMTP_PASSWORD", "value": f"battery-{n}"} for n in range(2)]
    history.change("Deployment", lambda d: container(d)["env"].append(passwords[0]))
    history.edit(lambda documents: [*documents, secrets[0]])
    history.commit("before")
    history.change("Deployment", lambda d: container(d)["env"][-1].update(passwords[1]))
    history.edit(lambda documents: [*documents[:-1], secrets[1]])
    answer = history.ops("plan", "HEAD", "--json", folder=history.folder)
    assert answer.stdout.count("(hidden)") == 4
    assert "horse" not in answer.stdout
    assert "battery" not in answer.stdout


SHAPES: tuple[Any, ...] = (None, [], {}, "text", 7, [7], ["text"], {"a": 1}, [None])
PLACES = (
    ("Deployment", ("spec", "template", "spec", "volumes")),
    ("Deployment", ("spec", "template", "spec", "containers")),
    ("Deployment", ("spec", "template")),
    ("Deployment", ("spec",)),
    ("Ingress", ("spec", "tls")),
    ("PersistentVolumeClaim", ("spec", "accessModes")),
    ("Job", ("spec", "template", "spec", "containers", 0, "env")),
    ("Application", ("spec", "syncPolicy")),
    ("Application", ("spec",)),
    ("Application", ("spec", "source")),
    ("Application", ("spec", "sources")),
    ("Application", ("spec", "source", "directory")),
    ("Application", ("metadata", "finalizers")),
)


@pytest.mark.parametrize(("kind", "place"), PLACES, ids=str)
def test_misshapen_document_gets_a_sentence(
    history: History, kind: str, place: tuple[Any, ...]
) -> None:
    file = history.folder / (ARGOCD if kind == "Application" else DIST)
    documents = list(yaml.load_all(file.read_text(), yaml.CSafeLoader))
    inner: Any = next(document for document in documents if document["kind"] == kind)
    for step in place[:-1]:
        inner = inner[step]
    for shape in SHAPES:
        inner[place[-1]] = shape
        file.write_text("".join(f"---\n{json.dumps(document)}\n" for document in documents))
        try:
            found = plan("HEAD", None, history.folder)
        except OpsError as error:
            assert "does not match the schema" in str(error)  # noqa: PT017 (either is right)
        else:
            assert len(comment(found)) < MOST_CHARACTERS

"""`ops comment` against a server that answers as Gitea's comment calls do."""

import json
import re
import threading
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest

from ops.errors import OpsError, UsageError
from ops.forge import comments
from ops.forge.comments import PullRequest
from tests.conftest import Run

TOKEN = "0123456789" * 4
COMMENTS = "/api/v1/repos/coulomb/railiance-apps/issues/7/comments"


@dataclass
class Forge:
    """Comments of one pull request, and what was asked."""

    comments: list[dict[str, Any]] = field(default_factory=list)
    asked: list[str] = field(default_factory=list)
    status: int = 0
    """Answers everything with this, if it is set."""
    knows_pages: bool = True
    port: int = 0

    def add(self, body: str) -> dict[str, Any]:
        number = len(self.comments) + 1
        url = f"http://127.0.0.1:{self.port}/coulomb/railiance-apps/pulls/7#issuecomment-{number}"
        self.comments.append({"id": number, "body": body, "html_url": url})
        return self.comments[-1]

    def answer(self, method: str, address: str, body: str) -> tuple[int, Any]:
        url = urlsplit(address)
        self.asked.append(method)
        if self.status:
            return self.status, {"message": "as told"}
        if url.path == COMMENTS and method == "GET":
            return 200, self.page(parse_qs(url.query))
        if url.path == COMMENTS and method == "POST":
            return 201, self.add(body)
        found = re.fullmatch(
            r"/api/v1/repos/coulomb/railiance-apps/issues/comments/(\d+)", url.path
        )
        if found and method == "PATCH" and int(found[1]) <= len(self.comments):
            comment = self.comments[int(found[1]) - 1]
            comment["body"] = body
            return 200, comment
        return 404, {"message": "not found"}

    def page(self, query: dict[str, list[str]]) -> list[dict[str, Any]]:
        if not self.knows_pages:
            return self.comments
        limit, number = int(query["limit"][0]), int(query["page"][0])
        return self.comments[limit * (number - 1) : limit * number]


@pytest.fixture
def forge() -> Iterator[Forge]:
    state = Forge()

    class Handler(BaseHTTPRequestHandler):
        def handle_any(self) -> None:
            size = int(self.headers.get("Content-Length") or 0)
            body = json.loads(self.rfile.read(size))["body"] if size else ""
            if self.headers.get("Authorization") == f"token {TOKEN}":
                status, answer = state.answer(self.command, self.path, body)
            else:
                status, answer = 401, {"message": "token is required"}
            sent = json.dumps(answer).encode()
            self.send_response(status)
            self.send_header("Content-Length", str(len(sent)))
            self.end_headers()
            self.wfile.write(sent)

        do_GET = do_POST = do_PATCH = handle_any  # noqa: N815 (the library's names)

        def log_message(self, *_arguments: object) -> None:
            """Says nothing."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    state.port = server.server_port
    threading.Thread(target=server.serve_forever, args=(0.01,), daemon=True).start()
    yield state
    server.shutdown()
    server.server_close()


@pytest.fixture
def environment(forge: Forge) -> dict[str, str]:
    """What Gitea Actions sets."""
    return {
        "GITHUB_API_URL": f"http://127.0.0.1:{forge.port}/api/v1",
        "GITHUB_REPOSITORY": "coulomb/railiance-apps",
        "GITHUB_REF": "refs/pull/7/head",
        "GITEA_TOKEN": TOKEN,
    }


Put = Callable[..., str]


@pytest.fixture
def comment(environment: dict[str, str]) -> Put:
    """Writes a text as a comment; its address."""

    def put(text: str, mark: str = "plan", number: int | None = None, **changed: str) -> str:
        return comments.put(
            PullRequest.from_environment({**environment, **changed}, number), mark, text
        )

    return put


def test_command_writes_and_says_where(
    forge: Forge, environment: dict[str, str], ops: Run, tmp_path: Path
) -> None:
    file = tmp_path / "comment.md"
    file.write_text("one")
    answer = ops("comment", file, **environment)
    assert answer.stdout.strip().endswith("#issuecomment-1"), answer.stderr
    forge.status = 500
    answer = ops("comment", file, **environment)
    assert (answer.returncode, answer.stdout) == (1, "")
    assert answer.stderr.startswith("error: coulomb/railiance-apps#7: the forge answered 500")
    assert TOKEN not in answer.stderr
    file.write_text(" \n")
    assert ops("comment", file, **environment).returncode == 2


def test_first_run_writes_and_the_next_one_changes(forge: Forge, comment: Put) -> None:
    forge.add("a person's words")
    first = comment("one")
    assert first.endswith("#issuecomment-2")
    assert comment("two") == first
    assert [c["body"].partition("\n")[2] for c in forge.comments] == ["", "two"]
    assert "POST" not in forge.asked[forge.asked.index("POST") + 1 :]
    comment("two")
    assert forge.asked.count("PATCH") == 1


@pytest.mark.parametrize("knows_pages", [True, False])
def test_comment_is_found_behind_many_others(
    forge: Forge, comment: Put, *, knows_pages: bool
) -> None:
    forge.knows_pages = knows_pages
    for number in range(120):
        forge.add(f"comment {number}")
    comment("one")
    for number in range(3):
        forge.add(f"later {number}")
    comment("two")
    assert len(forge.comments) == 124
    assert forge.comments[120]["body"].endswith("two")


def test_each_mark_has_a_comment_of_its_own(forge: Forge, comment: Put) -> None:
    comment("one")
    comment("other", "tests")
    assert len(forge.comments) == 2


ANSWERS = {401: "GITEA_TOKEN", 403: "write:issue", 404: "no such pull request", 502: "try again"}


@pytest.mark.parametrize(("status", "said"), ANSWERS.items())
def test_refusal_gets_a_sentence(forge: Forge, comment: Put, status: int, said: str) -> None:
    forge.status = status
    with pytest.raises(OpsError, match=said) as refusal:
        comment("one")
    assert str(status) in str(refusal.value)


def test_wrong_token_is_refused_and_not_told(comment: Put) -> None:
    with pytest.raises(OpsError, match="401") as refusal:
        comment("one", GITEA_TOKEN="f" * 40)
    assert "ffff" not in str(refusal.value)


def test_too_long_a_text_is_not_sent(forge: Forge, comment: Put) -> None:
    with pytest.raises(OpsError, match="70,027 characters"):
        comment("x" * 70_000)
    assert forge.asked == []


def test_server_that_is_not_there(comment: Put) -> None:
    with pytest.raises(OpsError, match="cannot be reached"):
        comment("one", GITHUB_API_URL="http://127.0.0.1:1/api/v1")


@pytest.mark.parametrize(
    "changed",
    [
        {"GITEA_TOKEN": ""},
        {"GITHUB_REPOSITORY": "../../x"},
        {"GITHUB_API_URL": "ftp://x"},
        {"GITHUB_API_URL": "http://gitea.example.org/api/v1"},
        {"GITHUB_API_URL": "https://a..b/api/v1"},
        {"GITHUB_API_URL": "https://gitea.example.org:port/api/v1"},
        {"GITHUB_REF": "refs/heads/main"},
    ],
    ids=lambda changed: next(iter(changed)),
)
def test_incomplete_environment_is_wrong_usage(comment: Put, changed: dict[str, str]) -> None:
    with pytest.raises(UsageError):
        comment("one", **changed)


def test_number_is_read_from_the_event_or_given(forge: Forge, comment: Put, tmp_path: Path) -> None:
    event = tmp_path / "event.json"
    event.write_text('{"pull_request": {"number": 7}}')
    comment("one", GITHUB_REF="x", GITHUB_EVENT_PATH=str(event))
    comment("two", number=7, GITHUB_REF="x")
    assert len(forge.comments) == 1

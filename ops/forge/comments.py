"""One comment on a pull request, written once and then kept up to date.

Source: https://docs.gitea.com/api/ (issue comments). GitHub and Forgejo take the same calls.
"""

import json
import os
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import httpx2

from ops.errors import OpsError, UsageError

TIMEOUT_SECONDS = 30.0
MOST_CHARACTERS = 65_536
PER_PAGE = 50
MOST_PAGES = 200
_ADDRESS = (
    r"(https://([\w-]+(\.[\w-]+)*|\[[0-9a-fA-F:]+\])|http://(localhost|127\.0\.0\.1|\[::1\]))"
    r"(:[0-9]+)?(/\S*)?"
)
"""The token goes there: not over the network in the clear."""
_MENDS = {
    401: "the token is wrong or has expired; give a valid one in GITEA_TOKEN",
    403: "the token may not write comments; it needs the scope write:issue",
    404: "there is no such pull request, or the token may not see the repository",
    413: "the comment is longer than the forge allows",
    422: "the forge refuses the comment",
    429: "the forge limits the request rate; try again later",
}


@dataclass(frozen=True)
class PullRequest:
    """A pull request on a forge, and the token to write there."""

    api: str
    """The API's address, such as https://gitea.example.org/api/v1."""
    repository: str
    """Owner and name, with a slash between."""
    number: int
    token: str = field(repr=False)

    @classmethod
    def from_environment(cls, environment: Mapping[str, str], number: int | None) -> "PullRequest":
        """The one that Gitea Actions, or GitHub's, describe in the environment.

        Raises UsageError that names what is missing.
        """
        api = environment.get("GITHUB_API_URL", "")
        server = environment.get("GITHUB_SERVER_URL", "")
        repository = environment.get("GITHUB_REPOSITORY", "")
        token = environment.get("GITEA_TOKEN") or environment.get("GITHUB_TOKEN", "")
        address = api or (f"{server}/api/v1" if server else "")
        for value, pattern, what in (
            (address, _ADDRESS, "GITHUB_API_URL, the https address of the API"),
            (repository, r"[\w.-]+/[\w.-]+", "GITHUB_REPOSITORY, as owner/name"),
            (token, r"[\x21-\x7e]+", "GITEA_TOKEN, a token that may write comments"),
        ):
            if not re.fullmatch(pattern, value, re.ASCII):
                raise UsageError(f"the environment lacks {what}; set it, as Gitea Actions does")
        return cls(address.rstrip("/"), repository, number or _number(environment), token)

    def __str__(self) -> str:
        """The pull request, by kind and name."""
        return f"{self.repository}#{self.number}"


def _number(environment: Mapping[str, str]) -> int:
    """The pull request's number, from the reference or from the event."""
    if found := re.fullmatch(r"refs/pull/([0-9]+)/\w+", environment.get("GITHUB_REF", "")):
        return int(found[1])
    try:
        event = json.loads(Path(environment.get("GITHUB_EVENT_PATH", "")).read_text())
        return int(event["pull_request"]["number"])
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise UsageError(
            "this run is not for a pull request; give its number with --number"
        ) from error


def put(pull: PullRequest, mark: str, body: str) -> str:
    """Writes the comment with this mark, or changes it if it is there; returns its address.

    The mark is a comment in HTML at the very beginning, which the forge does not show.
    Raises OpsError with what the forge answered.
    """
    text = f"{_sign(mark)}\n{body}"
    if len(text) > MOST_CHARACTERS:
        raise OpsError(
            f"the comment has {len(text):,} characters, a forge allows {MOST_CHARACTERS:,}; "
            "shorten it"
        )
    headers = {"Authorization": f"token {pull.token}", "Accept": "application/json"}
    with httpx2.Client(headers=headers, timeout=TIMEOUT_SECONDS) as client:
        forge = _Forge(client, pull)
        former = next((c for c in forge.comments() if _is_ours(c, mark)), None)
        return forge.change(former, text) if former else forge.write(text)


def _sign(mark: str) -> str:
    return f"<!-- ops comment: {mark} -->"


def _is_ours(comment: Any, mark: str) -> bool:
    return isinstance(comment, dict) and str(comment.get("body", "")).startswith(_sign(mark))


@dataclass(frozen=True)
class _Forge:
    client: httpx2.Client
    pull: PullRequest

    @property
    def issues(self) -> str:
        return f"{self.pull.api}/repos/{self.pull.repository}/issues"

    def comments(self) -> Iterator[Any]:
        """Every comment, page by page; a forge that knows no pages gives all on each."""
        seen: set[Any] = set()
        for page in range(1, MOST_PAGES + 1):
            address = f"{self.issues}/{self.pull.number}/comments?page={page}&limit={PER_PAGE}"
            found = self._ask("GET", f"{address}&per_page={PER_PAGE}")
            if not isinstance(found, list):
                raise OpsError(
                    f"{self.pull.api} did not return a list of comments: is it the API of a forge?"
                )
            fresh = [c for c in found if isinstance(c, dict) and c.get("id") not in seen]
            if not fresh:
                return
            seen |= {comment.get("id") for comment in fresh}
            yield from fresh

    def write(self, text: str) -> str:
        made = self._ask("POST", f"{self.issues}/{self.pull.number}/comments", text)
        return self._address(made)

    def change(self, comment: Mapping[str, Any], text: str) -> str:
        if comment.get("body") == text:
            return self._address(comment)
        return self._address(self._ask("PATCH", f"{self.issues}/comments/{comment['id']}", text))

    def _address(self, comment: Any) -> str:
        found = comment.get("html_url") if isinstance(comment, dict) else None
        return str(found or self.pull)

    def _ask(self, method: str, address: str, text: str | None = None) -> Any:
        content = None if text is None else {"body": text}
        try:
            answer = self.client.request(method, address, json=content)
        except httpx2.HTTPError as error:
            raise OpsError(f"{self.pull.api} cannot be reached: {error}; try again") from error
        if not answer.is_success:
            fix = _MENDS.get(answer.status_code, "try again; no second comment is created")
            raise OpsError(f"{self.pull}: the forge answered {answer.status_code}: {fix}")
        try:
            return answer.json()
        except ValueError as error:
            raise OpsError(
                f"{self.pull.api} did not return JSON: is it the API of a forge?"
            ) from error


def from_environment(number: int | None) -> PullRequest:
    """The pull request that this process runs for."""
    return PullRequest.from_environment(os.environ, number)

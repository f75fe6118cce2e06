"""Whether the commit that is to be deployed is where Argo CD looks for it."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from ops.errors import CommandError, OpsError
from ops.git import is_ancestor, remote_head
from ops.platform import Platform


def require(platform: Platform, commit: str, say: Callable[[str], None]) -> None:
    """OpsError unless the branch that Argo CD follows is at the commit.

    A repository that cannot be asked from here is told of, and stops nothing: Argo CD may reach it.
    """
    address, branch = platform["repository-url"], platform["revision"]
    try:
        head = remote_head(Path(), address, branch)
    except CommandError as error:
        why = " ".join(str(error).split())
        say(f"whether {commit[:7]} is pushed cannot be asked here; Argo CD will tell: {why}")
        return
    if head == commit:
        return
    push = f"`git push origin HEAD:{branch}`, then deploy again"
    if not head:
        raise OpsError(f"{commit[:7]} is not pushed: {address} has no branch {branch}; {push}")
    there = f"{branch} of {address} is at {head[:7]}"
    if is_ancestor(Path(), head, commit):
        raise OpsError(f"{commit[:7]} is not pushed: {there}; {push}")
    mend = f"`git pull origin {branch}`, `git push` what is yours, then deploy again"
    raise OpsError(f"{commit[:7]} is not what Argo CD follows: {there}, not in it; {mend}")

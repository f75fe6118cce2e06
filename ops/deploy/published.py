"""Whether the commit to deploy is on the branch that Argo CD follows."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from ops.errors import CommandError, OpsError
from ops.host.git import is_ancestor, remote_head
from railiance.platform import Platform


def require(platform: Platform, commit: str, say: Callable[[str], None]) -> None:
    """OpsError unless the branch that Argo CD follows is at the commit.

    A repository that cannot be asked from here is reported and stops nothing: Argo CD may reach it.
    """
    address, branch = platform.repository_url, platform.revision
    try:
        head = remote_head(Path(), address, branch)
    except CommandError as error:
        why = " ".join(str(error).split())
        say(
            f"cannot check from here whether {commit[:7]} is pushed; Argo CD reports it if not: "
            f"{why}"
        )
        return
    if head == commit:
        return
    push = f"`git push origin HEAD:{branch}`, then deploy again"
    if not head:
        raise OpsError(f"{commit[:7]} is not pushed: {address} has no branch {branch}; {push}")
    there = f"{branch} of {address} is at {head[:7]}"
    if is_ancestor(Path(), head, commit):
        raise OpsError(f"{commit[:7]} is not pushed: {there}; {push}")
    fix = f"`git pull origin {branch}`, `git push`, then deploy again"
    raise OpsError(f"{commit[:7]} is not on the branch that Argo CD follows: {there}; {fix}")

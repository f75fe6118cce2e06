"""What is to be done after a secrets file was changed, as commands to paste."""

from collections.abc import Sequence

from ops.secrets.readers import TRAILER
from ops.secrets.wanted import Wanted

_COMMENTED = 34
"""The column at which comments begin."""


def next_steps(wanted: Wanted, *, platform: bool = False, added: Sequence[str] = ()) -> str:
    """The steps; the commit acknowledges added recipients."""
    apply = wanted.command("apply", *(["--platform"] if platform else []))
    trailers = "".join(f' --trailer "{TRAILER}: {recipient}"' for recipient in added)
    steps = (
        ("make synth", "the digest of the file rolls the pods"),
        ("git add secrets dist .sops.yaml", ""),
        (f'git commit -m "{wanted.app}: secrets"{trailers}', ""),
        (apply, "before Argo CD syncs the commit"),
        ("git push", "and have Argo CD sync it now"),
    )
    lines = [
        f"  {command:{_COMMENTED - 3}} # {comment}" if comment else f"  {command}"
        for command, comment in steps
    ]
    return "\n".join(["Next:", *lines])

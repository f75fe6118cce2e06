"""sops, which encrypts and decrypts.

What it says when it fails is not repeated where it could quote what it read: each failure known
gets a sentence of its own.
"""

import os
import re
import shlex
import sys
from dataclasses import replace
from pathlib import Path

from ops.errors import CommandError, OpsError
from ops.host.command import Command
from ops.secrets.keys import key_file

SOPS = Path(sys.executable).with_name("sops")
CONFIGURATION = Path(".sops.yaml")
FIX = "run `make setup`"
UNCHANGED = 200
LONGEST_EDIT_SECONDS = 24 * 60 * 60
WITHOUT_RULES = (SOPS, "--config", os.devnull)
"""A file states its own recipients; sops reads the rules all the same, and a broken rule, or one
above the repository, would stop it."""
_TAMPERED = ("MAC mismatch", "message authentication failed", "sops metadata")
_NO_KEY = "Failed to get the data key"
_RECIPIENT = re.compile(r"^ *(?:- )?recipient: *(\S+) *$", re.MULTILINE)


def environment() -> dict[str, str]:
    """The environment for sops: what says where the private key is, but no other recipients.

    sops takes SOPS_AGE_RECIPIENTS and its like for more than what .sops.yaml says.
    """
    kept = ("SOPS_AGE_KEY", "SOPS_AGE_SSH_", "SOPS_EDITOR")
    return {
        name: value
        for name, value in os.environ.items()
        if not name.startswith("SOPS_") or name.startswith(kept)
    }


def decrypt(file: Path) -> str:
    """What is encrypted in a file.

    Raises OpsError if no key here opens it, or if it was changed without sops.
    """
    command = Command([*WITHOUT_RULES, "decrypt", file], fix=FIX, environment=environment())
    try:
        return command.run()
    except CommandError as error:
        raise _explained(error, file) from None


def encrypt(text: str, file: Path) -> str:
    """The text encrypted as .sops.yaml says for a file of this path."""
    command = Command(
        [SOPS, "--config", CONFIGURATION, "encrypt", "--filename-override", file],
        fix=FIX,
        environment=environment(),
        stdin=text.encode(),
    )
    try:
        return command.run()
    except CommandError as error:
        if not error.output:
            raise
        problem = f"{file}: sops cannot encrypt it as {CONFIGURATION} says"
        fix = f"check that it has a creation rule for {file}, with age recipients"
        raise OpsError(f"{problem}; {fix}") from None


def edit(file: Path, scratch: Path) -> bool:
    """Opens the decrypted content in the operator's editor; whether it was changed.

    sops decrypts into a file below the scratch folder, which must be in memory.
    """
    command = Command(
        [*WITHOUT_RULES, "edit", file],
        fix=FIX,
        environment={**environment(), "TMPDIR": str(scratch)},
        accepted=(0, UNCHANGED),
    )
    if sys.stdin.isatty():
        return command.interact() != UNCHANGED
    return _edit_once(command, file, scratch)


def _edit_once(command: Command, file: Path, scratch: Path) -> bool:
    """Opens the editor once: without a terminal nobody could answer whether to open it again."""
    editor = os.environ.get("SOPS_EDITOR") or os.environ.get("EDITOR")
    if not editor:
        raise OpsError("there is no terminal: set EDITOR to a program that needs none")
    once = scratch / "editor"
    once.write_text(f'mkdir "$0.opened" || exit 1\nexec {shlex.join(shlex.split(editor))} "$@"\n')
    environment = {**(command.environment or {}), "SOPS_EDITOR": f"sh {once}"}
    before = file.read_bytes()
    answer = replace(command, environment=environment, timeout_seconds=LONGEST_EDIT_SECONDS)
    try:
        answer.run()
    except CommandError as error:
        if not error.output:
            raise
        problem = "the text that the editor saved is not valid YAML, or the editor failed"
        raise OpsError(f"secrets/{file.name}: is unchanged: {problem}; edit it again") from None
    return file.read_bytes() != before


def _explained(error: CommandError, file: Path) -> OpsError:
    if any(words in error.output for words in _TAMPERED):
        problem = "was changed without sops, so nothing in it can be trusted"
        edit = f"ops secrets edit --app {file.name.partition('.')[0]}"
        fix = f"restore the last good one with `git checkout`, and change it with `{edit}`"
        return OpsError(f"{file}: {problem}; {fix}")
    if _NO_KEY in error.output:
        whose = ", ".join(sorted(set(_RECIPIENT.findall(file.read_text())))) or "nobody"
        problem = f"no private key here opens it; it is encrypted for {whose}"
        fix = f"put the key of one of them into {key_file()}, or have one of them add yours"
        return OpsError(f"{file}: {problem}; {fix} (docs/how-to/secrets.md)")
    if not error.output:
        return error
    return OpsError(f"{file}: sops cannot decrypt it; `sops decrypt {file}` shows why")

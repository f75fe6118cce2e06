"""The receipt of a command that an operator runs in the app's pods."""

from __future__ import annotations

import secrets as randomness
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace

from ops.cluster.client import Cluster
from ops.deploy import receipt
from ops.deploy.lock import operator
from ops.deploy.receipt import CommandReceipt
from ops.documents.fleet import App
from ops.errors import AbortedError, ClusterError, OpsError
from railiance.plaintext import looks_secret, names_secret

HIDDEN = "…"


@dataclass
class Record:
    """What becomes known of a command while it runs."""

    where: str = ""
    """The Job or the pod that runs it."""
    exit_code: int = 0


@contextmanager
def kept(
    cluster: Cluster, app: App, words: Sequence[str], say: Callable[[str], None]
) -> Iterator[Record]:
    """Keep a receipt of a command: when it begins, and when it has ended.

    One that cannot be written is reported, and stops nothing.
    """
    begun = CommandReceipt(
        id=randomness.token_hex(2),
        started=receipt.now(),
        operator=operator(),
        command=shown(words),
    )
    record = Record()
    _keep(cluster, app, begun, say)
    outcome, reason = "failed", ""
    try:
        yield record
        if record.exit_code:
            reason = f"exit code {record.exit_code}"
        else:
            outcome = "succeeded"
    except (KeyboardInterrupt, AbortedError):
        outcome = "interrupted"
        raise
    except OpsError as error:
        reason = str(error).partition("\n")[0]  # the lines after it may be a pod's log
        raise
    finally:
        ended = replace(
            begun, where=record.where, finished=receipt.now(), outcome=outcome, reason=reason
        )
        _keep(cluster, app, ended, say)


def _keep(cluster: Cluster, app: App, made: CommandReceipt, say: Callable[[str], None]) -> None:
    try:
        receipt.keep(cluster, app, made)
    except ClusterError as error:
        say(f"the receipt could not be written: {error}")


def shown(words: Sequence[str]) -> str:
    """The words of a command on one line, without those that look secret.

    Of an option that names a secret, such as --password, its value is left out.
    """
    kept_words, is_value = [], False
    for word in words:
        name, has_value, _ = word.partition("=")
        is_option = word.startswith("-")
        if is_value and not is_option:
            kept_words.append(HIDDEN)
        elif has_value and names_secret(name.lstrip("-").replace("-", "_")):
            kept_words.append(f"{name}={HIDDEN}")
        else:
            kept_words.append(HIDDEN if looks_secret(word) else word)
        is_value = is_option and not has_value and names_secret(word.lstrip("-").replace("-", "_"))
    return " ".join(kept_words)

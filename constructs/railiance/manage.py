"""Commands for Django in an app's pods: rendered here, read and checked by ops."""

from collections.abc import Sequence
from dataclasses import dataclass

_WAIT_FOR_DATABASE = """\
import os, sys, time
import django
from django.db import OperationalError, connection
django.setup()
last = time.monotonic() + 30
while time.monotonic() < last:
    try:
        connection.ensure_connection()
        break
    except OperationalError:
        time.sleep(1)
"""
"""Goes on as soon as the database answers; after 30 s in any case, to show the error.
A new pod may be refused for a moment: while the database's Service has no ready endpoint, or until
the NetworkPolicy includes the new pod's address. A retry of the Job starts another pod with another
address, which is refused as well: the same pod has to wait.
"""


_RUN_MANAGE_PY = 'os.execv(sys.executable, [sys.executable, "manage.py", *sys.argv[1:]])\n'
_RUN_COMMAND = "os.execvp(sys.argv[1], sys.argv[1:])\n"
_MIGRATE = ("migrate", "--noinput")

EXIT_WHEN_MIGRATED = """\
import os, signal, time
import django
from django.core.management import call_command
from django.db import OperationalError, connections
signal.signal(signal.SIGTERM, lambda *_: os._exit(143))
django.setup()
while True:
    try:
        call_command("migrate", check_unapplied=True)
        break
    except SystemExit:
        why = "the database lacks a migration of this image"
    except OperationalError as error:
        why = str(error).strip()
    connections.close_all()
    print(f"waiting: {why}", flush=True)
    time.sleep(2)
"""
"""Exits as soon as the database has every migration of the image; checks every 2 s and prints why
it waits.
Argo CD can mistake the migrate Job of the previous sync, which it has just deleted, for the new one
and start the pods too early: https://github.com/argoproj/argo-cd/issues/10077.
It exits at once on SIGTERM: the first process of a container has no default handler for SIGTERM,
so a pod that is rolled back would stay until it is killed.
"""


@dataclass(frozen=True)
class Launcher:
    """What starts Django in an image."""

    command: tuple[str, ...] = ("python", "manage.py")
    """What starts a management command; its arguments follow."""
    python: str = "python"
    """The Python that can import Django and the settings."""

    def run(self, *arguments: str) -> list[str]:
        """A container's command: a management command, once the database answers."""
        if self.command == Launcher.command:
            return [self.python, "-c", _WAIT_FOR_DATABASE + _RUN_MANAGE_PY, *arguments]
        return [self.python, "-c", _WAIT_FOR_DATABASE + _RUN_COMMAND, *self.command, *arguments]

    def migrate(self) -> list[str]:
        """The command that migrates the database."""
        return self.run(*_MIGRATE)

    def wait_for_migrations(self) -> list[str]:
        """The command of the init container of every pod that needs the new schema."""
        return [self.python, "-c", EXIT_WHEN_MIGRATED]

    @classmethod
    def from_migrate(cls, command: Sequence[str] | None) -> "Launcher | None":
        """The launcher of a command that `migrate` made; None if it is another command."""
        if not command or len(command) < len(cls().migrate()):
            return None
        python, _, script, *rest = command
        is_usual = script.endswith(_RUN_MANAGE_PY)
        launcher = cls(python=python) if is_usual else cls(tuple(rest[: -len(_MIGRATE)]), python)
        return launcher if launcher.migrate() == list(command) else None

"""Commands of an app's manage.py in pods of the app: rendered here, asked for by the gate."""

ONCE_LET_IN = """\
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
os.execv(sys.executable, [sys.executable, "manage.py", *sys.argv[1:]])
"""
"""Runs manage.py as soon as the database answers; after 30 s anyway, to say why it does not.

A new pod may be refused for a moment: while the database's Service has no ready pod behind it, or
until the NetworkPolicy before it has learned the new pod's address. Another try of a Job is another
pod with another address, so it is refused as well: the same pod has to wait.
"""


def manage_py(*arguments: str) -> list[str]:
    """A container's command: `manage.py` with these arguments, once the database lets it in."""
    return ["python", "-c", ONCE_LET_IN, *arguments]


MIGRATE = manage_py("migrate", "--noinput")
"""The command of a migrate Job."""

ONCE_MIGRATED = """\
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
"""Ends as soon as the database has every migration of the image; asks every 2 s, says why it waits.

Argo CD can take the migrate Job of the sync before, which it has just deleted, for the new one, and
so begin with the pods at once: https://github.com/argoproj/argo-cd/issues/10077.
Told to end, it ends at once: the first process of a container has no handler of its own for
SIGTERM, and a pod that is rolled back would stay until it is killed.
"""
WAIT_FOR_MIGRATIONS = ["python", "-c", ONCE_MIGRATED]
"""The command of the container that starts before a web pod's own."""

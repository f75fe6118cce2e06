"""Commands for manage.py in an app's pods: rendered here, checked by the gate."""

RUN_WHEN_DATABASE_ANSWERS = """\
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
"""Runs manage.py as soon as the database answers; after 30 s in any case, to show the error.
A new pod may be refused for a moment: while the database's Service has no ready endpoint, or until
the NetworkPolicy includes the new pod's address. A retry of the Job starts another pod with another
address, which is refused as well: the same pod has to wait.
"""


def manage_py(*arguments: str) -> list[str]:
    """A container's command: `manage.py` with these arguments, once the database answers."""
    return ["python", "-c", RUN_WHEN_DATABASE_ANSWERS, *arguments]


MIGRATE = manage_py("migrate", "--noinput")
"""The command of a migrate Job."""

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
WAIT_FOR_MIGRATIONS = ["python", "-c", EXIT_WHEN_MIGRATED]
"""The command of the init container of a web pod."""

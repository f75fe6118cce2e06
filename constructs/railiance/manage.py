"""Commands of an app's manage.py in a pod of their own: rendered here, asked for by the gate."""

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

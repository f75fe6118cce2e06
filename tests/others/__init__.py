"""Apps that other people publish, each declared in a file of its own.

They show what can be declared, and what cannot. Versions are those that were looked at; digests are
made up. docs/other-apps.md lists them all. `make rehearse-apps` runs pretalx and NetBox.
"""

from railiance import DjangoApp
from tests.others.babybuddy import BABYBUDDY
from tests.others.bakerydemo import BAKERYDEMO
from tests.others.cookiecutter_django import COOKIECUTTER_DJANGO
from tests.others.healthchecks import HEALTHCHECKS
from tests.others.inventree import INVENTREE
from tests.others.mailman_web import MAILMAN_WEB
from tests.others.mayan import MAYAN
from tests.others.netbox import NETBOX
from tests.others.paperless import PAPERLESS
from tests.others.pretalx import PRETALX
from tests.others.pretix import PRETIX
from tests.others.tandoor import TANDOOR
from tests.others.weblate import WEBLATE

APPS: tuple[DjangoApp, ...] = (
    *(BABYBUDDY, BAKERYDEMO, COOKIECUTTER_DJANGO, HEALTHCHECKS, INVENTREE, MAILMAN_WEB, MAYAN),
    *(NETBOX, PAPERLESS, PRETALX, PRETIX, TANDOOR, WEBLATE),
)
"""Every one that can be declared."""

"""`manage.py seed`: examples to begin with."""

import datetime
from typing import Any

from django.core.management.base import BaseCommand

from ausschreibungen.models import Ausschreibung

EXAMPLES = (
    ("Neubau Kindertagesstätte", "Stadt Musterstadt", datetime.date(2030, 3, 31)),
    ("Straßenbeleuchtung", "Gemeinde Beispielhausen", datetime.date(2030, 6, 30)),
)


class Command(BaseCommand):
    """Creates the examples that are not there yet; twice is harmless."""

    help = "Legt Beispiele an, soweit sie fehlen."

    def handle(self, *_args: Any, **_options: Any) -> None:
        """Look for each by its title."""
        made = 0
        for titel, auftraggeber, frist in EXAMPLES:
            _, new = Ausschreibung.objects.get_or_create(
                titel=titel, defaults={"auftraggeber": auftraggeber, "frist": frist}
            )
            made += new
        self.stdout.write(f"{made} angelegt, {len(EXAMPLES) - made} schon da")

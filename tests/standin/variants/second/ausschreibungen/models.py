"""What is stored."""

from django.db import models
from django.urls import reverse


class Ausschreibung(models.Model):
    """A public tender that one may take part in."""

    class Status(models.TextChoices):
        """How far the taking part has come."""

        NEU = "neu", "Neu"
        LAEUFT = "laeuft", "In Bearbeitung"
        ABGEGEBEN = "abgegeben", "Abgegeben"

    titel = models.CharField("Titel", max_length=200)
    auftraggeber = models.CharField("Auftraggeber", max_length=200)
    frist = models.DateField("Abgabefrist")
    status = models.CharField("Status", choices=Status, default=Status.NEU, max_length=20)
    notiz = models.TextField("Notiz", blank=True, db_default="")

    class Meta:
        """Soonest first."""

        ordering = ("frist", "titel")
        verbose_name, verbose_name_plural = "Ausschreibung", "Ausschreibungen"

    def __str__(self) -> str:
        return self.titel

    def get_absolute_url(self) -> str:
        """Its own page."""
        return reverse("ausschreibung", args=[self.pk])

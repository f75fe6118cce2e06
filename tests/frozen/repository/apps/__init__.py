"""The apps that run on railiance01."""

from apps.vergabe_teilnahme import VERGABE_TEILNAHME

APPS = (VERGABE_TEILNAHME,)

"""Production with one thing wrong, which STANDIN_BROKEN names."""

import os

from vergabe_teilnahme.settings.prod import *  # noqa: F403 (the settings, and what differs)
from vergabe_teilnahme.settings.prod import MIDDLEWARE

BROKEN = os.environ["STANDIN_BROKEN"]

if BROKEN == "debug":
    DEBUG = True
    STORAGES = {"staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}}
elif BROKEN == "no hsts":
    SECURE_HSTS_SECONDS = 0
elif BROKEN == "csrf":  # the browser keeps no cookie that belongs to another domain
    CSRF_COOKIE_DOMAIN = "anderswo.example.org"
elif BROKEN == "cookies":
    SESSION_COOKIE_SECURE = False
else:
    MIDDLEWARE = ["vergabe_teilnahme.broken.Broken", *MIDDLEWARE]

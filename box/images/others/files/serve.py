"""An app's WSGI application behind WhiteNoise, for images whose only web server is gunicorn."""

import os
from importlib import import_module
from pathlib import Path

from django.conf import settings
from whitenoise import WhiteNoise

application = WhiteNoise(
    import_module(os.environ["SERVED_WSGI"]).application,
    root=Path(__file__).with_name("static"),
    prefix=settings.STATIC_URL,
)
if "SERVED_MEDIA" in os.environ:
    # Looks for each file when it is requested, because uploads come while the process runs.
    application = WhiteNoise(
        application, root=settings.MEDIA_ROOT, prefix=settings.MEDIA_URL, autorefresh=True
    )

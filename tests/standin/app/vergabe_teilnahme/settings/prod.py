"""Production, behind a proxy that ends TLS; what differs between places comes from outside."""

import os
from pathlib import Path

import dj_database_url

BASE = Path(__file__).parents[2]

SECRET_KEY = os.environ["SECRET_KEY"]
DATABASES = {"default": dj_database_url.parse(os.environ["DATABASE_URL"], conn_health_checks=True)}
OPTIONS = DATABASES["default"].setdefault("OPTIONS", {})
# By default psycopg waits 130 s for an address that says nothing, as that of a pod that has just
# gone; three such attempts are all that a pool makes at a time.
OPTIONS["connect_timeout"] = 5
# What serves keeps as many connections as it has threads, open from its start. So a changed
# password is met only by the pods that have it; and a connection is looked at before it is used, so
# that a database which was away is no error once it is back. Who is given none waits for one, long
# enough for four that were cut: 1, 2 and 4 s between them. A pool that could make none tries again
# when it is next asked.
if SIZE := int(os.environ.get("DATABASE_POOL_SIZE", "0")):
    OPTIONS["pool"] = {"min_size": SIZE, "max_size": SIZE, "timeout": 10, "reconnect_timeout": 5}
ALLOWED_HOSTS = os.environ["ALLOWED_HOSTS"].split(",")
CSRF_TRUSTED_ORIGINS = os.environ["CSRF_TRUSTED_ORIGINS"].split(",")
DEBUG = False

SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
SECURE_SSL_REDIRECT = True
SECURE_HSTS_SECONDS = 31_536_000
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = True

INSTALLED_APPS = [
    "django.contrib.admin",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "django_htmx",
    "ausschreibungen",
]
MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
]
ROOT_URLCONF = "vergabe_teilnahme.urls"
WSGI_APPLICATION = "vergabe_teilnahme.wsgi.application"
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
            ]
        },
    }
]
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
LOGIN_URL = "admin:login"
LANGUAGE_CODE, TIME_ZONE = "de", "Europe/Berlin"
STATIC_URL, STATIC_ROOT = "/static/", os.environ.get("STATIC_ROOT", BASE / "staticfiles")
MEDIA_ROOT = BASE / "media"
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {"BACKEND": "whitenoise.storage.CompressedManifestStaticFilesStorage"},
}
if BUCKET := os.environ.get("AWS_STORAGE_BUCKET_NAME"):
    STORAGES["default"] = {
        "BACKEND": "storages.backends.s3.S3Storage",
        "OPTIONS": {
            "bucket_name": BUCKET,
            "endpoint_url": os.environ["AWS_S3_ENDPOINT_URL"],
            "region_name": os.environ["AWS_S3_REGION_NAME"],
            "access_key": os.environ["AWS_S3_ACCESS_KEY_ID"],
            "secret_key": os.environ["AWS_S3_SECRET_ACCESS_KEY"],
            # As on a volume, a second file of one name gets another.
            "file_overwrite": False,
        },
    }
LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"line": {"format": "%(asctime)s %(levelname)s %(name)s: %(message)s"}},
    "handlers": {"stderr": {"class": "logging.StreamHandler", "formatter": "line"}},
    "root": {"handlers": ["stderr"], "level": "INFO"},
    "loggers": {
        "django": {"handlers": ["stderr"], "propagate": False},
        # It says which connection each request is given.
        "psycopg.pool": {"level": "WARNING"},
    },
}

"""What a project that `wagtail start` has made needs in production; its settings import this."""

import os

import dj_database_url

from .base import INSTALLED_APPS as OF_THE_PROJECT

INSTALLED_APPS = [*OF_THE_PROJECT, "django.contrib.postgres"]
SECRET_KEY = os.environ["SECRET_KEY"]
ALLOWED_HOSTS = os.environ["ALLOWED_HOSTS"].split(",")
CSRF_TRUSTED_ORIGINS = os.environ["CSRF_TRUSTED_ORIGINS"].split(",")
WAGTAILADMIN_BASE_URL = CSRF_TRUSTED_ORIGINS[0]
DATABASES = {"default": dj_database_url.config(conn_max_age=60, conn_health_checks=True)}
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
SECURE_SSL_REDIRECT = True
SECURE_HSTS_SECONDS = 31536000
SESSION_COOKIE_SECURE = True
CSRF_COOKIE_SECURE = True

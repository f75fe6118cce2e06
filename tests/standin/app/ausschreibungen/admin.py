"""The admin's pages."""

from django.contrib import admin

from ausschreibungen.models import Ausschreibung

admin.site.register(Ausschreibung)

"""Installs what the Django stand-in runs on: `make` does it before the rehearsals."""

"""Installs the dependencies of the Django stand-in; `make` runs it before the rehearsals."""

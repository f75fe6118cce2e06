"""Installs another version of Python: `.ci/run` tries the project on it."""

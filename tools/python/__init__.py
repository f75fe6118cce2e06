"""Installs another version of Python, with which `.ci/run` tests the project."""

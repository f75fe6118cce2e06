"""Errors of the benchmark."""


class BenchError(Exception):
    """The measurement failed; the message states why and how to fix it."""

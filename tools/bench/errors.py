"""Why a benchmark stops."""


class BenchError(Exception):
    """No figure can be given; the message says why, and what mends it."""

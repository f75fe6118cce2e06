"""`python -m ops` is `ops`."""

from ops.cli import program

program()

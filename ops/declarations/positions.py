"""Where something of a Python file stands in its bytes, so that it alone can be changed."""

import ast


def place(node: ast.expr, source: bytes) -> tuple[int, int]:
    """The node's first byte, and the one behind its last; lines count from 1, columns in bytes."""
    assert node.end_lineno is not None
    assert node.end_col_offset is not None
    lines = source.splitlines(keepends=True)
    before_first = sum(map(len, lines[: node.lineno - 1]))
    before_last = sum(map(len, lines[: node.end_lineno - 1]))
    return before_first + node.col_offset, before_last + node.end_col_offset

"""Which tests one worker runs together."""

import pytest
from xdist.scheduler import LoadScopeScheduling

TOGETHER = ("tests/tools/test_watch.py", "tests/gate/test_policy.py")
"""Files whose tests share what takes long to find, or to start. They come first: begun last, they
would leave the other worker without work."""


def begin_with_together(items: list[pytest.Item]) -> None:
    """Sorts the tests, of which workers take one after the other."""
    items.sort(key=lambda item: _file(item.nodeid) not in TOGETHER)


def _file(nodeid: str) -> str:
    return nodeid.partition("::")[0]


class ByTest(LoadScopeScheduling):  # type: ignore[misc] # has no types
    """Gives workers one test after the other, and what belongs together to one of them.

    xdist's own groups are not seen with pytest 9.2, where the id of a test cannot be extended.
    """

    def _split_scope(self, nodeid: str) -> str:
        file = _file(nodeid)
        return file if file in TOGETHER else nodeid

"""Which tests one worker runs together."""

from xdist.scheduler import LoadScopeScheduling

TOGETHER = ("tests/gate/test_policy.py", "tests/tools/test_watch.py")
"""Files whose tests share what takes long to find, or to start."""


class ByTest(LoadScopeScheduling):  # type: ignore[misc] # has no types
    """Gives workers one test after the other, and what belongs together to one of them.

    xdist's own groups are not seen with pytest 9.2, where the id of a test cannot be extended.
    """

    def _split_scope(self, nodeid: str) -> str:
        file = nodeid.partition("::")[0]
        return file if file in TOGETHER else nodeid

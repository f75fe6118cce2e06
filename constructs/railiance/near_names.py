"""Names that somebody may have meant by another."""

import difflib
from collections.abc import Sequence

MOST = 3
SHORTEST = 2
"""A part of a name that is shorter says nothing."""


def near_names(name: str, known: Sequence[str]) -> list[str]:
    """The known names that are spelt alike, that a name abbreviates, or that share a word with it.

    At most three, the nearest first; none if there are more.
    """
    wanted = name.lower().strip("_")
    if spelt := difflib.get_close_matches(wanted, known, n=1, cutoff=0.85):
        return spelt
    for is_near in (_begins, _shares_a_word):
        if found := [other for other in known if is_near(wanted, other)]:
            return found if len(found) <= MOST else []
    abbreviated = [other for other in known if _abbreviates(wanted, other)]
    return abbreviated[:1] if len(abbreviated) == 1 else difflib.get_close_matches(wanted, known, 1)


def _begins(name: str, other: str) -> bool:
    word = _singular(name.partition("_")[0])
    return len(word) >= SHORTEST and (other.startswith(word) or name.startswith(other))


def _shares_a_word(name: str, other: str) -> bool:
    ours, theirs = (set(map(_singular, text.split("_"))) for text in (name, other))
    return any(len(word) > SHORTEST for word in ours & theirs)


def _singular(word: str) -> str:
    return word.removesuffix("s")


def _abbreviates(name: str, other: str) -> bool:
    """Whether its letters stand in the other in this order, the first and a later one of it."""
    if len(name) < SHORTEST or name[0] != other[0]:
        return False
    letters = iter(other)
    return all(letter in letters for letter in name)

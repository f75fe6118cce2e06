"""Rehearsal 60: the order that `ops plan` foretells is the one that Argo CD takes."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.e2e.histories import SEEDS, at_random, made_up
from tests.e2e.side_by_side import SideBySide

if TYPE_CHECKING:
    from collections.abc import Callable

    from tests.e2e.rehearsal import Rehearsal


@pytest.mark.own_control_plane
@pytest.mark.rehearsal(60, "Argo CD takes the order that ops plan foretells")
def test_order_is_the_one_foretold(
    rehearsal: Rehearsal, record_property: Callable[[str, object], None]
) -> None:
    histories = [*made_up(), *map(at_random, SEEDS)]
    stage = SideBySide(rehearsal, histories)
    problems = []
    try:
        stage.begin()
        for number in range(max(len(history.states) for history in histories)):
            problems += stage.play(number)
    finally:
        stage.end()
    record_property("note", f"{len(histories)} histories, {stage.syncs} syncs")
    assert not problems, "\n".join(problems)

from __future__ import annotations

import qc
from qc.items.states import AUTO_APPROVED, REJECTED


def test_what_passed_in_spite_of_a_warning_is_set_aside_and_taken_back_where_it_is_listed(reviewing, run, demo_folder):
    lab = qc.open_lab(demo_folder)

    async def journey():
        async with reviewing(demo_folder, first="warnings", size=(80, 24)) as reviewer:
            screen = reviewer.app.screen
            await reviewer.until(lambda: bool(screen.found))
            await reviewer.pilot.pause()
            item, n_listed = screen.current().about.shown.item, len(screen.found)
            await reviewer.press("x", "escape")
            left = reviewer.acts()
            await reviewer.press("x")
            await reviewer.press("down", "ctrl+s")
            await reviewer.until(lambda: len(screen.found) == n_listed - 1)
            rejected = lab.show(item).state
            await reviewer.press("u")
            await reviewer.until(lambda: len(screen.found) == n_listed)
            return item, left, rejected

    item, left, rejected = run(journey())

    assert left == []
    assert rejected == REJECTED
    assert lab.show(item).state == AUTO_APPROVED

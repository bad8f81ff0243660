from __future__ import annotations

from tui.screens.table_of_screens import SCREENS, new_screen


def test_a_screen_that_is_left_before_it_was_painted_breaks_nothing(reviewing, run, demo_folder):
    async def journey():
        async with reviewing(demo_folder, first="log") as reviewer:
            for name in SCREENS:
                await reviewer.app.go_to(new_screen(name))
                await reviewer.app.leave_view()
            await reviewer.pilot.pause()
            return reviewer.screen_name

    assert run(journey()) == "LogView"

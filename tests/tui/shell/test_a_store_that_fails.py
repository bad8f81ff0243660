"""A store that is busy or older is told on every screen, whatever key asks it; no key ends the visit by that."""

from __future__ import annotations

from schemas.errors import StoreBusyError
from tui.model import worker
from tui.screens.table_of_screens import SCREENS

KEYS = ("f5", "enter", *"anx")


def test_no_key_of_any_screen_ends_the_visit_while_the_stores_are_busy(reviewing, run, demo_folder, monkeypatch):
    asked, settle = [], worker._settle

    def busy(answer, *_):
        asked.append(answer)
        settle(answer, None, StoreBusyError("the stores are busy"))

    async def visit():
        async with reviewing(demo_folder) as reviewer:
            for name in SCREENS:
                await reviewer.app.action_go(name)
                await reviewer.pilot.pause()
                with monkeypatch.context() as busily:
                    busily.setattr(worker, "_settle", busy)
                    for key in KEYS:
                        await reviewer.type_ahead(key)
                        assert reviewer.app._exception is None, (name, key)
                while len(reviewer.app.screen_stack) > 2:
                    await reviewer.app.pop_screen()

    run(visit())
    assert len(asked) > len(SCREENS)

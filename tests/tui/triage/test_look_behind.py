from __future__ import annotations

import qc
from qc.items.masking import IDENTITY
from tui.screens.warnings import WarningsView


def test_one_recorded_act_looks_behind_a_mask_and_nothing_is_told_before(reviewing, run, demo_folder):
    async def journey():
        async with reviewing(demo_folder, first="warnings") as reviewer:
            screen = reviewer.app.screen
            assert isinstance(screen, WarningsView)
            await reviewer.until(lambda: bool(screen.found))
            await reviewer.pilot.pause()
            item, blinded = screen.current().about.shown.item, reviewer.text()
            await reviewer.press("U", "escape")
            left = reviewer.acts()
            await reviewer.press("U", *"a tube", "ctrl+s")
            await reviewer.until(lambda: "unblinded" in reviewer.text())
            return item, blinded, left, reviewer.text()

    item, blinded, left, told = run(journey())

    (entry,) = [one for one in qc.open_lab(demo_folder).ledger.entries() if str(one.kind) == "unblinding"]
    assert IDENTITY.sentence in blinded
    assert "subject" not in blinded
    assert left == []
    assert (entry.object, entry.body["reason"]) == (item, "a tube")
    assert "subject" in told
    assert f"ledger entry {entry.seq}" in told


def test_where_nothing_is_masked_nothing_is_asked(reviewing, run, demo_folder, monkeypatch):
    async def journey():
        async with reviewing(demo_folder) as reviewer:
            said: list[str] = []
            monkeypatch.setattr(reviewer.app, "say", lambda words, **_: said.append(words))
            await reviewer.press("U")
            await reviewer.until(lambda: bool(said))
            return said, reviewer.acts()

    said, acts = run(journey())

    assert "is masked" in said[0]
    assert acts == []

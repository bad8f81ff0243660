from __future__ import annotations

import qc
from qc.decide.queue_causes import by_cause


def _told(folder):
    return by_cause(qc.open_lab(folder).queue())


def test_causes_lead_and_unfold(reviewing, run, demo_folder):
    told = _told(demo_folder)

    async def journey():
        async with reviewing(demo_folder, by_cause=True) as reviewer:
            n_folded, folded = reviewer.model.n_rows, reviewer.text()
            await reviewer.press("enter")
            n_unfolded, first = reviewer.model.n_rows, reviewer.model.row(1)
            await reviewer.press("j", "o")
            return n_folded, folded, n_unfolded, first, reviewer.model.n_rows, reviewer.app.screen.table.cursor

    n_folded, folded, n_unfolded, first, n_again, cursor = run(journey())

    worst = told.causes[0]
    assert n_folded == n_again == told.n_items
    assert f"{told.n_items} waiting: {len(told.causes)} shared causes" in folded
    assert f"▸ {worst.cause}" in folded
    assert f"{worst.n_results} results: take another aliquot" in folded
    assert n_unfolded == n_folded + worst.n_items
    assert first.item in worst.items
    assert cursor == 0


def test_one_verb_on_a_cause_decides_on_all_of_it_and_one_key_takes_it_back(reviewing, run, demo_folder):
    told = _told(demo_folder)

    async def journey():
        async with reviewing(demo_folder, by_cause=True) as reviewer:
            await reviewer.press("x", "down", "ctrl+s")
            await reviewer.until(lambda: bool(reviewer.acts()))
            await reviewer.until(lambda: reviewer.model.n_rows == told.n_items - 1)
            decided = reviewer.acts()
            await reviewer.press("u")
            await reviewer.until(lambda: reviewer.model.n_rows == told.n_items)
            return decided, reviewer.acts()

    decided, acts = run(journey())

    assert {(act, item) for act, item, _ in decided} == {("reject", item) for item in told.causes[0].items}
    assert len(acts) == 2 * len(decided)


def test_what_is_unmarked_beneath_a_marked_cause_is_left_out_by_name(reviewing, run, demo_folder):
    cause = _told(demo_folder).causes[0]

    async def journey():
        async with reviewing(demo_folder, by_cause=True) as reviewer:
            await reviewer.press("enter", "space", "space")
            marked = reviewer.text()
            await reviewer.press("x")
            await reviewer.until(lambda: reviewer.screen_name == "DecisionDialog")
            await reviewer.pilot.pause()
            asked = reviewer.text()
            await reviewer.press("down", "ctrl+s")
            await reviewer.until(lambda: bool(reviewer.acts()))
            return marked, asked, reviewer.acts()

    marked, asked, acts = run(journey())

    left_out = cause.items[0]
    n = cause.n_items - 1
    assert f"{n} marked" in marked
    assert f"left out on purpose: {left_out}" in asked
    assert {item for _, item, _ in acts} == set(cause.items) - {left_out}
    entries = qc.open_lab(demo_folder).ledger.entries()
    bulk = next(e.body["bulk"] for e in entries if str(e.kind) == "decision")
    assert bulk["exceptions"] == [left_out]


def test_items_stand_by_themselves_where_they_are_named_or_asked_for(reviewing, run, demo_folder):
    told = _told(demo_folder)
    cause = told.causes[0]

    async def journey():
        async with reviewing(demo_folder, by_cause=True) as reviewer:
            await reviewer.press("/", *f"cause:{cause.cause}", "enter")
            await reviewer.until(lambda: reviewer.model.n_rows == cause.n_items, wait_s=20)
            await reviewer.press("escape", "K")
            await reviewer.until(lambda: reviewer.model.is_current and not reviewer.model.cause_names())
            return reviewer.model.n_rows

    assert run(journey()) == len(qc.open_lab(demo_folder).queue())

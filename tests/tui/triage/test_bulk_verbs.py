from __future__ import annotations

import pytest

import qc
from qc.store.entry import Kind


@pytest.fixture
def few_are_many(monkeypatch):
    monkeypatch.setattr("qc.triage.queue.MOST_MARKED", 5)


def test_all_that_fits_is_decided_and_taken_back_whatever_its_number(reviewing, run, demo_folder, few_are_many):
    async def journey():
        async with reviewing(demo_folder, text="rule:csf_blood") as reviewer:
            n = reviewer.model.n_rows
            left_out = reviewer.model.row(0).item
            await reviewer.press("*")
            marked, n_rows_held = len(reviewer.model.marks), len(reviewer.model.marks.rows)
            await reviewer.press("space", "a")
            await reviewer.until(lambda: reviewer.screen_name == "DecisionDialog")
            await reviewer.pilot.pause()
            asked = reviewer.text()
            if n - 1 > 9:
                await reviewer.press(*str(n), "enter")
                await reviewer.until(lambda: "is not the number of items" in reviewer.text())
                await reviewer.press("ctrl+u", *str(n - 1), "enter")
            await reviewer.press(*"looked at all", "enter")
            await reviewer.until(lambda: len(reviewer.acts()) == n - 1)
            await reviewer.until(lambda: reviewer.model.is_current and reviewer.model.n_rows == 1)
            bulk = qc.open_lab(demo_folder).ledger.entries(kinds=[Kind.DECISION])[0].body["bulk"]
            await reviewer.press("u")
            await reviewer.until(lambda: len(reviewer.acts()) == 2 * (n - 1))
            await reviewer.until(lambda: reviewer.model.is_current and reviewer.model.n_rows == n)
            return n, left_out, marked, n_rows_held, asked, bulk

    n, left_out, marked, n_rows_held, asked, bulk = run(journey())

    assert (marked, n_rows_held) == (n, 0)
    assert f"{n - 1} items: all that fits 'rule:csf_blood'" in asked
    assert f"left out on purpose: {left_out}" in asked
    assert bulk == {"n": n - 1, "cause": "looked at all", "exceptions": [left_out]}
    assert qc.open_lab(demo_folder).ledger.verify() == []


def test_what_was_decided_by_others_since_the_look_refuses_the_whole(
    reviewing, run, demo_folder, few_are_many, monkeypatch
):
    async def journey():
        async with reviewing(demo_folder, text="rule:csf_blood") as reviewer:
            await reviewer.press("*")
            item = reviewer.model.row(2).item
            qc.open_lab(demo_folder).decide(item, "comment", note="a comment is no conflict", actor="anna")
            qc.open_lab(demo_folder).decide(item, "approve", actor="anna")
            said: list[str] = []
            monkeypatch.setattr(reviewer.app, "say", lambda words, **_: said.append(words))
            await reviewer.press("a")
            await reviewer.until(lambda: bool(said))
            return [act for act, _, _ in reviewer.acts()], reviewer.screen_name, said

    acts, screen, said = run(journey())

    assert (acts, screen) == (["comment", "approve"], "TriageView")
    assert "items fit the filter now" in said[0]


def test_the_cost_of_a_rejection_is_told_for_all_that_fits(reviewing, run, demo_folder, few_are_many):
    qc.open_lab(demo_folder).lock_plan(demo_folder / "plan.toml", actor="tester")

    async def journey():
        async with reviewing(demo_folder, text="scope:result") as reviewer:
            items = [reviewer.model.row(at).item for at in range(reviewer.model.n_rows)]
            await reviewer.press("*", "x")
            await reviewer.until(lambda: getattr(reviewer.app.screen, "cost", None) is not None)
            return items, reviewer.app.screen.cost, reviewer.acts()

    items, cost, acts = run(journey())

    assert cost == list(qc.open_lab(demo_folder).pair_cost(items).sentences)
    assert cost
    assert [act for act, _, _ in acts] == ["plan_lock"]


def test_the_cursor_goes_on_to_the_next_item_that_is_not_decided(reviewing, run, demo_folder):
    async def journey():
        async with reviewing(demo_folder, text="rule:csf_blood") as reviewer:
            items = [reviewer.model.row(at).item for at in range(4)]
            await reviewer.press("j", "a", "k", "k", "a")
            await reviewer.until(lambda: len(reviewer.acts()) == 2)
            return items, reviewer.acts(), reviewer.app.screen.table.cursor

    items, acts, cursor = run(journey())

    assert [item for _, item, _ in acts] == [items[1], items[0]]
    assert cursor == 2


def test_what_is_decided_outside_of_the_list_is_not_counted_in_it(reviewing, run, fuller_lab):
    folder = fuller_lab(480, 120)

    async def journey():
        async with reviewing(folder, text="run:bulk") as reviewer:
            last = reviewer.model.n_rows - 1
            lab = qc.open_lab(folder)
            lab.decide("R20.103", "approve", actor="anna")  # waits too, in no run of this list
            await reviewer.until(lambda: "R20.103" in reviewer.model.words_by_item)
            outside = reviewer.model.n_decided()
            inside = (await reviewer.model.row_now(last)).item
            reviewer.model.sections.alone.pages.pop(last // 128)
            lab.decide(inside, "reject", reason="identity_in_doubt", actor="anna")
            await reviewer.until(lambda: reviewer.model.n_decided() == 1)
            return outside, reviewer.model.n_rows

    outside, n_rows = run(journey())

    assert outside == 0
    assert n_rows == 480

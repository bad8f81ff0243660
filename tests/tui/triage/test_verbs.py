from __future__ import annotations

from types import SimpleNamespace

import pytest

from qc.items.decisions import Act
from qc.store.entry import Kind
from tui.dialogs.decision import DecisionDialog


def test_a_cost_that_is_counted_before_its_dialog_is_there_is_kept_for_it(run):
    async def counted_early():
        summary = SimpleNamespace(n_by_rule={}, n_items=1)
        dialog = DecisionDialog(SimpleNamespace(needs_reason=True, reasons=(), summary=summary, act=Act.REJECT), [])
        dialog.show_cost(["It would cost 3 pairs."], "bad")
        return dialog.cost

    assert run(counted_early()) == ["It would cost 3 pairs."]


def test_enter_never_rejects(reviewing, run, demo_folder):
    async def journey():
        async with reviewing(demo_folder) as reviewer:
            await reviewer.press("x", *"ident", *["enter"] * 6)
            return reviewer.acts(), reviewer.screen_name, reviewer.text()

    acts, screen, text = run(journey())

    assert (acts, screen) == ([], "DecisionDialog")
    assert "Enter rejects nothing" in text


def test_no_letter_or_arrow_alone_confirms_a_rejection_or_a_repeat(reviewing, run, demo_folder):
    async def journey():
        async with reviewing(demo_folder) as reviewer:
            for verb in "xrd":
                await reviewer.press(verb, "down", "up", "right", *"yoab", "escape")
            return reviewer.acts(), reviewer.screen_name

    assert run(journey()) == ([], "TriageView")


def test_an_approval_over_a_failure_needs_a_reason(reviewing, run, demo_folder):
    async def journey():
        async with reviewing(demo_folder) as reviewer:
            await reviewer.press("a", "enter", "enter", "ctrl+s")
            return reviewer.acts(), reviewer.text()

    acts, text = run(journey())

    assert acts == []
    assert "A reason is needed" in text


def test_a_decision_moves_on_and_shows_where_the_item_stands(reviewing, run, demo_folder):
    async def journey():
        async with reviewing(demo_folder) as reviewer:
            await reviewer.press("a", *"haem", "enter", "enter")
            await reviewer.until(lambda: "approved" in reviewer.text())
            return reviewer.app.screen.table.cursor

    assert run(journey()) == 1


def test_undo_takes_back_by_a_new_entry_and_the_item_can_be_decided_anew(reviewing, run, demo_folder):
    async def journey():
        async with reviewing(demo_folder) as reviewer:
            await reviewer.press("a", *"haem", "enter", "enter", "u", "k", "x", *"ident", "enter", "ctrl+s")
            await reviewer.until(lambda: len(reviewer.acts()) == 3)
            return reviewer.acts()

    acts = run(journey())

    assert [act for act, _, _ in acts] == ["approve", "undo", "reject"]
    assert len({item for _, item, _ in acts}) == 1


def test_a_bulk_needs_its_number_typed_and_is_undone_as_a_whole(reviewing, run, demo_folder):
    async def journey():
        async with reviewing(demo_folder) as reviewer:
            await reviewer.press("/", *"verdict:warn", "enter", "*")
            n = len(reviewer.model.marks)
            await reviewer.press("a", *str(n + 1), "enter")
            await reviewer.until(lambda: "is not the number of items" in reviewer.text())
            await reviewer.press("ctrl+u", *str(n), "enter", *"looked at all", "enter")
            await reviewer.until(lambda: len(reviewer.acts()) == n)
            await reviewer.press("u")
            await reviewer.until(lambda: len(reviewer.acts()) == 2 * n)
            return n, reviewer.acts()

    n, acts = run(journey())

    assert n > 9
    assert [act for act, _, _ in acts] == ["approve"] * n + ["undo"] * n


def test_marks_survive_a_filter_and_are_undone(reviewing, run, demo_folder):
    async def journey():
        async with reviewing(demo_folder) as reviewer:
            await reviewer.press("space", "space", "/", *"iron", "enter")
            kept = len(reviewer.model.marks)
            await reviewer.press("u")
            return kept, len(reviewer.model.marks), "1 marked" in reviewer.text()

    assert run(journey()) == (2, 1, True)


def test_what_was_unmarked_of_a_bulk_is_told_as_an_exception(reviewing, run, demo_folder):
    async def journey():
        import qc

        async with reviewing(demo_folder, text="rule:csf_blood") as reviewer:
            left_out, n_of_rule = reviewer.model.row(0).item, reviewer.model.n_rows
            await reviewer.press("*", "space", "a", *"seen", "enter")
            await reviewer.until(lambda: bool(reviewer.acts()))
            return left_out, n_of_rule, qc.open_lab(demo_folder).ledger.entries(kinds=[Kind.DECISION])[0].body["bulk"]

    left_out, n_of_rule, bulk = run(journey())

    assert bulk["exceptions"] == [left_out]
    assert bulk["n"] == n_of_rule - 1


def test_a_read_only_screen_decides_nothing_and_says_why(reviewing, run, demo_folder):
    async def journey():
        async with reviewing(demo_folder, is_read_only=True) as reviewer:
            await reviewer.press("a", "x", "u")
            return reviewer.acts(), reviewer.screen_name, reviewer.text()

    acts, screen, text = run(journey())

    assert (acts, screen) == ([], "TriageView")
    assert "READ ONLY" in text


@pytest.mark.parametrize("key", ["x", "r", "d"])
def test_before_a_plan_every_dialog_that_sets_aside_says_that_the_cost_is_not_known(reviewing, run, demo_folder, key):
    async def journey():
        async with reviewing(demo_folder) as reviewer:
            await reviewer.press(key)
            await reviewer.until(lambda: reviewer.app.screen.cost is not None)
            await reviewer.pilot.pause()
            return reviewer.app.screen.cost, reviewer.text()

    cost, text = run(journey())

    assert "is not known" in cost[0]
    assert cost[0][:30] in text  # it is broken into lines


def test_the_cost_in_pairs_stands_before_a_rejection(reviewing, run, demo_folder):
    import qc

    qc.open_lab(demo_folder).lock_plan(demo_folder / "plan.toml", actor="tester")

    async def journey():
        async with reviewing(demo_folder) as reviewer:
            await reviewer.press("x")
            await reviewer.until(lambda: reviewer.app.screen.cost is not None)
            await reviewer.pilot.pause()
            return reviewer.app.screen.cost, reviewer.text()

    cost, text = run(journey())

    assert "pairs would be lost" in cost[0]
    assert cost[0][:30] in text  # it is broken into lines


@pytest.mark.parametrize(
    ("size", "words"), [((80, 24), ("S sign", "J jump")), ((120, 40), ("S sign", "J jump", "B web"))]
)
def test_the_footer_keeps_sign_and_jump_and_where_there_is_room_the_web(reviewing, run, demo_folder, size, words):
    async def journey():
        async with reviewing(demo_folder, size=size, by_cause=True) as reviewer:
            return reviewer.lines()[-1]

    footer = run(journey())

    assert [word for word in words if word not in footer] == []

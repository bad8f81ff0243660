from __future__ import annotations

import pytest

import qc

BURSTS = {
    "a reason typed ahead": ("a", *"haem", "enter", "enter"),
    "moves before the verb": (*"jjkk", "a", *"haem", "enter", "enter"),
    "a filter with letters that are verbs": ("/", *"rule:haemolysis", "enter", "a", *"haem", "enter", "enter"),
    "a filter, and back": ("/", *"approve all", "enter", "escape", "a", *"haem", "enter", "enter"),
}


@pytest.mark.parametrize("keys", BURSTS.values(), ids=BURSTS.keys())
def test_keys_that_are_typed_ahead_approve_exactly_the_first_item(reviewing, run, demo_folder, keys):
    async def journey():
        async with reviewing(demo_folder) as reviewer:
            first = reviewer.model.row(0).item
            await reviewer.type_ahead(*keys)
            await reviewer.until(lambda: reviewer.screen_name == "TriageView")
            return first, reviewer.acts()

    first, acts = run(journey())

    assert acts == [("approve", first, "haemolysed")]


def test_two_decisions_in_one_burst_meet_two_items(reviewing, run, demo_folder):
    async def journey():
        async with reviewing(demo_folder) as reviewer:
            items = [reviewer.model.row(at).item for at in range(3)]
            await reviewer.type_ahead(
                "a", *"haem", "enter", "enter", "x", *"ident", "enter", "ctrl+s", "r", *"volume", "escape", "u"
            )
            await reviewer.until(lambda: len(reviewer.acts()) == 3)
            return items, reviewer.acts()

    items, acts = run(journey())

    assert acts == [
        ("approve", items[0], "haemolysed"),
        ("reject", items[1], "identity_in_doubt"),
        ("undo", items[1], ""),
    ]


def test_letters_typed_into_the_filter_are_never_verbs(reviewing, run, demo_folder, n_waiting):
    async def journey():
        async with reviewing(demo_folder) as reviewer:
            await reviewer.type_ahead("/", *"rule:axrdcuS range", "escape")
            await reviewer.until(lambda: reviewer.model.is_current and reviewer.model.text == "")
            return reviewer.acts(), reviewer.screen_name, reviewer.model.n_rows

    assert run(journey()) == ([], "TriageView", n_waiting)


def test_a_verb_after_a_filter_waits_for_the_rows_of_that_filter(reviewing, run, demo_folder):
    async def journey():
        async with reviewing(demo_folder) as reviewer:
            await reviewer.type_ahead("/", *"rule:range.soft", "enter", "a")
            await reviewer.until(lambda: bool(reviewer.acts()))
            return reviewer.acts()

    assert run(journey()) == [("approve", "R20.103", "")]


def test_a_paste_into_the_list_does_nothing(reviewing, run, demo_folder):
    async def journey():
        from textual import events

        async with reviewing(demo_folder) as reviewer:
            reviewer.app.post_message(events.Paste("axaxru"))
            await reviewer.press("j")
            return reviewer.acts(), reviewer.screen_name

    assert run(journey()) == ([], "TriageView")


def test_what_is_typed_after_a_visit_was_ended_decides_nothing_and_breaks_nothing(reviewing, run, demo_folder):
    async def journey():
        async with reviewing(demo_folder) as reviewer:
            await reviewer.type_ahead("q", "q", "a", *"axr", "enter")
            return reviewer.app._exit

    assert run(journey())
    assert [e for e in qc.open_lab(demo_folder).ledger.entries() if str(e.kind) == "decision"] == []

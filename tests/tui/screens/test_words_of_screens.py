from __future__ import annotations

import re

import pytest


def test_digits_stand_on_the_bar_whose_tabs_they_choose_alone(reviewing, run, demo_folder):
    async def journey():
        async with reviewing(demo_folder) as reviewer:
            await reviewer.until(lambda: "▸ limits" in reviewer.text())
            await reviewer.press("right_square_bracket")
            return reviewer.text()

    text = run(journey())

    assert "▸ replicates" in text
    assert re.search(r"1 all\b.*2 reject", text)
    assert not re.search(r"\d (limits|replicates|curve|plate)\b", text)


def test_the_overlay_of_keys_lists_keys_of_assaygate_alone(reviewing, run, demo_folder):
    async def journey():
        async with reviewing(demo_folder) as reviewer:
            await reviewer.press("question_mark")
            return [row[1].text for row in reviewer.app.screen.rows], reviewer.text()

    words, text = run(journey())

    assert "approve" in words
    assert not {"Scroll Left", "Page Left", "Copy selected text", "Focus Next"} & set(words)
    assert "if there are any, else on the cursor." in text


def test_an_empty_filter_tells_how_many_wait_without_it(reviewing, run, demo_folder, n_waiting):
    async def journey():
        async with reviewing(demo_folder, text="analyte:nosuch") as reviewer:
            filtered = reviewer.text()
            await reviewer.press("escape")
            await reviewer.until(lambda: reviewer.model.is_current and reviewer.model.n_rows > 0)
            return filtered, reviewer.text()

    filtered, whole = run(journey())

    assert f"nothing fits this filter; {n_waiting} waiting without it" in filtered
    assert "every item is decided" not in filtered
    assert f"{n_waiting} waiting" in whole


def test_an_empty_queue_gives_the_gate_back(reviewing, run, demo_folder):
    import qc
    from qc.api.demo import decide_all

    decide_all(qc.open_lab(demo_folder))

    async def journey():
        async with reviewing(demo_folder) as reviewer:
            return reviewer.text()

    assert "nothing waits: every item is decided; f9 leads on to the release" in run(journey())


@pytest.mark.parametrize("width", [60, 80, 120])
def test_the_key_that_lists_the_keys_is_shown_on_every_width(reviewing, run, demo_folder, width):
    async def journey():
        async with reviewing(demo_folder, size=(width, 24)) as reviewer:
            return reviewer.lines()[-1]

    assert "? keys" in run(journey())


def test_a_decided_item_stays_with_its_state_until_the_list_is_read_again(reviewing, run, demo_folder, n_waiting):
    async def journey():
        async with reviewing(demo_folder) as reviewer:
            item = reviewer.model.row(0).item
            await reviewer.press("a", *"haem", "enter", "enter")
            await reviewer.until(lambda: "decided" in reviewer.text())
            after, line = reviewer.text(), next(line for line in reviewer.lines() if item in line.partition("▏")[0])
            await reviewer.press("u")
            await reviewer.until(lambda: "decided" not in reviewer.lines()[0])
            undone = reviewer.lines()[0]
            await reviewer.press("k", "a", *"haem", "enter", "enter")
            await reviewer.until(lambda: "decided" in reviewer.lines()[0])
            await reviewer.press("ctrl+l")
            await reviewer.until(lambda: reviewer.model.is_current and reviewer.model.n_rows == n_waiting - 1)
            await reviewer.pilot.pause()
            listed = [reviewer.model.row(at).item for at in range(reviewer.model.n_rows)]
            return item, after, line, undone, listed, reviewer.lines()[0]

    item, after, line, undone, listed, read_again = run(journey())

    assert f"{n_waiting - 1} waiting  1 decided: ctrl+l clears" in after
    assert "approved" in line
    assert f"{n_waiting} waiting" in undone
    assert item not in listed
    assert f"{n_waiting - 1} waiting" in read_again
    assert "decided" not in read_again


def test_news_that_come_while_a_screen_is_on_its_way_do_not_end_the_screens(reviewing, run, demo_folder):
    from tui.screens.triage import TriageView

    async def journey():
        async with reviewing(demo_folder, first="morning") as reviewer:
            view = TriageView()
            arriving = reviewer.app.push_screen(view)
            was_there = view.ready.is_set()
            reviewer.app.tell_screen()
            await arriving
            await reviewer.until(lambda: view.ready.is_set() and "waiting" in reviewer.text())
            return was_there, reviewer.app.crash_words

    assert run(journey()) == (False, "")


@pytest.mark.parametrize("size", [(80, 24), (120, 40), (200, 60)])
def test_the_list_of_keys_shows_how_to_leave_it_in_every_size(reviewing, run, demo_folder, size):
    async def journey():
        async with reviewing(demo_folder, size=size) as reviewer:
            await reviewer.press("question_mark")
            return reviewer.app.screen.query_one("#box").region, reviewer.lines()

    box, lines = run(journey())

    assert box.bottom <= size[1]
    assert any("esc leave" in line for line in lines[box.y : box.bottom - 1])


@pytest.mark.parametrize("height", [24, 30, 40])
def test_a_rejection_of_many_shows_every_line_to_fill_in_and_the_key_that_records(reviewing, run, demo_folder, height):
    import qc

    qc.open_lab(demo_folder).lock_plan(demo_folder / "plan.toml", actor="tester")

    async def journey():
        async with reviewing(demo_folder, size=(80, height)) as reviewer:
            await reviewer.press("asterisk")
            await reviewer.until(lambda: len(reviewer.model.marks) > 10)
            await reviewer.press("x")
            await reviewer.until(lambda: getattr(reviewer.app.screen, "cost", None) is not None)
            await reviewer.pilot.pause()
            dialog = reviewer.app.screen
            box = dialog.query_one("#box").region
            lines = [dialog.line(name).region.y for name in ("count", "reason", "note")]
            return box, lines, reviewer.lines()

    box, places, lines = run(journey())

    assert all(box.y < place < box.bottom - 1 for place in places)
    assert any("ctrl+s record the rejection" in line for line in lines[box.y : box.bottom])
    assert any("pairs would be lost" in line for line in lines)

from __future__ import annotations

import json
import re
import subprocess
import sys

import pytest

from tui.screens.table_of_screens import SCREENS

SIZES = [(80, 24), (120, 40), (200, 60)]
FIRST_WORDS = {
    "morning": "items wait",
    "triage": " waiting",
    "log": "deliveries",
    "rules": "calibration.blank",
    "limits": "soft low",
    "compare": "median",
    "release": "nothing waits for a person",
}


@pytest.mark.parametrize("name", SCREENS)
def test_every_screen_shows_what_it_is_for_in_every_size(reviewing, run, demo_folder, name):
    async def journey(size):
        async with reviewing(demo_folder, first=name, size=size) as reviewer:
            await reviewer.until(lambda: FIRST_WORDS.get(name, name) in reviewer.text(), wait_s=60)
            return reviewer.lines()

    for size in SIZES if name in ("morning", "triage") else SIZES[:1]:
        lines = run(journey(size))
        assert len(lines) == size[1]
        assert {len(line) for line in lines} == {size[0]}


@pytest.mark.parametrize("width", [60, 80, 100, 140, 220])
def test_no_value_is_ever_clipped(reviewing, run, demo_folder, width):
    async def journey():
        async with reviewing(demo_folder, size=(width, 30)) as reviewer:
            values = [reviewer.model.row(at).value for at in range(reviewer.model.n_rows)]
            return values, reviewer.lines()

    values, lines = run(journey())
    shown = [
        found[0]
        for line in lines
        for found in [re.findall(r"[<>]?\d[\d.]* (?:ng/mL|pg/mL|[um]g/dL|U/L)", line)]
        if found
    ]

    assert set(shown) <= {*values, "525 mg/dL", "100 mg/dL"}


@pytest.mark.parametrize("name", SCREENS)
def test_every_screen_has_a_twin_as_data_and_as_plain_lines(demo_folder, name):
    words = [sys.executable, "-m", "qc", "review", "--screen", name, "--lab", str(demo_folder)]

    as_json = subprocess.run([*words, "--json"], capture_output=True, text=True)
    plain = subprocess.run([*words, "--plain"], capture_output=True, text=True)

    assert json.loads(as_json.stdout)["screen"] == name
    assert (as_json.returncode, plain.returncode) == ((1, 1) if name in ("morning", "triage") else (0, 0))
    lines = plain.stdout.splitlines()
    assert lines[0].startswith(f"{name}: ")
    assert all(": " in line for line in lines if not line.startswith("  "))
    assert not re.search(r"[0-9a-f]{64}|\d\.\d{7}|[✖✗?!✓▸◆] ", plain.stdout.replace("? ", ""))


def test_the_screens_refuse_a_pipe_in_a_sentence(demo_folder):
    words = [sys.executable, "-m", "qc", "review", "--lab", str(demo_folder)]

    done = subprocess.run(words, capture_output=True, text=True)

    assert done.returncode == 2
    assert "--plain" in done.stderr


def test_neither_subject_visit_nor_sample_code_is_ever_shown(reviewing, run, demo_folder):
    import csv

    async def journey():
        async with reviewing(demo_folder, size=(200, 60)) as reviewer:
            texts = [reviewer.text()]
            for _ in range(5):
                await reviewer.press("right_square_bracket")
                texts.append(reviewer.text())
            await reviewer.press("enter")
            texts.append(reviewer.text())
            return "\n".join(texts)

    from qc.store.facts import Facts

    with Facts(demo_folder / "facts.duckdb").reading() as con:
        rows = con.execute("SELECT sample, subject FROM samples").fetchall()
    text = run(journey())

    assert csv is not None
    assert not [word for row in rows for word in row if word and re.search(rf"\b{re.escape(word)}\b", text)]


def test_the_question_mark_lists_the_keys_that_count_now(reviewing, run, demo_folder):
    async def journey():
        async with reviewing(demo_folder) as reviewer:
            await reviewer.press("question_mark", *"undo")
            return reviewer.text()

    text = run(journey())

    assert "undo the last act or mark" in text
    assert "ask for a repeat" not in text


def test_the_palette_does_a_command_by_its_name(reviewing, run, demo_folder):
    async def journey():
        async with reviewing(demo_folder) as reviewer:
            await reviewer.press("colon", *"sort by", "enter")
            await reviewer.until(lambda: reviewer.model.order == "oldest" and reviewer.model.is_current)
            return reviewer.screen_name

    assert run(journey()) == "TriageView"


def test_a_file_of_keys_gives_a_verb_another_key(reviewing, run, demo_folder):
    async def journey():
        async with reviewing(demo_folder, text="rule:range.soft", keymap={"act.approve": "y"}) as reviewer:
            await reviewer.press("a")
            nothing = reviewer.acts()
            await reviewer.press("y")
            await reviewer.until(lambda: bool(reviewer.acts()))
            return nothing, reviewer.acts()

    nothing, acts = run(journey())

    assert nothing == []
    assert acts == [("approve", "R20.103", "")]


@pytest.mark.parametrize("theme", ["dark", "light", "contrast"])
def test_every_theme_draws_the_picture(reviewing, run, demo_folder, theme):
    async def journey():
        async with reviewing(demo_folder, theme_name=theme) as reviewer:
            await reviewer.until(lambda: "haemolysis · mg/dL" in reviewer.text())
            return reviewer.app.theme

    assert run(journey()) == f"assay-{theme}"


def test_a_crash_tells_places_and_no_values(reviewing, run, demo_folder):
    from tui.terminal.crash import crash_words

    def fails(sample):
        raise RuntimeError(f"no such sample {sample}")

    try:
        fails("PATIENT-4711")
    except RuntimeError as error:
        words = crash_words(error)

    assert "PATIENT-4711" not in words
    assert "fails" in words


def test_rows_of_newer_facts_never_stand_beside_older_ones(reviewing, run, fuller_lab):
    folder = fuller_lab(480, 120)

    async def journey():
        import qc

        async with reviewing(folder) as reviewer:
            reviewer.app.desk._lease.close()
            with qc.open_lab(folder).facts.writing() as con:
                con.execute(
                    "INSERT INTO assessments SELECT * REPLACE (999999 AS assessment_id) FROM assessments LIMIT 1"
                )
            await reviewer.press("G")
            await reviewer.until(lambda: reviewer.model.is_newer)
            await reviewer.press("a")
            return reviewer.model.row(reviewer.model.n_rows - 1), reviewer.text(), reviewer.acts()

    row, text, acts = run(journey())

    assert row is None
    assert "newer data are there" in text
    assert acts == []


def test_the_heard_queue_says_of_each_item_what_the_screen_shows(demo_folder, waiting_items):
    words = [sys.executable, "-m", "qc", "review", "--screen", "triage", "--plain", "--lab", str(demo_folder)]

    lines = subprocess.run(words, capture_output=True, text=True).stdout.splitlines()

    n = len(waiting_items)
    assert lines[0] == f"triage: {n} items, gravest first"
    for at, one in enumerate(waiting_items, start=1):
        (line,) = [line for line in lines if line.startswith(f"item {at} of {n}: {one.shown.item},")]
        for part in (one.findings[0].verdict.value.replace("_", " "), one.findings[0].rule, one.shown.value):
            assert f", {part}" in line
    assert lines[-1].startswith("next: 'qc show")


def test_a_manual_leaves_out_what_only_programs_need():
    from tui.text.manual_paragraphs import manual_paragraphs

    manual = """Flag it.

Parameters
----------
run_input : RunInput
    ``controls`` are
    looked at.
limits : mapping of str to Limit
    ``sd_limit``: limit in SD.

References
----------
.. [1] Somebody. 1981;
   27:1."""

    assert manual_paragraphs(manual) == [
        ("", ["Flag it."]),
        ("What it looks at", ["'controls' are looked at.", "'sd_limit': limit in SD."]),
        ("Sources", ["[1] Somebody. 1981; 27:1."]),
    ]

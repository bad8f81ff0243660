"""Rows that came in before and are not in what is handed in again."""

from __future__ import annotations

import pytest

# SYNTHETIC: not a measurement.
SAMPLES = [f"S,A{number},P{number},0,serum" for number in range(4)]
RESULTS = [f"A{number},iron,serum,ug/dL,{80 + number}" for number in range(4)]


@pytest.fixture
def hand_in(fresh_lab, tmp_path):
    def hand_in(name, header, rows):
        path = tmp_path / name
        path.write_text("\n".join([header, *rows, ""]))
        (outcome,) = fresh_lab.ingest(path)
        return outcome

    return hand_in


def sheet(hand_in, rows):
    return hand_in("samples.csv", "study,sample,subject,visit,matrix", rows)


def test_samples_that_a_sheet_no_longer_names_are_told_in_a_line_and_stay(hand_in):
    new = [f"S,A{number},P{number},0,serum" for number in (7, 8, 9)]
    sheets = {
        "first": SAMPLES,
        "a subset": SAMPLES[:1],
        "another study": ["T,A0,P0,0,serum"],
        "mostly new rows": [SAMPLES[0], *new],
        "all but one": [*SAMPLES[1:], *new],
    }

    notes = {name: sheet(hand_in, rows).notes for name, rows in sheets.items()}

    assert {name: told for name, told in notes.items() if told} == {
        "a subset": ("3 samples that came in before are not in this sheet; they stay as they were.",),
        "all but one": ("1 sample that came in before is not in this sheet; it stays as it was.",),
    }


def test_results_that_a_run_no_longer_holds_are_part_of_the_correction_that_waits(hand_in, fresh_lab):
    header = "sample,analyte,matrix,unit,value"
    hand_in("T1.csv", header, RESULTS)
    fresh_lab.assess()

    again = hand_in("T1.csv", header, RESULTS[:2])

    assert again.outcome == "waits"
    assert again.notes == (
        "2 rows that were measured are in the run and not in this file; accepting the correction takes them away.",
    )
    gone = [row for row in fresh_lab.show(again.correction).correction.rows if row.after is None]
    assert [row.before["text"] for row in gone] == ["82", "83"]

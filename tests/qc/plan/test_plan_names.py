from __future__ import annotations

import pytest

import qc
from checks.contrasts.plan import parse_plan
from qc.plan.plan_names import unknown_names


def notes(folder, *replaced):
    text = (folder / "plan.toml").read_text(encoding="utf-8")
    return unknown_names(qc.open_lab(folder), parse_plan(text.replace(*replaced) if replaced else text))


def test_a_plan_of_what_the_lab_knows_has_no_note(judged_demo):
    assert notes(judged_demo) == []


@pytest.mark.parametrize(
    "written, misspelt, note",
    [
        ('baseline = "0"', 'baseline = "O"', "Visit 'O' stands in no sample sheet of the study. Did you mean '0'?"),
        ('analyte = "ferritin"', 'analyte = "feritin"', "no result of the study yet. Did you mean 'ferritin'?"),
        ('study = "', 'study = "X', "has neither samples nor results yet. Did you mean"),
    ],
    ids=["visit", "analyte", "study"],
)
def test_a_name_that_no_sheet_and_no_result_has_is_told_with_the_nearest(judged_demo, written, misspelt, note):
    assert any(note in one for one in notes(judged_demo, written, misspelt))

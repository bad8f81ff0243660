from __future__ import annotations

from datetime import datetime

import polars as pl
import pytest

from checks.controls.four_1s import four_1s
from checks.controls.one_3s import one_3s
from checks.controls.r_4s import r_4s
from checks.controls.two_2s import two_2s
from checks.run_input import RunInput
from schemas.errors import NotEvaluableError
from schemas.finding import Limit
from schemas.run import Run

EMPTY = pl.DataFrame()
RESULTS = pl.DataFrame({"analyte": ["nfl"]})
DAY = datetime(2026, 3, 1, 8)
NOW = DAY.replace(day=5)
SCHEMA = {
    "run_id": pl.Int64,
    "started_at": pl.Datetime("us"),
    "position": pl.Int64,
    "analyte": pl.String,
    "matrix": pl.String,
    "material": pl.String,
    "level": pl.String,
    "lot": pl.String,
    "z": pl.Float64,
    "target": pl.Float64,
    "sd": pl.Float64,
    "unit": pl.String,
    "basis": pl.String,
}


def controls(*rows, run_id=9, day=5):
    aim = (50.0, 2.5, "pg/mL", "fixed by the control sheet")
    cells = [(run_id, DAY.replace(day=day), place, *row, *aim) for place, row in enumerate(rows)]
    return pl.DataFrame(cells, schema=SCHEMA, orient="row")


def ask(rule, sd_limit, now, history=None, started_at=NOW):
    run_input = RunInput(
        run=Run(run="R9", started_at=started_at),
        wells=EMPTY,
        results=RESULTS,
        controls=now,
        control_history=history if history is not None else controls(),
    )
    return rule.judge(run_input, {"sd_limit": Limit("sd_limit", sd_limit, "SD", "a test", "confirmed")})


def test_a_sentence_names_the_control_its_z_and_the_limit():
    (finding,) = ask(one_3s, 3, controls(("nfl", "csf", "QC-A", "low", "7", -3.456)))

    assert finding.sentence == (
        "Control QC-A low (lot 7) of nfl lies beyond 3 SD: z = -3.46 SD; limit 3 SD; "
        "target 50 (SD 2.5) pg/mL, fixed by the control sheet."
    )
    assert (finding.observed, finding.unit) == (-3.456, "SD")
    assert [limit.source for limit in finding.limits] == ["a test"]


def test_a_sentence_about_several_controls_names_each_with_its_z():
    now = controls(("nfl", "csf", "QC-A", "low", "7", 2.5), ("nfl", "csf", "QC-A", "high", "7", -2.2))

    (finding,) = ask(r_4s, 2, now)

    assert "QC-A low (lot 7) 2.50, QC-A high (lot 7) -2.20" in finding.sentence
    assert dict(finding.key) == {"analyte": "nfl"}


def test_a_sentence_about_a_row_shows_every_z_of_it():
    history = controls(("nfl", "csf", "QC-A", "low", "7", 2.1), run_id=8, day=4)

    (finding,) = ask(two_2s, 2, controls(("nfl", "csf", "QC-A", "low", "7", 2.4)), history)

    assert "z = 2.10, 2.40 SD" in finding.sentence


def test_controls_of_two_matrices_are_two_rows():
    now = controls(("nfl", "csf", "QC-A", "low", "7", 2.5), ("nfl", "serum", "QC-A", "low", "7", -2.5))

    assert ask(r_4s, 2, now) == []


def test_a_history_later_than_the_run_is_not_looked_at():
    history = controls(("nfl", "csf", "QC-A", "low", "7", 2.1), run_id=10, day=6)

    assert ask(two_2s, 2, controls(("nfl", "csf", "QC-A", "low", "7", 2.4)), history) == []


def test_controls_of_one_run_stand_in_the_order_of_measurement():
    now = controls(*[("nfl", "csf", "QC-A", level, "7", 1.5) for level in ("4", "3", "2", "1")]).reverse()

    (finding,) = ask(four_1s, 1, now)

    assert finding.sentence.index("QC-A 4") < finding.sentence.index("QC-A 1")


@pytest.mark.parametrize("rule", [one_3s, r_4s, two_2s, four_1s], ids=lambda rule: rule.id)
def test_a_run_without_any_control_cannot_be_judged(rule):
    with pytest.raises(NotEvaluableError, match="No control of this run"):
        ask(rule, 2, controls())

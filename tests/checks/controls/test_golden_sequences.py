"""The rules of the product, run by run with a history, on the reference sequences and on the lesson of 28 days."""

from __future__ import annotations

from datetime import datetime, timedelta

import polars as pl
import pytest
from reference_cases import each_case

from checks.profile import load_profile
from checks.registry import rules
from checks.run_input import RunInput
from schemas.errors import NotEvaluableError
from schemas.run import Run

START = datetime(2026, 1, 1, 8)
SCHEMA = {
    "run_id": pl.Int64,
    "started_at": pl.Datetime("us"),
    "position": pl.Int64,
    "material": pl.String,
    "z": pl.Float64,
}
IN_RUN = {"R-4s", "R-4s-range", "2of3-2s", "3-1s"}
LIMITS = load_profile("control-rules").limits_by_rule


def frame(rows):
    return pl.DataFrame(rows, schema=SCHEMA, orient="row").with_columns(
        analyte=pl.lit("iron"),
        matrix=pl.lit("serum"),
        level=pl.lit("1"),
        lot=pl.lit("L"),
        target=pl.lit(None, pl.Float64),
        sd=pl.lit(None, pl.Float64),
        unit=pl.lit(""),
        basis=pl.lit(""),
    )


def events(times):
    texts = dict.fromkeys(("analyte", "instrument", "lot", "note"), "")
    rows = [{"happened_at": at, "event": "recalibration", **texts, "recorded_by": "tester"} for at in times]
    return RunInput.__dataclass_fields__["events"].default_factory() if not rows else pl.DataFrame(rows)


def judged(sequence, rule_names):
    """One set of (rule, scope) for each run."""
    history, resets, told = [], [], []
    for number, run in enumerate(sequence):
        at = START + timedelta(days=number)
        if run == "RESET":
            resets.append(at)
            continue
        rows = [(number, at, place, material, z) for place, (material, z) in enumerate(run)]
        run_input = RunInput(
            run=Run(run=str(number), started_at=at),
            wells=pl.DataFrame(),
            results=pl.DataFrame({"analyte": ["iron"]}),
            controls=frame(rows),
            control_history=frame(history),
            events=events(resets),
        )
        told.append({pair for name in rule_names for pair in said(name, run_input)})
        history += rows
    return told


def said(name, run_input):
    rule_id = f"westgard.{name}"
    try:
        findings = rules()[rule_id].judge(run_input, LIMITS[rule_id])
    except NotEvaluableError:
        return set()
    whole = "run" if name in IN_RUN else "across"
    return {f"{name}@{dict(finding.key).get('material', whole)}" for finding in findings}


@pytest.mark.parametrize("case", each_case("westgard"))
def test_the_rules_of_the_product_say_what_a_golden_sequence_expects(case, is_long):
    n_runs = None if is_long or "bulk" not in case["input"]["tags"] else 30

    found = judged(case["input"]["runs"][:n_runs], case["input"]["rules_active"])

    assert found == [set(run["rules"]) for run in case["expected"]["runs"]][:n_runs]


# Westgard QC, lesson 12: one result of each control a day, C1 mean 200 SD 4, C2 mean 250 SD 5.
C1 = "200 205 195 202 186 207 194 209 200 196 190 204 196 207 200 205 209 197 196 198 197 195 198 199 191 197 190 202"
C2 = "247 250 255 243 254 263 251 264 253 244 261 254 239 236 250 259 257 256 249 257 241 255 250 259 247 242 256 246"


def lesson_12():
    pairs = zip(map(float, C1.split()), map(float, C2.split()), strict=True)
    return [[("C1", (first - 200) / 4), ("C2", (second - 250) / 5)] for first, second in pairs]


def days_of(found, *names):
    return [day for day, pairs in enumerate(found, start=1) if {pair.split("@")[0] for pair in pairs} & set(names)]


def test_the_lesson_of_28_days_has_every_published_verdict():
    found = judged(lesson_12(), ["1-2s", "1-3s", "2-2s", "R-4s"])

    assert days_of(found, "1-3s", "2-2s", "R-4s") == [5, 8, 11, 14]
    assert [day for day in days_of(found, "1-2s") if day not in (5, 8, 11, 14)] == [6, 13, 17, 25, 27]
    assert [found[day - 1] - {"1-2s@C1", "1-2s@C2"} for day in (5, 8, 11, 14)] == [
        {"1-3s@C1"},
        {"2-2s@across"},
        {"R-4s@run"},
        {"2-2s@C2"},
    ]


# Another system judges one level at a time, takes "at" for "beyond", and looks for R-4s between runs: it rejects day 6,
# misses days 8 and 11, and calls a control without any scatter in control.


def test_r_4s_does_not_join_a_low_result_of_one_day_with_a_high_one_of_the_next():
    assert "R-4s@run" not in judged(lesson_12(), ["R-4s", "R-4s-range"])[5]


def test_two_levels_of_one_run_are_looked_at_together():
    found = judged(lesson_12(), ["2-2s", "R-4s"])

    assert (found[7], found[10]) == ({"2-2s@across"}, {"R-4s@run"})


@pytest.mark.parametrize(
    ("name", "run"),
    [
        ("1-2s", [("C1", 2.0)]),
        ("1-3s", [("C1", -3.0)]),
        ("2-2s", [("C1", 2.0), ("C2", 2.0)]),
        ("R-4s", [("C1", 2.0), ("C2", -2.0)]),
        ("R-4s-range", [("C1", 2.0), ("C2", -2.0)]),
        ("3-1s", [("C1", 1.0), ("C2", 1.0), ("C3", 1.0)]),
    ],
)
def test_a_result_exactly_at_a_limit_is_inside(name, run):
    assert judged([run], [name]) == [set()]


def test_a_control_that_is_absent_from_a_run_keeps_its_place_in_the_row_of_all():
    found = judged([[("C1", 1.5), ("C2", 1.5)], [("C1", 1.5)], [("C1", 1.5)]], ["4-1s"])

    assert found == [set(), set(), {"4-1s@across"}]


def test_a_new_lot_of_a_control_begins_a_new_row():
    old = frame([(number, START + timedelta(days=number), 0, "C1", 2.5) for number in range(3)])
    now = frame([(9, START + timedelta(days=9), 0, "C1", 2.5)]).with_columns(lot=pl.lit("NEW"))
    run_input = RunInput(
        run=Run(run="9", started_at=START + timedelta(days=9)),
        wells=pl.DataFrame(),
        results=pl.DataFrame({"analyte": ["iron"]}),
        controls=now,
        control_history=old,
    )

    assert said("2-2s", run_input) == set()

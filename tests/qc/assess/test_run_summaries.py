from __future__ import annotations

import math
from types import SimpleNamespace

import polars as pl
import pytest

from qc.assess.judge.run_summaries import summarise
from schemas.finding import Finding, Scope, Verdict
from schemas.tables.check import columns
from schemas.tables.judged_results import JudgedResults

ROWS = [("A", 1, 10.0), ("A", 2, 40.0), ("B", 3, 100.0), ("C", 4, 1000.0)]


def summary_of(*, evidence, rows=None, findings=()):
    kinds = columns(JudgedResults)
    blank = {name: "" if kind == pl.String else None for name, kind in kinds.items()}
    about = {"analyte": "nfl", "matrix": "serum", "unit_state": "ok", "applicable": True, "sample_known": True}
    rows = rows or [{"sample": sample, "ordinal": n, "value": value} for sample, n, value in ROWS]
    rows = [blank | about | row for row in rows]
    judged = SimpleNamespace(
        findings=findings,
        holds=lambda finding: True,
        results=pl.DataFrame(rows, schema=kinds),
        controls=pl.DataFrame(
            schema={"value": pl.Float64, **dict.fromkeys(("analyte", "matrix", "material", "level"), pl.String)}
        ),
        repeats=SimpleNamespace(evidence=frozenset(evidence)),
        loaded=SimpleNamespace(run_id=1, wells=pl.DataFrame()),
    )
    return summarise(judged).to_dicts()


@pytest.mark.parametrize(
    ("evidence", "n_results", "numbers"),
    [
        ((), 4, (10, 40, 100, 1000)),
        ((2,), 3, (10, 100, 1000)),
        ((2, 3), 2, (10, 100, 1000)),
        ((1, 2, 3, 4), 0, (10, 40, 100, 1000)),
    ],
    ids=["nothing is kept aside", "a dilution", "a sample that counts elsewhere", "a run of repeats alone"],
)
def test_every_sample_stands_in_the_median_of_its_run_and_only_what_counts_is_counted(evidence, n_results, numbers):
    logs = sorted(map(math.log10, numbers))
    middle = (logs[(len(logs) - 1) // 2] + logs[len(logs) // 2]) / 2

    (row,) = summary_of(evidence=evidence)
    assert (row["n_results"], row["median_log10"]) == (n_results, pytest.approx(middle))


@pytest.mark.parametrize(
    ("rule", "n_flagged"),
    [("identity.duplicate_result", 0), ("identity.sample_known", 0), ("range.soft", 1), ("identity.delta", 1)],
)
def test_what_is_only_a_duplicate_or_a_gap_of_a_sheet_makes_no_run_doubtful(rule, n_flagged):
    finding = Finding(rule, Verdict.WARN, Scope.RESULT, {"result": 1}, "Something.")

    (row,) = summary_of(evidence=(), findings=(finding,))

    assert row["n_flagged"] == n_flagged


@pytest.mark.parametrize("matrix", ["serum", ""], ids=["its matrix is in the file", "only the sheet names its matrix"])
def test_a_code_that_no_sheet_knows_may_be_the_sample_that_lacks_a_result(matrix):
    measured = [("A", "nfl", True), ("B", "nfl", True), ("B?", "ck", False), ("A", "ck", True)]
    rows = [
        {"sample": sample, "analyte": analyte, "sample_known": known, "matrix": "serum" if known else matrix,
         "unit_state": "ok" if known or matrix else "", "applicable": known or bool(matrix), "ordinal": n, "value": 1.0}
        for n, (sample, analyte, known) in enumerate(measured, 1)
    ]  # fmt: skip

    found = {row["analyte"]: (row["n_with_result"], row["n_samples"]) for row in summary_of(evidence=(), rows=rows)}

    assert found == {"nfl": (2, 2), "ck": (2, 2)}

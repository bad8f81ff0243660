"""Judge run summaries by a suite. The only place that imports Great Expectations, and only when a suite runs."""

from __future__ import annotations

import threading
from collections.abc import Iterable, Mapping, Sequence
from typing import TYPE_CHECKING, Any

from checks.expectations.suite_file import Expected, Suite, load_suite
from schemas.finding import Finding, Scope, Verdict

if TYPE_CHECKING:
    import pandas as pd
    import polars as pl

_ROW = ["run_id", "analyte"]
_ONE_AT_A_TIME = threading.Lock()
_CONDITIONS = ["row", "kind", "origin"]
_LATER_COLUMNS = ("min_controls_per_level", "n_earlier_runs", "shift_log10", "share_panel_complete")
"""Columns that a summary may lack; then nothing is judged by them."""


def judge_summaries(summaries: pl.DataFrame, suite_text: str) -> dict[int, list[Finding]]:
    """Judge the summaries of many runs by one suite, in one go.

    Parameters
    ----------
    summaries : DataFrame
        Rows of ``run_summaries`` with ``run_id``, ``analyte``, ``method``, ``is_plate`` and the counts; a row with an
        empty analyte speaks of the run as a whole. A missing number (no replicate had a CV, no earlier run) is not
        judged.
    suite_text : str
        TOML or JSON of the suite.

    Returns
    -------
    dict of int to list of Finding
        Findings by run; a run that is content is not named. If an expectation cannot be judged, each run gets a
        ``broken`` finding that says so: a suite that breaks never passes.

    Raises
    ------
    ConfigError
        If the suite is faulty.

    Notes
    -----
    One call at a time: threads that share a data source of Great Expectations were seen to get each other's verdicts.
    """
    suite = load_suite(suite_text)
    table = _table(summaries, suite)
    observed = {(int(row["run_id"]), str(row["analyte"])): row for row in table.to_dict("records")}
    findings: dict[int, list[Finding]] = {}
    for expected, rows in _failing(suite, table):
        for run_id, analyte in rows if rows is not None else _whole_runs(table):
            finding = _broken(suite, expected) if rows is None else _finding(suite, expected, observed[run_id, analyte])
            findings.setdefault(run_id, []).append(finding)
    return findings


def _table(summaries: pl.DataFrame, suite: Suite) -> pd.DataFrame:
    import polars as pl

    lacking = [pl.lit(None, pl.Float64).alias(name) for name in _LATER_COLUMNS if name not in summaries.columns]
    summaries = summaries.with_columns(lacking)
    n_results = pl.when(pl.col("n_results") > 0).then(pl.col("n_results").cast(pl.Float64))
    counts = {"share_flagged": "n_flagged", "share_below_lloq": "n_below_lloq", "share_above_uloq": "n_above_uloq"}
    n_with_value = pl.col("n_with_number") + pl.col("n_below_lloq") + pl.col("n_above_uloq")
    share = [(pl.col(count) / n_results).alias(name) for name, count in counts.items()]
    kind = pl.when(pl.col("is_plate")).then(pl.lit("plate")).otherwise(pl.lit("table")).alias("kind")
    origin = pl.when(pl.col("method") == "calculated").then(pl.lit("calculated")).otherwise(pl.lit("measured"))
    frame = summaries.with_columns(
        *share,
        (pl.col("n_with_result") / pl.col("n_samples")).alias("share_with_result"),
        (1 - n_with_value / n_results).alias("share_without_number"),
        kind,
        origin.alias("origin"),
        pl.when(pl.col("analyte") == "").then(pl.lit("run")).otherwise(pl.lit("analyte")).alias("row"),
    )
    # One column an expectation: a row with too few results holds nothing there, and nothing is not judged.
    n_earlier = pl.col("n_earlier_runs").fill_null(0)
    is_enough = {
        one.id: (pl.col("n_results") >= one.from_n) & (n_earlier >= one.from_runs) for one in suite.expectations
    }
    judged = [pl.when(is_enough[one.id]).then(pl.col(one.column)).alias(_judged(one)) for one in suite.expectations]
    return frame.with_columns(judged).to_pandas()


def _judged(expected: Expected) -> str:
    return f"judged_{expected.id}"


def _failing(suite: Suite, table: pd.DataFrame) -> Iterable[tuple[Expected, Sequence[tuple[int, str]] | None]]:
    with _ONE_AT_A_TIME:
        results = _validate(suite, table)
    for expected in suite.expectations:
        result = results.get(expected.id)
        if result is None or result.exception_info.get("raised_exception", True):
            yield expected, None
        elif not result.success:
            rows = result.result["unexpected_index_list"]
            yield expected, [(int(row["run_id"]), str(row["analyte"])) for row in rows]


def _validate(suite: Suite, table: pd.DataFrame) -> dict[str, Any]:  # Any: results of Great Expectations
    import great_expectations as gx
    from great_expectations.data_context.types.base import ProgressBarsConfig

    context = gx.get_context(mode="ephemeral")
    context.variables.progress_bars = ProgressBarsConfig(globally=False)
    asset = context.data_sources.add_pandas("summaries").add_dataframe_asset("run_summaries")
    # Only what is looked at: each condition reads every column of the frame.
    looked_at = table[[*_ROW, *_CONDITIONS, *(_judged(one) for one in suite.expectations)]]
    batch = asset.add_batch_definition_whole_dataframe("all").get_batch(batch_parameters={"dataframe": looked_at})
    own = gx.ExpectationSuite(name=suite.name, expectations=[_expectation(one) for one in suite.expectations])
    # COMPLETE: by default Great Expectations tells 20 rows at most. No values: the key is enough.
    form = {"result_format": "COMPLETE", "unexpected_index_column_names": _ROW, "partial_unexpected_count": 0}
    outcome = batch.validate(own, result_format=form)
    named = ((result.expectation_config, result) for result in outcome.results)
    return {config.meta["id"]: result for config, result in named if config is not None and config.meta}


def _expectation(expected: Expected) -> Any:  # Any: an expectation of Great Expectations
    from great_expectations.expectations.core.expect_column_values_to_be_between import ExpectColumnValuesToBeBetween
    from great_expectations.expectations.metadata_types import FailureSeverity
    from great_expectations.expectations.row_conditions import Column

    # Conditions as objects: a text with 'and' keeps only its first part, without a word.
    of_analyte = Column("row") == "analyte"
    conditions: dict[str, Any] = {  # Any: conditions of Great Expectations
        "all": of_analyte,
        "plate": of_analyte & (Column("kind") == "plate"),
        "measured": of_analyte & (Column("origin") == "measured"),
        "run": Column("row") == "run",
    }
    return ExpectColumnValuesToBeBetween(
        column=_judged(expected),
        min_value=expected.least,
        max_value=expected.most,
        row_condition=conditions[expected.when],
        severity=FailureSeverity.WARNING if expected.verdict is Verdict.WARN else FailureSeverity.CRITICAL,
        meta={"id": expected.id},
    )


def _whole_runs(table: pd.DataFrame) -> list[tuple[int, str]]:
    return [(int(run_id), "") for run_id in table["run_id"].unique()]


def _finding(suite: Suite, expected: Expected, row: Mapping[str, Any]) -> Finding:
    analyte, observed = str(row["analyte"]), float(row[expected.column])
    return Finding(
        rule=f"{suite.name}.{expected.id}",
        verdict=expected.verdict,
        scope=Scope.ANALYTE if analyte else Scope.RUN,
        key={"analyte": analyte} if analyte else {},
        sentence=expected.sentence.format(analyte=analyte or "the panel", observed=observed),
        observed=observed,
        unit=expected.unit,
        limits=expected.limits,
        suggestion="Look at the run as a whole before its results.",
    )


def _broken(suite: Suite, expected: Expected) -> Finding:
    text = f"Expectation '{expected.id}' of suite '{suite.name}' could not be judged; mend it to free the run."
    return Finding(f"{suite.name}.{expected.id}", Verdict.BROKEN, Scope.RUN, {}, text)

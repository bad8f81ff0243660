"""A judged run into the facts: a new assessment, and the state of the run renewed."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING, Any

from qc.canonical import canonical_json
from qc.items import ORDINAL_BITS, item_of_finding
from qc.store.facts import insert, next_id
from qc.store.frames import first_row

if TYPE_CHECKING:
    import duckdb
    import polars as pl

    from qc.assessing.judged_run import JudgedRun


def write_assessment(
    con: duckdb.DuckDBPyConnection,
    judged: JudgedRun,
    summary: pl.DataFrame,
    about: dict[str, Any],
    *,
    now: datetime,
) -> int:
    """Write one assessment with all it found.

    Parameters
    ----------
    con : DuckDBPyConnection
        Connection inside a transaction.
    judged : JudgedRun
        The run.
    summary : DataFrame
        Its summary.
    about : dict
        ``software``, ``rule_set_sha256``, ``inputs_sha256`` and ``sheets_source_id``.
    now : datetime
        Time of the assessment, in UTC.

    Returns
    -------
    int
        Id of the assessment.
    """
    assessment_id, run_id = next_id(con, "assessments"), judged.loaded.run_id
    states = judged.result_states()
    n_waiting = states.filter(states["state"] == "waiting").height
    row = {"assessment_id": assessment_id, "run_id": run_id, "assessed_at": now.replace(tzinfo=None), **about}
    row |= {"profile": judged.profile.name if judged.profile else judged.loaded.run.profile}
    row |= {"verdict": judged.verdict.value, "n_results": states.height, "n_waiting": n_waiting}
    _insert(con, "assessments", [row | {"n_auto_approved": states.height - n_waiting}])
    for table, frame in _tables(judged, states, summary).items():
        _insert_frame(con, table, frame, assessment_id, run_id)
    _renew_state(con, judged, assessment_id, states.height, n_waiting)
    return assessment_id


def _insert(con: duckdb.DuckDBPyConnection, table: str, rows: list[dict[str, Any]]) -> None:
    import polars as pl

    insert(con, table, pl.DataFrame(rows))


def _insert_frame(
    con: duckdb.DuckDBPyConnection, table: str, frame: pl.DataFrame, assessment_id: int, run_id: int
) -> None:
    import polars as pl

    if frame.height:
        ids = (pl.lit(assessment_id, pl.Int64).alias("assessment_id"), pl.lit(run_id, pl.Int64).alias("run_id"))
        insert(con, table, frame.with_columns(ids))


def _tables(judged: JudgedRun, states: pl.DataFrame, summary: pl.DataFrame) -> dict[str, pl.DataFrame]:
    import polars as pl

    rule_runs = [{"rule": r.rule, "version": r.version, "n_findings": r.n_findings} for r in judged.rule_runs]
    controls = judged.controls.drop("run_id", "run", "started_at", "z_state")
    return {
        "rule_runs": pl.DataFrame(rule_runs),
        "findings": pl.DataFrame(
            _finding_rows(judged),
            schema_overrides={"observed": pl.Float64, "result_id": pl.Int64},
            infer_schema_length=None,
        ),
        "curves": pl.DataFrame(_curve_rows(judged)),
        "well_concentrations": judged.wells.select("plate", "well", "analyte", "curve", "value", "censor"),
        "results": _results(judged, states),
        "control_results": controls,
        "run_summaries": summary.drop("is_plate", "method", "n_with_result"),
    }


def _finding_rows(judged: JudgedRun) -> list[dict[str, Any]]:
    rows = []
    analytes = dict(judged.results.select("ordinal", "analyte").iter_rows())
    for ordinal, finding in enumerate(judged.findings, start=1):
        item = item_of_finding(judged.loaded.run_id, finding)
        rows.append(
            {
                "ordinal": ordinal,
                "rule": finding.rule,
                "version": finding.version,
                "verdict": finding.verdict.value,
                "scope": finding.scope.value,
                "item": str(item),
                "key": canonical_json(dict(finding.key)),
                "analyte": item.analyte or analytes.get(item.ordinal, ""),
                "result_id": item.result_id,
                "observed": finding.observed,
                "unit": finding.unit,
                "limits": canonical_json([limit.as_json() for limit in finding.limits]),
                "sentence": finding.sentence,
                "suggestion": finding.suggestion,
                "holds": judged.holds(finding),
            }
        )
    return rows


def _curve_rows(judged: JudgedRun) -> list[dict[str, Any]]:
    return [
        {"plate": plate, "analyte": analyte, "curve": group, "body": canonical_json(curve.as_json())}
        for (plate, analyte, group), curve in judged.curves.curves.items()
    ]


_RESULT_COLUMNS = (
    "sample",
    "analyte",
    "matrix",
    "method",
    "text",
    "unit_text",
    "value",
    "unit",
    "censor",
    "censor_limit",
    "dilution",
    "n_replicates",
    "cv_percent",
    "lloq",
    "uloq",
    "decimals",
    "plate",
    "wells",
    "line",
)


def _results(judged: JudgedRun, states: pl.DataFrame) -> pl.DataFrame:
    import polars as pl

    base = judged.loaded.run_id << ORDINAL_BITS
    return judged.results.join(states, on="ordinal", maintain_order="left").select(
        (pl.col("ordinal") + base).alias("result_id"),
        pl.lit(judged.loaded.run.study).alias("study"),
        *_RESULT_COLUMNS,
        "verdict",
        "state",
    )


def _renew_state(
    con: duckdb.DuckDBPyConnection, judged: JudgedRun, assessment_id: int, n_results: int, n_waiting: int
) -> None:
    run = judged.loaded.run
    state = "waiting" if judged.held_items else "auto_approved"
    values = [run.run, run.study, assessment_id, judged.verdict.value, state, n_results, n_waiting]
    query = "SELECT 1 FROM runs WHERE supersedes = ?"
    is_superseded = first_row(con, query, [judged.loaded.run_id]) is not None
    con.execute("DELETE FROM run_states WHERE run_id = ?", [judged.loaded.run_id])
    con.execute(
        "INSERT INTO run_states (run_id, run, study, assessment_id, verdict, state, n_results, n_waiting,"
        " is_superseded) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)",
        [judged.loaded.run_id, *values, is_superseded],
    )

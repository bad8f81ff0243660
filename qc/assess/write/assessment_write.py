"""Judged runs into the facts: new assessments, and the states of the runs renewed."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Any

from qc.assess.write.held_items import held_rows
from qc.assess.write.repeat_rows import repeat_rows
from qc.items.names import ORDINAL_BITS, item_of_finding
from qc.store.facts import insert, next_id
from qc.store.held_groups import GROUPED
from schemas.canonical import canonical_json

if TYPE_CHECKING:
    import polars as pl

    from qc.assess.judge.judged_run import JudgedRun
    from qc.store.connection import Connection


@dataclass(frozen=True, slots=True, kw_only=True)
class Ready:
    """One judged run that is ready to be written."""

    judged: JudgedRun
    """The run."""
    summary: pl.DataFrame
    """Its summary."""
    about: Mapping[str, Any]
    """``software``, ``rule_set_sha256``, ``inputs_sha256`` and ``sheets_source_id``."""


def write_assessments(con: Connection, ready: Sequence[Ready], *, now: datetime, secret: bytes) -> list[int]:
    """Write the assessments of several runs with all they found, table by table.

    Parameters
    ----------
    secret : bytes
        Secret of the lab, which the names of causes are made with.

    Returns
    -------
    list of int
        Ids of the assessments, in the order of the runs.
    """
    first = next_id(con, "assessments")
    frames: dict[str, list[tuple[int, int, pl.DataFrame]]] = {}
    renewed: list[dict[str, Any]] = []
    for assessment_id, one in enumerate(ready, start=first):
        states = one.judged.result_states()
        tables = {"assessments": _assessment(one, states, now), **_tables(one.judged, states, one.summary, secret)}
        for table, frame in tables.items():
            if frame.height:
                frames.setdefault(table, []).append((assessment_id, one.judged.loaded.run_id, frame))
        renewed.append(_state(one.judged, assessment_id, states))
    _renew_states(con, renewed)
    for table, parts in frames.items():
        insert(con, table, _with_ids(parts))
    return list(range(first, first + len(ready)))


def _assessment(one: Ready, states: pl.DataFrame, now: datetime) -> pl.DataFrame:
    import polars as pl

    judged, n_waiting = one.judged, _n_waiting(states)
    row: dict[str, Any] = {"assessed_at": now.replace(tzinfo=None), **one.about}
    row |= {"profile": judged.profile.name if judged.profile else judged.loaded.run.profile}
    row |= {"verdict": judged.verdict.value, "n_results": states.height, "n_waiting": n_waiting}
    return pl.DataFrame([row | {"n_auto_approved": states.filter(states["state"] == "auto_approved").height}])


def _n_waiting(states: pl.DataFrame) -> int:
    return states.filter(states["state"] == "waiting").height


def judgement_tables(judged: JudgedRun, summary: pl.DataFrame, secret: bytes) -> dict[str, pl.DataFrame]:
    """Return every row that is written of a judged run, by table, without the numbers of run and assessment."""
    import polars as pl

    states = judged.result_states()
    state = {key: value for key, value in _state(judged, 0, states).items() if not key.endswith("_id")}
    return {**_tables(judged, states, summary, secret), "run_states": pl.DataFrame([state])}


def _with_ids(parts: Sequence[tuple[int, int, pl.DataFrame]]) -> pl.DataFrame:
    """Return the rows of one table of all runs, with the numbers of assessment and run."""
    import numpy as np
    import polars as pl

    n_rows = [frame.height for _, _, frame in parts]
    rows = pl.concat([frame for _, _, frame in parts], how="vertical_relaxed")
    ids = {"assessment_id": [part[0] for part in parts], "run_id": [part[1] for part in parts]}
    return rows.with_columns(pl.Series(name, np.repeat(numbers, n_rows)) for name, numbers in ids.items())


def _tables(judged: JudgedRun, states: pl.DataFrame, summary: pl.DataFrame, secret: bytes) -> dict[str, pl.DataFrame]:
    import polars as pl

    rule_runs = [{"rule": r.rule, "version": r.version, "n_findings": r.n_findings} for r in judged.rule_runs]
    held_items = pl.DataFrame(held_rows(judged, secret), schema_overrides={"result_id": pl.Int64})
    controls = judged.controls.drop("run_id", "run", "started_at", "z_state", "reagent_lot")
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
        "repeats": repeat_rows(judged),
        "control_results": controls,
        "held_items": held_items,
        "held_groups": _grouped(held_items),
        "run_summaries": summary.drop("is_plate", "method", "n_with_result", "min_controls_per_level"),
    }


def _grouped(held_items: pl.DataFrame) -> pl.DataFrame:
    import polars as pl

    if not held_items.height:
        return held_items
    counts = (pl.len().alias("n_items"), pl.col("n_results").sum())
    return held_items.group_by(GROUPED, maintain_order=True).agg(*counts)


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
    "lob",
    "detection",
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


def _state(judged: JudgedRun, assessment_id: int, states: pl.DataFrame) -> dict[str, Any]:
    run = judged.loaded.run
    return {
        "run_id": judged.loaded.run_id,
        "run": run.run,
        "study": run.study,
        "assessment_id": assessment_id,
        "verdict": judged.verdict.value,
        "state": "waiting" if judged.held_items else "auto_approved",
        "n_results": states.height,
        "n_waiting": _n_waiting(states),
    }


def _renew_states(con: Connection, renewed: Sequence[dict[str, Any]]) -> None:
    import polars as pl

    ids = [row["run_id"] for row in renewed]
    gone = con.execute("SELECT supersedes FROM runs WHERE supersedes IN (SELECT unnest(?))", [ids]).fetchall()
    is_superseded = pl.col("run_id").is_in([run_id for (run_id,) in gone])
    con.execute("DELETE FROM run_states WHERE run_id IN (SELECT unnest(?))", [ids])
    if renewed:
        insert(con, "run_states", pl.DataFrame(renewed).with_columns(is_superseded.alias("is_superseded")))

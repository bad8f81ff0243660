"""Judge runs as a whole: their summaries, with panels and history, by the suites of their matrix."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING

from qc.assess.judge.run_summaries import analytes_without_basis, summarise, with_all
from qc.store.frames import query

if TYPE_CHECKING:
    import polars as pl

    from qc.assess.judge.earlier_suites import EarlierSuites
    from qc.assess.judge.judged_run import JudgedRun
    from qc.assess.prepare.rule_set import RuleSet
    from qc.store.connection import Connection
    from schemas.finding import Finding

_EARLIER = """
    SELECT r.run_id, r.study, r.started_at, s.analyte, s.matrix, r.method, s.median_log10
    FROM run_summaries s JOIN run_states t USING (run_id, assessment_id) JOIN runs r USING (run_id)
    WHERE NOT t.is_superseded AND r.started_at IS NOT NULL AND s.median_log10 IS NOT NULL
        AND s.run_id NOT IN (SELECT unnest(?))
"""
_LIKE = ["study", "analyte", "matrix", "run_method"]
PANEL_FROM = 2
"""Analytes of a panel that make a run one of the panel; a plate of one analyte is none."""


def earlier_summaries(con: Connection, run_ids: Sequence[int]) -> pl.DataFrame:
    """Return the summaries of the runs that are judged already.

    Returns
    -------
    DataFrame
        ``run_id``, ``study``, ``started_at``, ``analyte``, ``matrix``, ``method``, ``median_log10``.
    """
    return query(con, _EARLIER, [list(run_ids)])


def with_suites(
    judged: Sequence[JudgedRun],
    rule_set: RuleSet,
    earlier: pl.DataFrame,
    *,
    set_aside: Mapping[int, Collection[int]],
    earlier_suites: Mapping[int, EarlierSuites],
) -> list[tuple[JudgedRun, pl.DataFrame]]:
    """Judge runs by the suites of their matrices.

    Parameters
    ----------
    judged : sequence of JudgedRun
        Runs, judged by rules.
    rule_set : RuleSet
        Suites and what else the lab judges by.
    earlier : DataFrame
        Summaries of earlier runs (see :func:`earlier_summaries`).
    set_aside : mapping of int to collection of int
        Ordinals of results that people have set aside, by run: they count as flagged no more.
    earlier_suites : mapping of int to EarlierSuites
        What suites said of runs when they were judged last; they are asked only where that does not stand.

    Returns
    -------
    list of tuple of (JudgedRun, DataFrame)
        Each run with what the suites said and the proof that they were asked, and its summary.
    """
    import polars as pl

    if not judged:
        return []
    summaries = [summarise(run, set_aside.get(run.loaded.run_id, ())) for run in judged]
    by_run = {run.loaded.run_id: summary for run, summary in zip(judged, summaries, strict=True)}
    unchanged = {
        run_id: earlier_suites[run_id]
        for run_id, summary in by_run.items()
        if run_id in earlier_suites and earlier_suites[run_id].stands(summary)
    }
    table = _with_history(pl.concat(summaries), judged, earlier)
    table = table.filter(~pl.col("run_id").is_in(sorted(unchanged)))
    said: dict[int, list[Finding]] = {}
    rule_ids: dict[int, list[str]] = {}
    for matrix, text in rule_set.suite_texts:
        own = table.filter(pl.col("matrix") == matrix)
        if own.height:
            _judge_by(text, own, judged, (said, rule_ids))
    return [
        (
            _with_earlier(run, unchanged[run_id])
            if run_id in unchanged
            else _with_proof(run, said.get(run_id, []), rule_ids.get(run_id, [])),
            with_all(run, summary),
        )
        for run, (run_id, summary) in zip(judged, by_run.items(), strict=True)
    ]


def _judge_by(
    text: str,
    own: pl.DataFrame,
    judged: Sequence[JudgedRun],
    answers: tuple[dict[int, list[Finding]], dict[int, list[str]]],
) -> None:
    # Great Expectations takes seconds to load: only where a suite has something to judge.
    from checks.expectations.suite import judge_summaries
    from checks.expectations.suite_file import load_suite

    suite = load_suite(text)
    if suite.panel:
        own = _with_panel(own, suite.panel, judged)
    if not own.height:
        return
    said, rule_ids = answers
    for run_id, findings in judge_summaries(own, text).items():
        said.setdefault(run_id, []).extend(findings)
    for run_id in own.get_column("run_id").unique().to_list():
        rule_ids.setdefault(run_id, []).extend(f"{suite.name}.{one.id}" for one in suite.expectations)


def _with_proof(run: JudgedRun, findings: Sequence[Finding], rule_ids: Sequence[str]) -> JudgedRun:
    from checks.engine import RuleRun

    proof = [RuleRun(name, 1, sum(finding.rule == name for finding in findings)) for name in rule_ids]
    # What an analyte lacks of which nothing can be judged follows from that.
    without = analytes_without_basis(run) if findings else frozenset()
    findings_with_basis = tuple(finding for finding in findings if finding.key.get("analyte", "") not in without)
    return replace(run.with_findings(findings_with_basis), rule_runs=(*run.rule_runs, *proof))


def _with_earlier(run: JudgedRun, suites: EarlierSuites) -> JudgedRun:
    return replace(run.with_findings(suites.findings), rule_runs=(*run.rule_runs, *suites.rule_runs))


def _with_history(table: pl.DataFrame, judged: Sequence[JudgedRun], earlier: pl.DataFrame) -> pl.DataFrame:
    import polars as pl

    about = pl.DataFrame(
        [(run.loaded.run_id, run.loaded.run.study, run.loaded.run.started_at, run.loaded.run.method) for run in judged],
        schema={"run_id": pl.Int64, "study": pl.String, "started_at": pl.Datetime("us"), "run_method": pl.String},
        orient="row",
    )
    rows = table.join(about, on="run_id", how="left", maintain_order="left")
    columns = ["run_id", "started_at", "median_log10", *_LIKE]
    known = earlier.rename({"method": "run_method"}).select(columns)
    now = rows.filter(pl.col("started_at").is_not_null() & pl.col("median_log10").is_not_null()).select(columns)
    before = pl.concat([known, now], how="vertical_relaxed").rename({"started_at": "before", "median_log10": "then"})
    pairs = rows.select("run_id", "started_at", *_LIKE).join(before.drop("run_id"), on=_LIKE)
    past = (
        pairs.filter(pl.col("before") < pl.col("started_at"))
        .group_by("run_id", *_LIKE)
        .agg(pl.len().cast(pl.Float64).alias("n_earlier_runs"), pl.col("then").median().alias("earlier_log10"))
    )
    return rows.join(past, on=["run_id", *_LIKE], how="left", maintain_order="left").with_columns(
        shift_log10=pl.col("median_log10") - pl.col("earlier_log10"), share_panel_complete=pl.lit(None, pl.Float64)
    )


def _with_panel(own: pl.DataFrame, panel: Sequence[str], judged: Sequence[JudgedRun]) -> pl.DataFrame:
    """Keep the panel's rows of runs that are of the panel; add rows for what is missing, and one for each run."""
    import polars as pl

    parts: list[pl.DataFrame] = []
    results = {run.loaded.run_id: run.results for run in judged}
    for (run_id,), rows in own.filter(pl.col("analyte").is_in(panel)).group_by("run_id", maintain_order=True):
        if rows.height < PANEL_FROM:
            continue
        first = rows.head(1)
        missing = [name for name in panel if name not in rows["analyte"]]
        empty = [name for name in rows.columns if name.startswith(("n_", "min_")) and name != "n_samples"]
        gap = first.with_columns(pl.lit(0).cast(rows.schema[name]).alias(name) for name in empty)
        gap = gap.with_columns(pl.lit(None, pl.Float64).alias(name) for name in ("median_cv_percent", "shift_log10"))
        matrix = first["matrix"][0]
        share = _share_complete(results[int(run_id)].filter(pl.col("matrix") == matrix), panel)
        run_row = first.with_columns(analyte=pl.lit(""), share_panel_complete=pl.lit(share, pl.Float64))
        parts += [rows, *(gap.with_columns(analyte=pl.lit(name)) for name in missing), run_row]
    return pl.concat(parts) if parts else own.clear()


def _share_complete(results: pl.DataFrame, panel: Sequence[str]) -> float:
    import polars as pl

    counts = results.group_by("sample").agg(pl.col("analyte").filter(pl.col("analyte").is_in(panel)).n_unique())
    return counts.filter(pl.col("analyte") == len(panel)).height / max(counts.height, 1)

"""Judge measured runs, each beside what links it to other runs, those that are judged with it among them."""

from __future__ import annotations

from collections.abc import Callable, Collection, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING

from qc.assess.judge.run_rules import LinkedRun
from qc.assess.links.incurred_samples import reanalyses
from qc.assess.links.links import own_set_aside
from qc.assess.links.repeats import repeats_of_runs
from qc.items.names import ORDINAL_BITS

if TYPE_CHECKING:
    import polars as pl

    from checks.run_input import RunInput
    from qc.assess.controls.measured_run import MeasuredRun
    from qc.assess.judge.judged_run import JudgedRun
    from qc.assess.judge.judging_team import JudgingTeam
    from qc.assess.links.links import Links


def judge_linked(
    measured: Sequence[MeasuredRun], team: JudgingTeam, links: Links, *, anew: Collection[int]
) -> tuple[Callable[[], list[JudgedRun]], list[LinkedRun]]:
    """Begin to judge runs that were measured together, each beside its links.

    Parameters
    ----------
    anew : collection of int
        Runs that are judged as if nothing of their own was set aside. In all others no other result is judged beside
        what people have set aside.

    Returns
    -------
    tuple of callable and list of LinkedRun
        What gives the judged runs in their order, and what each was judged beside.
    """
    import polars as pl

    fresh = pl.concat([_fresh_rows(run.loaded.run_id, run.run_input, links.gone) for run in measured])
    results = links.beside(fresh)
    cases: list[LinkedRun] = []
    others = [run for run in measured if run.loaded.run_id not in anew]
    set_aside = own_set_aside(_own_rows(others), links.gone) if others else {}
    repeats = repeats_of_runs(measured, links.repeats, links.gone, team.rule_set, set_aside)
    for run in measured:
        run_id, own = run.loaded.run_id, set_aside.get(run.loaded.run_id, frozenset())
        linked = links.of(run.loaded.run.study, run_id, run.loaded.samples["subject"].to_list(), results)
        copied = links.copied_plates(run_id)
        samples = run.run_input.results.select("ordinal", "sample", "analyte").iter_rows()
        late = links.late(run.loaded.run.study, run_id, samples)
        case = LinkedRun(
            measured=run, linked=linked, copied_plates=copied, set_aside=own, late=late, repeats=repeats[run_id]
        )
        cases.append(replace(case, reanalyses=_reanalyses(case, links, fresh)))
    return team.judge(cases), cases


def _reanalyses(case: LinkedRun, links: Links, fresh: pl.DataFrame) -> pl.DataFrame | None:
    import polars as pl

    study = case.measured.loaded.run.study
    if study not in links.studies:
        return None
    run_input = replace(case.measured.run_input, set_aside=case.set_aside)
    measured = pl.concat([links.measured, fresh.select(links.measured.columns)]).filter(pl.col("study") == study)
    return reanalyses(run_input, case.linked, measured)


def _own_rows(measured: Sequence[MeasuredRun]) -> pl.DataFrame:
    import polars as pl

    return pl.concat(
        run.run_input.results.select(
            pl.lit(run.loaded.run_id, pl.Int64).alias("run_id"),
            pl.lit(run.loaded.run.study).alias("study"),
            "subject",
            (pl.col("ordinal") + (run.loaded.run_id << ORDINAL_BITS)).alias("result_id"),
        )
        for run in measured
    )


def _fresh_rows(run_id: int, run_input: RunInput, gone: pl.DataFrame) -> pl.DataFrame:
    import polars as pl

    from checks.linked_columns import SCHEMA

    run = run_input.run
    names = ("run", "platform", "reagent_lot", "calibrator_lot")
    ids = (pl.col("ordinal") + (run_id << ORDINAL_BITS)).alias("result_id")
    return (
        run_input.results.with_columns(ids)
        .join(gone, on="result_id", how="anti")
        .with_columns(
            pl.lit(run.study).alias("study"),
            pl.lit(run_id, pl.Int64).alias("run_id"),
            *(pl.lit(getattr(run, name)).alias(name) for name in names),
            pl.lit(run.started_at, pl.Datetime("us")).alias("started_at"),
        )
        .select("study", "run_id", *SCHEMA)
    )

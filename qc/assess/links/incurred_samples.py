"""Samples of a run that an earlier run has reported: what the reanalysis of incurred samples is judged by."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING

from qc.store.frames import query

if TYPE_CHECKING:
    import polars as pl

    from checks.run_input import RunInput
    from qc.assess.prepare.rule_set import RuleSet
    from qc.assess.prepare.stored_run import LoadedRun
    from qc.store.connection import Connection

RULE = "calibration.isr"
_KEYS = ("sample", "analyte", "matrix")
_MEASURED = """
    SELECT DISTINCT study, run_id, sample, analyte, matrix FROM latest_results
    WHERE study IN (SELECT unnest(?)) AND run_id NOT IN (SELECT unnest(?)) AND result_id NOT IN (SELECT unnest(?))
"""


def asks_for_reanalyses(runs: Iterable[LoadedRun], rule_set: RuleSet) -> list[str]:
    """Return the studies of the runs whose profile judges the reanalysis of incurred samples.

    Parameters
    ----------
    rule_set : RuleSet
        What the lab judges by.

    Returns
    -------
    list of str
        Studies, sorted; none where no profile asks.
    """
    profile_names = {name for name, profile in rule_set.profiles.items() if RULE in profile.limits_by_rule}
    return sorted({run.run.study for run in runs if (run.run.profile or rule_set.default_profile) in profile_names})


def measured_samples(
    con: Connection, studies: Sequence[str], run_ids: Sequence[int], gone: pl.DataFrame
) -> pl.DataFrame:
    """Return which samples some studies have measured, and in which runs.

    Parameters
    ----------
    run_ids : sequence of int
        Runs that are left out: they are being judged.
    gone : DataFrame
        ``result_id`` of results that are rejected or to be repeated; they count for nothing.

    Returns
    -------
    DataFrame
        ``study``, ``run_id``, ``sample``, ``analyte`` and ``matrix``, each once; no row if no study is named.
    """
    import polars as pl

    if not studies:
        texts = dict.fromkeys(("study", "sample", "analyte", "matrix"), pl.String)
        return pl.DataFrame(schema={**texts, "run_id": pl.Int64})
    return query(con, _MEASURED, [list(studies), list(run_ids), gone["result_id"].to_list()])


def reanalyses(run_input: RunInput, linked: pl.DataFrame, measured: pl.DataFrame) -> pl.DataFrame | None:
    """Return the samples of a run that an earlier run has reported, with both results.

    Parameters
    ----------
    linked : DataFrame
        Results of its subjects in other runs that are not rejected.
    measured : DataFrame
        What the study has measured, this run included (see :func:`measured_samples`).

    Returns
    -------
    DataFrame or None
        ``analyte``, ``matrix``, ``initial`` (of the earliest run), ``repeat``, ``n_samples`` of the study and how many
        of them were measured in two runs or more, ``n_repeated``; None if the run repeats nothing, or has no start time
        to tell what is earlier.

    Notes
    -----
    Several results of one sample in one run count as their median. A result without a number has none here, and its
    pair is not within any limit; where both lie below, or both above, the range of the assay, there is no difference to
    judge, and the pair is left out.
    """
    import polars as pl

    began_at = run_input.run.started_at
    if began_at is None or linked.is_empty():
        return None
    own = run_input.results.filter(~pl.col("ordinal").is_in(sorted(run_input.set_aside)))
    earlier = linked.filter(pl.col("started_at") < began_at).join(own, on=_KEYS, how="semi")
    if earlier.is_empty():
        return None
    first = earlier.filter(pl.col("started_at") == pl.col("started_at").min().over(_KEYS))
    pairs = _one_each(first, "initial").join(_one_each(own, "repeat"), on=_KEYS, how="inner", maintain_order="left")
    is_beyond = (pl.col("initial_censor") == pl.col("repeat_censor")) & (pl.col("initial_censor") != "")
    n_runs = measured.group_by(_KEYS).agg(pl.col("run_id").n_unique().alias("n_runs"))
    sizes = n_runs.group_by("analyte", "matrix").agg(
        pl.len().cast(pl.Int64).alias("n_samples"), (pl.col("n_runs") > 1).sum().cast(pl.Int64).alias("n_repeated")
    )
    counted_pairs = pairs.filter(~is_beyond).join(sizes, on=["analyte", "matrix"], how="left", maintain_order="left")
    return counted_pairs.select("analyte", "matrix", "initial", "repeat", "n_samples", "n_repeated")


def _one_each(results: pl.DataFrame, name: str) -> pl.DataFrame:
    import polars as pl

    is_plain = pl.col("value").is_finite() & (pl.col("censor").fill_null("") == "")
    numbers = results.with_columns(pl.when(is_plain).then("value").alias("number"))
    return numbers.group_by(_KEYS, maintain_order=True).agg(
        pl.col("number").median().alias(name), pl.col("censor").fill_null("").first().alias(f"{name}_censor")
    )

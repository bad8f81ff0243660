"""Results of this run beside those of the same subjects in other runs, for rules that look across runs.

A finding always speaks about a result of this run: the other run gets its own when it is judged in turn.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import polars as pl

from checks.linked_columns import SCHEMA
from checks.run_input import RunInput

if TYPE_CHECKING:
    from checks.result_rows import ResultRow


def own_and_linked(run_input: RunInput, *, only_known: bool = True) -> pl.DataFrame:
    """Return the results of this run and those of the same subjects in other runs in one table.

    Parameters
    ----------
    run_input : RunInput
        ``run``, ``results`` and ``linked`` are looked at.
    only_known : bool
        Leave out results without subject or visit: nobody knows whose they are.

    Returns
    -------
    DataFrame
        Columns of ``SCHEMA``, ``ordinal`` (null for another run's result) and ``number``: the value where it is finite
        and not censored, else null. What a person has set aside is left out.
    """
    return run_input.once(("own_and_linked", only_known), lambda: _own_and_linked(run_input, only_known=only_known))


def _own_and_linked(run_input: RunInput, *, only_known: bool) -> pl.DataFrame:
    run = run_input.run
    own = run_input.results.with_columns(
        pl.lit(run.run).alias("run"),
        *(pl.lit(getattr(run, name)).alias(name) for name in ("platform", "reagent_lot", "calibrator_lot")),
        pl.lit(run.started_at, pl.Datetime("us")).alias("started_at"),
    ).select("ordinal", *SCHEMA)
    linked = run_input.linked.with_columns(pl.lit(None, pl.Int64).alias("ordinal")).select("ordinal", *SCHEMA)
    is_plain = pl.col("value").is_finite() & (pl.col("censor").fill_null("") == "")
    both = pl.concat([own.filter(~pl.col("ordinal").is_in(sorted(run_input.set_aside))), linked])
    if only_known:
        both = both.filter((pl.col("subject") != "") & (pl.col("visit") != ""))
    return both.with_columns(pl.when(is_plain).then("value").alias("number"))


def analytes_at_hand(run_input: RunInput) -> set[str]:
    """Return the analytes of this run and of what is linked to it: a rule that needs others has nothing to say.

    Parameters
    ----------
    run_input : RunInput
        ``results`` and ``linked`` are looked at.

    Returns
    -------
    set of str
        Analyte ids.
    """
    return run_input.once("analytes_at_hand", lambda: _analytes_of(run_input.results, run_input.linked))


def _analytes_of(*frames: pl.DataFrame) -> set[str]:
    return {analyte for frame in frames for analyte in frame["analyte"].unique().to_list()}


def by_visit(rows: pl.DataFrame, *analytes: str) -> pl.DataFrame:
    """Return one number for each subject, visit, matrix and analyte: the median of its numbers above 0.

    Parameters
    ----------
    rows : DataFrame
        What :func:`own_and_linked` returned.
    *analytes : str
        Analytes that are wanted.

    Returns
    -------
    DataFrame
        subject, visit, matrix, analyte, unit, number; a kind with two units, or without a number above 0, is left out.
    """
    wanted = rows.filter(pl.col("analyte").is_in(analytes) & (pl.col("number") > 0))
    grouped = wanted.group_by("subject", "visit", "matrix", "analyte", maintain_order=True).agg(
        pl.col("number").median(), pl.col("unit").n_unique().alias("n_units"), pl.col("unit").first()
    )
    return grouped.filter(pl.col("n_units") == 1).drop("n_units")


def own_rows(rows: pl.DataFrame, keys: pl.DataFrame) -> list[ResultRow]:
    """Return the results of this run that share a key with some rows.

    Parameters
    ----------
    rows : DataFrame
        What :func:`own_and_linked` returned.
    keys : DataFrame
        Columns to join on, and others that the rows shall carry along.

    Returns
    -------
    list of mapping
        Rows of this run, by ordinal.
    """
    on = [column for column in ("subject", "visit", "matrix", "analyte", "sample") if column in keys.columns]
    own = rows.filter(pl.col("ordinal").is_not_null()).join(keys, on=on, how="inner", maintain_order="left")
    return list(own.unique("ordinal", keep="first", maintain_order=True).sort("ordinal").iter_rows(named=True))

"""What instruments say of the wells that count: bead counts and remarks, by result and by analyte."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

import polars as pl

from schemas.finding import Limit, Verdict

OF_RESULT = ("plate", "analyte", "sample", "dilution")
"""What wells of one result share."""
STANDARDS = ("calibrator", "blank", "control")
"""Roles of wells that all results of an analyte rest on."""
_SHOWN = 8

WellRow = Mapping[str, Any]
"""Some columns of one row of Wells; its cells hold text, numbers and nulls."""


def counting(wells: pl.DataFrame, *roles: str) -> pl.DataFrame:
    """Return the wells of some roles whose signal counts: with a number, without a flag.

    Parameters
    ----------
    wells : DataFrame
        Columns of Wells.
    *roles : str
        Roles that are wanted.

    Returns
    -------
    DataFrame
        The wells, with their ``name`` as ``sample`` as well, and a dilution of 1 where there is none.
    """
    is_counted = (pl.col("flag") == "") & pl.col("signal").is_not_null() & pl.col("role").is_in(roles)
    return wells.filter(is_counted).with_columns(pl.col("name").alias("sample"), pl.col("dilution").fill_null(1.0))


def wells_of(results: pl.DataFrame, wells: pl.DataFrame) -> dict[int, list[WellRow]]:
    """Return the wells that each result rests on.

    Parameters
    ----------
    results : DataFrame
        Columns of JudgedResults.
    wells : DataFrame
        What :func:`counting` returned.

    Returns
    -------
    dict of int to list of mapping
        Well, beads counted, beads asked for and remark, by ordinal of the result; results without wells lack.
    """
    said = wells.select(*OF_RESULT, "well", "n_beads", "n_beads_asked", "remark")
    joined = results.select("ordinal", *OF_RESULT).join(said, on=list(OF_RESULT), how="inner", maintain_order="left")
    rows: dict[int, list[WellRow]] = {}
    for row in joined.iter_rows(named=True):
        rows.setdefault(int(row["ordinal"]), []).append(row)
    return rows


def knows_beads(wells: pl.DataFrame) -> bool:
    """Tell whether a run counts beads, or its file asks for a number of them.

    Parameters
    ----------
    wells : DataFrame
        Columns of Wells.
    """
    return bool(wells["n_beads"].is_not_null().any() or wells["n_beads_asked"].is_not_null().any())


def bead_verdict(rows: Sequence[WellRow], limits: Mapping[str, Limit]) -> tuple[Verdict, str, int | None] | None:
    """Judge the bead counts of some wells.

    Parameters
    ----------
    rows : sequence of mapping
        Wells that count.
    limits : mapping of str to Limit
        ``least``, beads that a median needs, and ``evaluable``, beads below which it says nothing.

    Returns
    -------
    tuple of Verdict, str and int, or None
        Verdict, sentence and the fewest beads, None where they were not counted; None if all counts are high enough.
    """
    unknown = [str(row["well"]) for row in rows if row["n_beads"] is None]
    most_beads = max((int(row["n_beads_asked"]) for row in rows if row["n_beads_asked"] is not None), default=0)
    least = limits["least"].value
    low = [row for row in rows if row["n_beads"] is not None and row["n_beads"] < max(most_beads, least)]
    fewest = min((int(row["n_beads"]) for row in low), default=None)
    by_file = f"{most_beads} asked for by the file, " if most_beads else ""
    if fewest is not None:
        verdict = Verdict.NOT_EVALUABLE if fewest < limits["evaluable"].value else Verdict.WARN
        return verdict, f"{_counts(low)}; at least {by_file}{least:g} by rule.", fewest
    if unknown:
        text = f"No bead count for {_few(unknown)}; at least {by_file}{least:g} by rule."
        return Verdict.NOT_EVALUABLE, text, None
    return None


def _counts(rows: Iterable[WellRow]) -> str:
    wells: dict[int, list[str]] = {}
    for row in rows:
        wells.setdefault(int(row["n_beads"]), []).append(str(row["well"]))
    parts = [f"{n} bead{'' if n == 1 else 's'} in {_few(own)}" for n, own in sorted(wells.items())]
    return ", ".join(parts[:_SHOWN]) + (f" and {len(parts) - _SHOWN} other counts" if len(parts) > _SHOWN else "")


def remark_words(rows: Iterable[WellRow]) -> str:
    """Return what the instrument says of some wells, each remark once with its wells; empty if it says nothing.

    Parameters
    ----------
    rows : iterable of mapping
        Wells that count.
    """
    wells: dict[str, list[str]] = {}
    for row in rows:
        if row["remark"]:
            wells.setdefault(str(row["remark"]), []).append(str(row["well"]))
    parts = [f"'{words}' of {_few(own)}" for words, own in wells.items()]
    return ", ".join(parts[:_SHOWN]) + (f" and {len(parts) - _SHOWN} other remarks" if len(parts) > _SHOWN else "")


def _few(wells: Sequence[str]) -> str:
    own = list(dict.fromkeys(wells))
    shown = own[:_SHOWN]
    if len(own) > _SHOWN:
        return f"{', '.join(shown)} and {len(own) - _SHOWN} more wells"
    return " and ".join([", ".join(shown[:-1]), shown[-1]] if len(shown) > 1 else shown)

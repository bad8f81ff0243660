"""Tests that a lab has set aside for good: results of analysers that are none of its studies' are judged by nothing."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from schemas.names import plain_name

if TYPE_CHECKING:
    import polars as pl

AT = " @ "
"""What stands between the name of a test and an instrument."""


def without_ignored(rows: pl.DataFrame, ignored: Sequence[str], instrument: str) -> pl.DataFrame:
    """Leave out the rows of tests that are set aside.

    Parameters
    ----------
    rows : DataFrame
        Results or controls of one run, with ``analyte``; they keep their numbers.
    ignored : sequence of str
        ``AFP``, or ``AFP @ AU-480`` for one instrument alone.
    instrument : str
        Instrument of the run.
    """
    import polars as pl

    names = {plain_name(name) for name, only in map(split_test, ignored) if only in ("", instrument)}
    if not names:
        return rows
    gone = [name for name in rows["analyte"].unique().to_list() if plain_name(name) in names]
    return rows.filter(~pl.col("analyte").is_in(gone))


def split_test(text: str) -> tuple[str, str]:
    """Return the name of a test and the instrument that it is set aside of; empty for every one."""
    name, _, instrument = text.partition(AT)
    return name.strip(), instrument.strip()

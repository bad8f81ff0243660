"""Rows that an earlier delivery had and this one has not: a subset is normal, and told in a line."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from qc.ingest.correction_rows import CorrectionRow
from qc.store.frames import query
from qc.store.tables import newest_view
from schemas.tables.sheets import SHEETS

if TYPE_CHECKING:
    import polars as pl

    from qc.store.connection import Connection

_ONE = {"samples": "sample", "subjects": "subject", "controls": "target", "events": "event", "bridgings": "bridging"}
"""What a row of each sheet is of, in the singular."""


def missing_sentence(con: Connection, sheet: str, frame: pl.DataFrame) -> str:
    """Say how many rows of a sheet that is handed in again are not in it; to be asked before its rows are written.

    Returns
    -------
    str
        Sentence; empty where none is missing, or where most rows are new, as in a sheet that only adds to the others.
    """
    keys = list(SHEETS[sheet].key)
    known = query(con, f"SELECT * FROM {newest_view(sheet)}").select(keys)  # noqa: S608 - a view of ours
    own = frame.select(keys)
    if "study" in keys:
        known = known.join(own.select("study").unique(), on="study", how="semi")
    n_known = own.join(known, on=keys, how="semi", nulls_equal=True).height
    n_missing = known.join(own, on=keys, how="anti", nulls_equal=True).height
    if not n_missing or 2 * n_known < own.height:
        return ""
    if n_missing == 1:
        return f"1 {_ONE[sheet]} that came in before is not in this sheet; it stays as it was."
    return f"{n_missing} {_ONE[sheet]}s that came in before are not in this sheet; they stay as they were."


def vanishing_sentence(changes: Sequence[CorrectionRow]) -> str:
    """Say how many measured rows of runs a delivery would take away.

    Returns
    -------
    str
        Sentence; empty where none would go.
    """
    n = sum(row.after == "null" for row in changes if row.table in ("reported", "wells"))
    if not n:
        return ""
    rows = "1 row that was measured is" if n == 1 else f"{n} rows that were measured are"
    return f"{rows} in the run and not in this file; accepting the correction takes {'it' if n == 1 else 'them'} away."

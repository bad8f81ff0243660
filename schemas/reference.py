"""Reference intervals: what healthy people have, for one result."""

from __future__ import annotations

from dataclasses import replace

from schemas.analyte import LimitSet, MatrixEntry
from schemas.finding import Limit
from schemas.method import method_id


def with_reference(limits: LimitSet, entry: MatrixEntry, method: str = "") -> LimitSet:
    """Return limits whose reference interval is the widest one stated, where none fits the age and sex.

    Parameters
    ----------
    limits : LimitSet
        Limits of one result, in the canonical unit.
    entry : MatrixEntry
        Entry that they were looked up in.
    method : str
        Method, as written or as id; empty if unknown.

    Returns
    -------
    LimitSet
        The same limits where an end of the interval fits or none is stated. The key of a widest limit says so.
    """
    if limits.reference_low or limits.reference_high:
        return limits
    low = _widest(entry, "reference_low", method, -1)
    high = _widest(entry, "reference_high", method, 1)
    return replace(limits, reference_low=low, reference_high=high)


def _widest(entry: MatrixEntry, name: str, method: str, sign: int) -> Limit | None:
    rows = [row.limit for row in entry.limits if row.limit.name == name and row.method in ("", method_id(method))]
    if not rows:
        return None
    chosen = max(rows, key=lambda limit: sign * limit.value)
    return replace(chosen, holds_for=f"{entry.analyte}, {entry.matrix}, widest of all stated sexes and ages")

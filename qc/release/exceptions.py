"""The exceptions of a release: approved over a finding by a person, in spite of one by rule, and what was set aside."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any  # Any: JSON values

from qc.items.names import name_of_result
from qc.items.states import APPROVED
from schemas.json_model import JsonModel

if TYPE_CHECKING:
    import polars as pl

OVER = "approved_over"
"""A person approved over a warning or a failure."""
IN_SPITE = "approved_in_spite"
"""Approved by rule, in spite of a warning that holds nothing."""
SET_ASIDE = "set_aside"
"""Rejected, or to be measured again."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ReleaseException(JsonModel):
    """Results of one analyte with which one thing was done, by one person, for one reason."""

    kind: str
    """``approved_over``, ``approved_in_spite`` or ``set_aside``."""
    state: str
    """State of the results."""
    analyte: str
    """Analyte id."""
    matrix: str
    """Matrix."""
    verdict: str
    """Gravest verdict of their own findings."""
    rules: str
    """Rules that speak against them, with commas, as the blinded are told; empty if none does."""
    by: str
    """Who decided; empty where nobody did."""
    at: str
    """When, in UTC; empty where nobody decided."""
    reason: str
    """Coded reason; empty if none was given."""
    note: str
    """Words beside it; empty if there are none."""
    n: int
    """Results."""
    n_in_all: int
    """Results of the analyte and matrix that came in."""
    items: list[str]
    """Names of the results."""


_GROUP = ("kind", "state", "analyte", "matrix", "verdict", "rules", "by", "at", "reason", "note")
_ORDER = {OVER: 0, IN_SPITE: 1, SET_ASIDE: 2}


def release_exceptions(table: pl.DataFrame) -> list[dict[str, Any]]:
    """Group the exceptions of a release.

    Parameters
    ----------
    table : DataFrame
        Every result of the study with the columns of a release.

    Returns
    -------
    list of dict
        :class:`ReleaseException` as JSON, what persons approved over a finding first.
    """
    import polars as pl

    approved, rules = pl.col("state") == APPROVED, pl.col("rules") != ""
    kind = (
        pl.when(~approved)
        .then(pl.lit(SET_ASIDE))
        .when(pl.col("overridden"))
        .then(pl.lit(OVER))
        .when((pl.col("approval") == "auto") & rules)
        .then(pl.lit(IN_SPITE))
    )
    at = pl.col("decided_at").str.slice(0, 16)  # one act on several items is written within a minute
    named = table.with_columns(kind=kind, by="decided_by", at=at, n_in_all=pl.len().over("analyte", "matrix")).filter(
        pl.col("kind").is_not_null()
    )
    groups = named.group_by(_GROUP, maintain_order=True).agg(pl.first("n_in_all"), pl.col("result_id"))
    found = [_exception(row) for row in groups.to_dicts()]
    return [one.as_json() for one in sorted(found, key=lambda one: (_ORDER[one.kind], one.analyte, one.matrix))]


def _exception(row: dict[str, Any]) -> ReleaseException:
    ids = row.pop("result_id")
    return ReleaseException(**row, n=len(ids), items=[name_of_result(result_id) for result_id in ids])

"""Of each result of a release the decision that counts: its reason, its words, who made it and when."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any  # Any: JSON values

from qc.items.decisions import Act
from qc.items.names import names_of_result
from qc.items.states import GRAVITY, ItemState
from schemas.canonical import utc_text

if TYPE_CHECKING:
    import polars as pl

    from qc.items.decisions import Decision


def decision_columns(
    results: pl.DataFrame, states: Mapping[str, ItemState], decisions: Sequence[Mapping[str, Any]]
) -> pl.DataFrame:
    """Return who decided on each result, when and why.

    Parameters
    ----------
    results : DataFrame
        Results with ``analyte`` and ``result_id``.
    decisions : sequence of mapping
        Decisions and comments, oldest first: the newest comment on an item stands in for a note that was not written.

    Returns
    -------
    DataFrame
        ``reason``, ``note``, ``decided_by``, ``decided_at`` and ``decision``, in the order of the results. Where run,
        analyte and result were decided on, the gravest decision counts, of two alike that on the smaller thing.
    """
    import polars as pl

    schema = {"reason": pl.String, "note": pl.String, "decided_by": pl.String, "decided_at": pl.String}
    comments = {one["item"]: one["note"] for one in decisions if one["act"] == Act.COMMENT and not one["undone_by"]}
    rows = [
        _row(_decision(states, names_of_result(result_id, analyte)), comments)
        for analyte, result_id in results.select("analyte", "result_id").iter_rows()
    ]
    return pl.DataFrame(rows, schema=schema | {"decision": pl.Int64}, orient="row")


def _decision(states: Mapping[str, ItemState], names: tuple[str, ...]) -> Decision | None:
    decided = [states[name] for name in reversed(names) if name in states and states[name].decision is not None]
    return max(decided, key=lambda state: GRAVITY[state.state]).decision if decided else None


def _row(decision: Decision | None, comments: Mapping[str, str]) -> tuple[str, str, str, str, int | None]:
    if decision is None:
        return "", "", "", "", None
    note = decision.note or comments.get(decision.item, "")
    return decision.reason, note, decision.actor, utc_text(decision.at), decision.seq

"""Why two results of a subject are no pair."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

import numpy as np

from checks.contrasts.bridges import is_bridged
from checks.contrasts.plan import Plan
from schemas.bridging import Bridging

Row = Mapping[str, Any]  # Any: one released result, column by column
UNBRIDGED = {"platform": "platform", "method": "method", "calibrator_lot": "calibrator lot"}
"""What may not differ within a pair unless a bridging is on record, by column and in words."""


def single_result(rows: Sequence[Row], plan: Plan) -> Row | str | None:
    """Return the one result of a subject at a visit.

    Parameters
    ----------
    rows : sequence of Row
        Every approved result of it.
    plan : Plan
        What several results do.

    Returns
    -------
    Row, str or None
        None where there is no result; a text is the reason why several are none.
    """
    if len(rows) < 2:
        return rows[0] if rows else None
    if plan.several_results != "mean":
        return "several results at one visit"
    if any(row["censor"] or row["value"] is None for row in rows):
        return "several results, one of them without a number"
    if len({(row["unit"], row["platform"], row["method"]) for row in rows}) > 1:
        return "several results of different units, platforms or methods"
    return dict(rows[0]) | {
        "value": float(np.mean([row["value"] for row in rows])),
        "overridden": any(row["overridden"] for row in rows),
    }


def loss_of_pair(first: Row | None, second: Row | None, bridging: Iterable[Bridging], plan: Plan) -> str:
    """Say why two results are no pair.

    Parameters
    ----------
    first : Row or None
        Result at the baseline.
    second : Row or None
        Result at the follow-up.
    bridging : iterable of Bridging
        What was shown to give the same numbers.
    plan : Plan
        What excludes a pair.

    Returns
    -------
    str
        The reason; empty if they are a pair.
    """
    if first is None or second is None:
        if first is None and second is None:
            return "no result at either visit"
        return f"no result at visit {plan.baseline if first is None else plan.followup}"
    if not (_has_number(first) and _has_number(second)):
        return "a result without a number"
    for column, word in UNBRIDGED.items():
        names = _names(first, second, column)
        if names and not is_bridged(bridging, column, names, first["analyte"], first["matrix"]):
            return f"different {word} between the pair"
    if "two_plates" in plan.excluded_pairs and is_on_two_plates(first, second):
        return "measured on two plates"
    if "overridden" in plan.excluded_pairs and (first["overridden"] or second["overridden"]):
        return "approved over a finding"
    return ""


def differs(first: Row, second: Row) -> bool:
    """Tell whether a pair rests on a bridging.

    Parameters
    ----------
    first : Row
        Result at the baseline.
    second : Row
        Result at the follow-up.

    Returns
    -------
    bool
        True where platform, method or calibrator lot differ.
    """
    return any(_names(first, second, column) is not None for column in UNBRIDGED)


def is_on_two_plates(first: Row, second: Row) -> bool:
    """Tell whether a pair is known to have been measured on two plates.

    Parameters
    ----------
    first : Row
        Result at the baseline.
    second : Row
        Result at the follow-up.

    Returns
    -------
    bool
        False where a plate is not known.
    """
    return bool(first["plate"] and second["plate"] and first["plate"] != second["plate"])


def _names(first: Row, second: Row, column: str) -> tuple[str, str] | None:
    one, other = str(first.get(column) or ""), str(second.get(column) or "")
    if column == "calibrator_lot" and not (one and other):
        return None  # calculated values and readers without lots: nothing is known to differ
    return None if one == other else (one, other)


def _has_number(row: Row) -> bool:
    number = row["censor_limit"] if row["censor"] else row["value"]
    return number is not None and bool(np.isfinite(number))

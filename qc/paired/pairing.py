"""Pairs of one contrast: who has both visits, who is lost, and why."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from checks.arithmetic.censored_pairs import CensoredValues
from checks.arithmetic.refusal import Refusal
from qc.paired.plan import Endpoint, Plan

if TYPE_CHECKING:
    import polars as pl

Row = Mapping[str, Any]  # Any: one released result, column by column
COLUMNS = (
    "subject",
    "visit",
    "analyte",
    "matrix",
    "method",
    "platform",
    "plate",
    "value",
    "unit",
    "censor",
    "censor_limit",
    "decimals",
    "overridden",
)


@dataclass(frozen=True, slots=True)
class Loss:
    """Subjects that give no pair, for one reason."""

    reason: str
    """Why: ``no result at visit 3``."""
    n_subjects: int
    """How many."""


@dataclass(frozen=True, slots=True)
class Pairs:
    """Complete pairs of one contrast, and what became of the others."""

    before: CensoredValues
    """Values at the baseline, in the order of the subjects' names."""
    after: CensoredValues
    """Values at the follow-up, in the same order."""
    n_subjects: int
    """Subjects in the release."""
    losses: tuple[Loss, ...]
    """Why the others give no pair."""
    unit: str
    """Unit of all values."""
    decimals: int | None
    """Most decimals that were reported; None where a result does not say."""
    n_overridden: int
    """Results among the pairs that were approved over a finding."""
    n_on_two_plates: int
    """Pairs whose two results come from different plates: drift between plates is part of their difference."""
    refusal: Refusal | None
    """Why the whole contrast cannot be tested, if so."""


@dataclass(frozen=True, slots=True)
class ReleaseRows:
    """Released results by analyte, matrix, visit and subject."""

    subjects: tuple[str, ...]
    """Every subject of the release."""
    rows: Mapping[tuple[str, str, str, str], Sequence[Row]]
    """Results of one subject at one visit."""


def release_rows(results: pl.DataFrame) -> ReleaseRows:
    """Group released results for pairing.

    Parameters
    ----------
    results : DataFrame
        Results of a release; rows without subject or visit cannot be paired and are left out.

    Returns
    -------
    ReleaseRows
        Results by analyte, matrix, visit and subject.
    """
    usable = results.select(COLUMNS).drop_nulls(["subject", "visit"])
    rows: dict[tuple[str, str, str, str], list[Row]] = {}
    for row in usable.iter_rows(named=True):
        rows.setdefault((row["analyte"], row["matrix"], row["visit"], row["subject"]), []).append(row)
    return ReleaseRows(tuple(sorted(set(usable["subject"].to_list()))), rows)


def pair_up(released: ReleaseRows, endpoint: Endpoint, plan: Plan) -> Pairs:
    """Pair the results of one contrast by subject.

    Parameters
    ----------
    released : ReleaseRows
        Results of the release.
    endpoint : Endpoint
        Analyte and matrix.
    plan : Plan
        Visits, and what several results do.

    Returns
    -------
    Pairs
        Complete pairs; what is lost is counted by reason.
    """
    pairs: list[tuple[Row, Row]] = []
    reasons: Counter[str] = Counter()
    n_several = 0
    for subject in released.subjects:
        first, second = (
            released.rows.get((endpoint.analyte, endpoint.matrix, visit, subject), ())
            for visit in (plan.baseline, plan.followup)
        )
        n_several += len(first) > 1 or len(second) > 1
        reason = _reason(first, second, plan)
        if reason:
            reasons[reason] += 1
        else:
            pairs.append((first[0], second[0]))
    return _pairs(pairs, len(released.subjects), reasons, _several(n_several))


def _several(n_subjects: int) -> Refusal | None:
    if n_subjects == 0:
        return None
    return Refusal(
        f"{n_subjects} subjects have several approved results at one visit; reject all but one: no plan chooses."
    )


def _reason(first: Sequence[Row], second: Sequence[Row], plan: Plan) -> str:
    if not first and not second:
        return "no result at either visit"
    if not first:
        return f"no result at visit {plan.baseline}"
    if not second:
        return f"no result at visit {plan.followup}"
    if len(first) > 1 or len(second) > 1:
        return "several results at one visit"
    if not (_has_number(first[0]) and _has_number(second[0])):
        return "a result without a number"
    if first[0]["platform"] != second[0]["platform"]:
        return "different platform between the pair"
    if first[0]["method"] != second[0]["method"]:
        return "different method between the pair"
    return ""


def _has_number(row: Row) -> bool:
    number = row["censor_limit"] if row["censor"] else row["value"]
    return number is not None and bool(np.isfinite(number))


def _pairs(pairs: list[tuple[Row, Row]], n_subjects: int, reasons: Counter[str], several: Refusal | None) -> Pairs:
    rows = [row for pair in pairs for row in pair]
    units = sorted({str(row["unit"]) for row in rows})
    return Pairs(
        before=_values(first for first, _ in pairs),
        after=_values(second for _, second in pairs),
        n_subjects=n_subjects,
        losses=tuple(Loss(reason, n) for reason, n in sorted(reasons.items())),
        unit=units[0] if units else "",
        decimals=_decimals(rows),
        n_overridden=sum(bool(row["overridden"]) for row in rows),
        n_on_two_plates=sum(_is_on_two_plates(first, second) for first, second in pairs),
        refusal=several or _mixed_units(units),
    )


def _mixed_units(units: list[str]) -> Refusal | None:
    return Refusal(f"The results are in several units: {', '.join(units)}.") if len(units) > 1 else None


def _values(rows: Iterable[Row]) -> CensoredValues:
    listed = list(rows)
    numbers = [row["censor_limit"] if row["censor"] else row["value"] for row in listed]
    return CensoredValues(
        number=np.array(numbers, dtype=np.float64),
        is_below=np.array([row["censor"] == "<" for row in listed], dtype=np.bool_),
        is_above=np.array([row["censor"] == ">" for row in listed], dtype=np.bool_),
    )


def _decimals(rows: list[Row]) -> int | None:
    decimals = [row["decimals"] for row in rows]
    return None if not decimals or None in decimals else int(max(decimals))


def _is_on_two_plates(first: Row, second: Row) -> bool:
    return bool(first["plate"] and second["plate"] and first["plate"] != second["plate"])

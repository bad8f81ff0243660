"""Pairs of one contrast: who has both visits, who is lost, and why."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

import numpy as np
import numpy.typing as npt

from checks.arithmetic.censoring.censored_pairs import CensoredValues
from checks.arithmetic.refusal import Refusal
from checks.contrasts.losses import Row, differs, is_on_two_plates, loss_of_pair, single_result
from checks.contrasts.plan import Endpoint, Plan
from schemas.bridging import Bridging

if TYPE_CHECKING:
    import polars as pl

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
OPTIONAL = ("calibrator_lot", "detection", "lob", "arm", "u_alone", "u")
"""Columns that releases of earlier versions lack."""
Flags = npt.NDArray[np.bool_]


@dataclass(frozen=True, slots=True)
class Loss:
    """Subjects that give no pair, for one reason."""

    reason: str
    """Why: ``no result at visit 3``."""
    n_subjects: int
    """How many."""


@dataclass(frozen=True, slots=True)
class Uncertainty:
    """Standard uncertainty of the values of one visit, in their unit."""

    alone: npt.NDArray[np.float64]
    """What each value is uncertain by on its own, shape (n_pairs,)."""
    whole: npt.NDArray[np.float64]
    """The same with what all values share."""


@dataclass(frozen=True, slots=True)
class Pairs:
    """Complete pairs of one contrast, and what became of the others."""

    subjects: tuple[str, ...]
    """Subject of each pair: for the statistician who may see them, and for no other."""
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
    is_overridden: Flags
    """Pairs with such a result."""
    is_on_two_plates: Flags
    """Pairs whose two results come from different plates: drift between plates is part of their difference."""
    plates: tuple[frozenset[str], frozenset[str]]
    """Plates of the baseline, and those of the follow-up; empty where a release does not say."""
    n_across: int
    """Pairs across platforms, methods or lots that a bridging on record holds together."""
    uncertainty: tuple[Uncertainty, Uncertainty] | None
    """Standard uncertainty of both values of each pair; None where that of a result is not known."""
    refusal: Refusal | None
    """Why the whole contrast cannot be tested, if so."""

    @property
    def n_pairs(self) -> int:
        """Return the number of complete pairs."""
        return int(self.before.number.size)

    @property
    def n_on_two_plates(self) -> int:
        """Return the number of pairs that were measured on two plates."""
        return int(self.is_on_two_plates.sum())

    def only(self, is_kept: Flags) -> Pairs:
        """Return some of the pairs; the losses stay as they are.

        Parameters
        ----------
        is_kept : ndarray of bool, shape (n_pairs,)
            Which.

        Returns
        -------
        Pairs
            Those pairs.
        """
        return replace(
            self,
            subjects=tuple(one for one, is_in in zip(self.subjects, is_kept, strict=True) if is_in),
            before=self.before.only(is_kept),
            after=self.after.only(is_kept),
            uncertainty=None if self.uncertainty is None else _kept(self.uncertainty, is_kept),
            is_overridden=self.is_overridden[is_kept],
            is_on_two_plates=self.is_on_two_plates[is_kept],
        )


@dataclass(frozen=True, slots=True)
class ReleaseRows:
    """Released results by analyte, matrix, visit and subject."""

    subjects: tuple[str, ...]
    """Every subject of the release."""
    rows: Mapping[tuple[str, str, str, str], Sequence[Row]]
    """Results of one subject at one visit."""
    bridging: tuple[Bridging, ...] = ()
    """What the laboratory showed to give the same numbers."""
    arms: Mapping[str, str] = field(default_factory=dict)
    """Arm by subject; a subject without one is not in it."""

    def of_arms(self, *arms: str) -> ReleaseRows:
        """Return the results of some arms; none named means all of them.

        Parameters
        ----------
        *arms : str
            Arms.

        Returns
        -------
        ReleaseRows
            The same results with fewer subjects.
        """
        own = tuple(one for one in self.subjects if self.arms.get(one) in arms)
        return replace(self, subjects=own) if arms else self


def release_rows(results: pl.DataFrame, bridging: Iterable[Bridging] = ()) -> ReleaseRows:
    """Group released results for pairing.

    Parameters
    ----------
    results : DataFrame
        Results of a release; rows without subject or visit cannot be paired and are left out.
    bridging : iterable of Bridging
        Platforms, methods and lots that were shown to give the same numbers.

    Returns
    -------
    ReleaseRows
        Results by analyte, matrix, visit and subject.
    """
    columns = [*COLUMNS, *(name for name in OPTIONAL if name in results.columns)]
    usable = results.select(columns).drop_nulls(["subject", "visit"])
    rows: dict[tuple[str, str, str, str], list[Row]] = {}
    for row in usable.iter_rows(named=True):
        rows.setdefault((row["analyte"], row["matrix"], row["visit"], row["subject"]), []).append(row)
    arms = dict(usable.select("subject", "arm").iter_rows()) if "arm" in columns else {}
    told = {subject: arm for subject, arm in arms.items() if arm}
    return ReleaseRows(tuple(sorted(set(usable["subject"].to_list()))), rows, tuple(bridging), told)


def pair_up(released: ReleaseRows, endpoint: Endpoint, plan: Plan) -> Pairs:
    """Pair the results of one contrast by subject.

    Parameters
    ----------
    released : ReleaseRows
        Results of the release.
    endpoint : Endpoint
        Analyte and matrix.
    plan : Plan
        Visits, what several results do, and what excludes a pair.

    Returns
    -------
    Pairs
        Complete pairs; what is lost is counted by reason.
    """
    pairs: list[tuple[Row, Row]] = []
    reasons: Counter[str] = Counter()
    n_several = n_across = 0
    for subject in released.subjects:
        first, second = (
            released.rows.get((endpoint.analyte, endpoint.matrix, visit, subject), ())
            for visit in (plan.baseline, plan.followup)
        )
        n_several += len(first) > 1 or len(second) > 1
        one, other = single_result(first, plan), single_result(second, plan)
        reason = one if isinstance(one, str) else other if isinstance(other, str) else ""
        reason = reason or loss_of_pair(one, other, released.bridging, plan)  # type: ignore[arg-type]
        if reason or isinstance(one, str) or isinstance(other, str):
            reasons[reason] += 1
        elif one is not None and other is not None:
            n_across += differs(one, other)
            pairs.append((one, other))
    several = _several(n_several) if plan.several_results == "refuse" else None
    return _pairs(pairs, len(released.subjects), reasons, several, n_across)


def _several(n_subjects: int) -> Refusal | None:
    if n_subjects == 0:
        return None
    return Refusal(
        f"{n_subjects} subjects have several approved results at one visit; reject all but one: no plan chooses."
    )


def _pairs(
    pairs: list[tuple[Row, Row]], n_subjects: int, reasons: Counter[str], several: Refusal | None, n_across: int
) -> Pairs:
    rows = [row for pair in pairs for row in pair]
    units = sorted({str(row["unit"]) for row in rows})
    return Pairs(
        subjects=tuple(str(first["subject"]) for first, _ in pairs),
        before=_values(first for first, _ in pairs),
        after=_values(second for _, second in pairs),
        n_subjects=n_subjects,
        losses=tuple(Loss(reason, n) for reason, n in sorted(reasons.items())),
        unit=units[0] if units else "",
        decimals=_decimals(rows),
        n_overridden=sum(bool(row["overridden"]) for row in rows),
        is_overridden=_flags(bool(first["overridden"] or second["overridden"]) for first, second in pairs),
        is_on_two_plates=_flags(is_on_two_plates(first, second) for first, second in pairs),
        plates=(_plates(first for first, _ in pairs), _plates(second for _, second in pairs)),
        n_across=n_across,
        uncertainty=_uncertainty(pairs),
        refusal=several or _mixed_units(units),
    )


def _uncertainty(pairs: list[tuple[Row, Row]]) -> tuple[Uncertainty, Uncertainty] | None:
    rows = [row for pair in pairs for row in pair]
    # A bound has no uncertainty of a number: it stays where it is.
    measured = [row for row in rows if not row["censor"]]
    if not measured or any(row.get(name) is None for row in measured for name in ("u_alone", "u")):
        return None
    first, second = zip(*pairs, strict=True)
    return _u_of(first), _u_of(second)


def _u_of(rows: Sequence[Row]) -> Uncertainty:
    return Uncertainty(*(np.array([_u_in(row, name) for row in rows], dtype=np.float64) for name in ("u_alone", "u")))


def _u_in(row: Row, name: str) -> float:
    return 0.0 if row["censor"] else float(row[name])


def _kept(both: tuple[Uncertainty, Uncertainty], is_kept: Flags) -> tuple[Uncertainty, Uncertainty]:
    first, second = (Uncertainty(one.alone[is_kept], one.whole[is_kept]) for one in both)
    return first, second


def _flags(flags: Iterable[bool]) -> Flags:
    return np.array(list(flags), dtype=np.bool_)


def _plates(rows: Iterable[Row]) -> frozenset[str]:
    return frozenset(str(row["plate"]) for row in rows if row["plate"])


def _mixed_units(units: list[str]) -> Refusal | None:
    return Refusal(f"The results are in several units: {', '.join(units)}.") if len(units) > 1 else None


def _values(rows: Iterable[Row]) -> CensoredValues:
    listed = list(rows)
    numbers = [_number(row) for row in listed]
    lower = [row["lob"] if row.get("detection") == "detected" else -np.inf for row in listed]
    return CensoredValues(
        number=np.array(numbers, dtype=np.float64),
        is_below=np.array([row["censor"] == "<" for row in listed], dtype=np.bool_),
        is_above=np.array([row["censor"] == ">" for row in listed], dtype=np.bool_),
        lower=np.array(lower, dtype=np.float64) if any(map(np.isfinite, lower)) else None,
    )


def _number(row: Row) -> float | None:
    # What was not detected is reported as below the LoD; as a reading it lies at or below the limit of blank.
    if row.get("detection") == "not_detected":
        return float(row["lob"])
    number: float | None = row["censor_limit"] if row["censor"] else row["value"]
    return number


def _decimals(rows: list[Row]) -> int | None:
    decimals = [row["decimals"] for row in rows]
    return None if not decimals or None in decimals else int(max(decimals))

"""Standard curves: their fits, their standards and the ranges in which they give concentrations."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, field, replace
from typing import TYPE_CHECKING, Any

import numpy as np

from checks.arithmetic.four_pl_batch import fit_many
from checks.arithmetic.four_pl_fit import Fit
from checks.arithmetic.four_pl_inverse import inverse, side
from checks.calibration.acceptance import Acceptance, Calibrator, Place, accepted_ends, level_to_reject
from checks.calibration.levels import floats, levels_of, usable_calibrators
from schemas.errors import NotEvaluableError
from schemas.finding import Limit
from schemas.run import Run

if TYPE_CHECKING:
    import polars as pl

CurveKey = tuple[str, str, str]
"""Plate, analyte and curve group."""
KEY = ("plate", "analyte", "curve")
"""Columns of a well that say which curve it belongs to."""

_PLAIN = (*KEY, "lloq", "uloq", "rejected_conc", "rejected_recovery_percent")
RANGE_SLACK = 1e-9
"""Relative rounding by which a concentration may lie beyond LLOQ or ULOQ and still be in range."""


@dataclass(frozen=True, slots=True)
class Curve:
    """One standard curve."""

    plate: str
    """Plate of its wells."""
    analyte: str
    """Analyte id, or the name as written where it is not known."""
    curve: str
    """Group of wells that were fitted together; empty where a plate has one curve an analyte."""
    fit: Fit
    """The fitted curve."""
    calibrators: tuple[Calibrator, ...]
    """Levels by rising concentration."""
    lloq: float | None
    """Lowest accepted level, before dilution; None if no range was accepted."""
    uloq: float | None
    """Highest accepted level, before dilution; None if no range was accepted."""
    rejected_conc: float | None = None
    """Level that was left out of the fit after it failed; None if none was."""
    rejected_recovery_percent: float | None = None
    """Its recovery in the first fit, for which it was rejected; None without one."""

    def concentration(self, signal: float) -> tuple[float | None, str, float | None]:
        """Return the concentration that a signal stands for, before dilution.

        Parameters
        ----------
        signal : float
            Mean signal of the replicates.

        Returns
        -------
        value : float or None
            The number, kept beyond the range too; None beyond an asymptote.
        censor : str
            ``<`` below LLOQ, ``>`` above ULOQ, else empty.
        limit : float or None
            LLOQ or ULOQ where ``censor`` is not empty.
        """
        number = float(inverse(self.fit.params, [signal])[0])
        if np.isnan(number):
            beyond = float(side(self.fit.params, [signal])[0])
            return (None, "<", self.lloq) if beyond < 0 else (None, ">", self.uloq)
        if self.lloq is not None and number < self.lloq * (1 - RANGE_SLACK):
            return number, "<", self.lloq
        if self.uloq is not None and number > self.uloq * (1 + RANGE_SLACK):
            return number, ">", self.uloq
        return number, "", None

    def as_json(self) -> dict[str, Any]:
        """Return the curve as a mapping of JSON values.

        Returns
        -------
        dict
            One entry a field.
        """
        plain = {name: getattr(self, name) for name in _PLAIN}
        return plain | {"fit": self.fit.as_json(), "calibrators": [asdict(level) for level in self.calibrators]}

    @classmethod
    def from_json(cls, tree: dict[str, Any]) -> Curve:
        """Return the curve that :meth:`as_json` wrote.

        Parameters
        ----------
        tree : dict
            Mapping of JSON values.

        Returns
        -------
        Curve
            The same curve.
        """
        levels = tuple(Calibrator(**level) for level in tree["calibrators"])
        return cls(**{**tree, "fit": Fit.from_json(tree["fit"]), "calibrators": levels})


@dataclass(frozen=True, slots=True)
class CurveSet:
    """All curves of a run, and the sentence for each one that could not be fitted."""

    curves: Mapping[CurveKey, Curve] = field(default_factory=dict)
    """Curves by plate, analyte and curve group."""
    failures: Mapping[CurveKey, str] = field(default_factory=dict)
    """Why there is no curve, by plate, analyte and curve group."""


def fit_curves(wells: pl.DataFrame, run: Run, limits: Mapping[str, Limit]) -> CurveSet:
    """Fit every standard curve of a run.

    Parameters
    ----------
    wells : DataFrame
        Wells of the run (model Wells).
    run : Run
        Gives model and weight.
    limits : mapping of str to Limit
        Limits of the rule ``calibration.standards``; where ``max_refits`` is 1, a curve with a failed standard inside
        its range is fitted once again without the worst one.

    Returns
    -------
    CurveSet
        Curves, and sentences for those that could not be fitted.

    Raises
    ------
    ConfigError
        If the run's model or weight is not known.

    Notes
    -----
    Wells that carry a flag or no signal are left out. Blanks are judged, not fitted, unless they are calibrators of
    concentration 0. A calibrator whose level is ``anchor`` is fitted and not judged.
    """
    standards = usable_calibrators(wells)
    acceptance = Acceptance.of(limits)
    pieces = {_key(key): piece for key, piece in standards.group_by(KEY, maintain_order=True)}
    fits = _fits(list(pieces.values()), run)
    curves: dict[CurveKey, Curve] = {}
    failures: dict[CurveKey, str] = {}
    for (key, piece), fit in zip(pieces.items(), fits, strict=True):
        if isinstance(fit, NotEvaluableError):
            failures[key] = str(fit)
        else:
            curves[key] = _judged_curve(key, fit, levels_of(piece), acceptance)
    may_refit = "max_refits" in limits and limits["max_refits"].value >= 1
    return CurveSet(curves | _refitted(curves, pieces, run, acceptance) if may_refit else curves, failures)


def _fits(pieces: Sequence[pl.DataFrame], run: Run) -> list[Fit | NotEvaluableError]:
    pairs = [(floats(piece, "conc"), floats(piece, "signal")) for piece in pieces]
    return fit_many(pairs, model=run.model, weight=run.weight)


def _refitted(
    curves: Mapping[CurveKey, Curve], pieces: Mapping[CurveKey, pl.DataFrame], run: Run, acceptance: Acceptance
) -> dict[CurveKey, Curve]:
    """Return the curves with a failed standard inside their range, fitted once without the worst one."""
    found = {key: level_to_reject(curve.calibrators, acceptance) for key, curve in curves.items()}
    rejected = {key: curves[key].calibrators[place] for key, place in found.items() if place is not None}
    fits = _fits([pieces[key].filter(pieces[key]["conc"] != level.conc) for key, level in rejected.items()], run)
    refitted: dict[CurveKey, Curve] = {}
    for (key, level), fit in zip(rejected.items(), fits, strict=True):
        if isinstance(fit, Fit) and fit.converged:
            levels = [
                replace(one, is_rejected=one.conc == level.conc, back_calculated=None, recovery_percent=None)
                for one in curves[key].calibrators
            ]
            curve = _judged_curve(key, fit, levels, acceptance)
            refitted[key] = replace(curve, rejected_conc=level.conc, rejected_recovery_percent=level.recovery_percent)
    return refitted


def _judged_curve(key: CurveKey, fit: Fit, levels: Sequence[Calibrator], acceptance: Acceptance) -> Curve:
    """Return a curve with its standards given back and its range accepted."""
    numbers = inverse(fit.params, [level.signal for level in levels])
    given_back = [_given_back(level, float(number)) for level, number in zip(levels, numbers, strict=True)]
    ends = accepted_ends(given_back, acceptance)
    accepted = tuple(
        replace(level, is_accepted=_is_accepted(level, _place(index, ends), acceptance))
        for index, level in enumerate(given_back)
    )
    lloq, uloq = (accepted[ends[0]].conc, accepted[ends[1]].conc) if ends else (None, None)
    return Curve(*key, fit=fit, calibrators=accepted, lloq=lloq, uloq=uloq)


def _place(index: int, ends: tuple[int, int] | None) -> Place:
    if ends is None or index not in ends:
        return Place.INSIDE
    return Place.LLOQ if index == ends[0] else Place.ULOQ


def _is_accepted(level: Calibrator, at: Place, acceptance: Acceptance) -> bool:
    return level.is_judged and not level.is_rejected and acceptance.holds(level, at)


def _given_back(level: Calibrator, number: float) -> Calibrator:
    if np.isnan(number):
        return level
    recovery_percent = 100 * number / level.conc if level.conc > 0 else None
    return replace(level, back_calculated=number, recovery_percent=recovery_percent)


def _key(parts: tuple[object, ...]) -> CurveKey:
    plate, analyte, curve = (str(part) for part in parts)
    return plate, analyte, curve

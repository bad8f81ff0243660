"""Standard curves: their fits, their standards and the ranges in which they give concentrations."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, field, replace
from typing import TYPE_CHECKING, Any

import numpy as np

from checks.arithmetic.four_pl_batch import fit_many
from checks.arithmetic.four_pl_fit import Fit
from checks.arithmetic.four_pl_inverse import inverse, side
from checks.calibration.acceptance import Acceptance, Calibrator, accepted_ends
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
        plain = {name: getattr(self, name) for name in ("plate", "analyte", "curve", "lloq", "uloq", "rejected_conc")}
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
        Limits of the rule ``calibration.standards``.

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
    pairs = [(floats(piece, "conc"), floats(piece, "signal")) for piece in pieces.values()]
    fits = fit_many(pairs, model=run.model, weight=run.weight)
    curves: dict[CurveKey, Curve] = {}
    failures: dict[CurveKey, str] = {}
    for (key, piece), fit in zip(pieces.items(), fits, strict=True):
        if isinstance(fit, NotEvaluableError):
            failures[key] = str(fit)
        else:
            curves[key] = _judged_curve(key, fit, levels_of(piece), acceptance)
    return CurveSet(curves, failures)


def _judged_curve(key: tuple[str, str, str], fit: Fit, levels: Sequence[Calibrator], acceptance: Acceptance) -> Curve:
    """Return a curve with its standards given back and its range accepted."""
    numbers = inverse(fit.params, [level.signal for level in levels])
    given_back = [_given_back(level, float(number)) for level, number in zip(levels, numbers, strict=True)]
    ends = accepted_ends(given_back, acceptance)
    accepted = tuple(
        replace(
            level, is_accepted=level.is_judged and acceptance.holds(level, is_end=ends is not None and index in ends)
        )
        for index, level in enumerate(given_back)
    )
    lloq, uloq = (accepted[ends[0]].conc, accepted[ends[1]].conc) if ends else (None, None)
    return Curve(*key, fit=fit, calibrators=accepted, lloq=lloq, uloq=uloq)


def _given_back(level: Calibrator, number: float) -> Calibrator:
    if np.isnan(number):
        return level
    recovery_percent = 100 * number / level.conc if level.conc > 0 else None
    return replace(level, back_calculated=number, recovery_percent=recovery_percent)


def _key(parts: tuple[object, ...]) -> CurveKey:
    plate, analyte, curve = (str(part) for part in parts)
    return plate, analyte, curve

"""Fit the standard curves of runs, judge their standards, and fit once again without one that fails."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

import numpy as np

from checks.arithmetic.curves.four_pl import PLAIN_MODELS
from checks.arithmetic.curves.four_pl_batch import fit_many
from checks.arithmetic.curves.four_pl_fit import Fit
from checks.arithmetic.curves.four_pl_inverse import inverse
from checks.arithmetic.curves.plain_fit import plain_fits
from checks.standard_curves.acceptance import Acceptance, Calibrator, Place, accepted_ends, level_to_reject
from checks.standard_curves.curve import KEY, Curve, CurveKey, CurveSet
from checks.standard_curves.curve_choice import CurveChoice, curve_choice
from checks.standard_curves.levels import floats, levels_of, usable_calibrators
from schemas.errors import NotEvaluableError
from schemas.finding import Limit
from schemas.run import Run

if TYPE_CHECKING:
    import polars as pl


@dataclass(frozen=True, slots=True)
class Standards:
    """What is needed to fit the standard curves of one run."""

    wells: pl.DataFrame
    """Wells of the run (model Wells)."""
    run: Run
    """Gives model and weight of analytes without a choice of their own."""
    limits: Mapping[str, Limit]
    """Limits of the rule ``calibration.standards``."""
    choices: Mapping[str, CurveChoice] = field(default_factory=dict)
    """Curves by analyte, as run and method file choose them."""

    def choice_of(self, analyte: str) -> CurveChoice:
        """Return the curve of one analyte.

        Parameters
        ----------
        analyte : str
            Its id, or how the wells call it.

        Returns
        -------
        CurveChoice
            What the run says where nothing was chosen for the analyte.
        """
        return self.choices.get(analyte) or curve_choice(self.run)


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
    return fit_runs([Standards(wells, run, limits)])[0]


def fit_runs(orders: Sequence[Standards]) -> list[CurveSet]:
    """Fit the standard curves of many runs together.

    Parameters
    ----------
    orders : sequence of Standards
        Standards of each run.

    Returns
    -------
    list of CurveSet
        What :func:`fit_curves` gives for each run, in their order.

    Raises
    ------
    ConfigError
        If the model or weight of one of the runs is not known.
    """
    pieces = {(number, key): piece for number, order in enumerate(orders) for key, piece in _pieces(order.wells)}
    acceptances = [Acceptance.of(order.limits) for order in orders]
    sets: list[tuple[dict[CurveKey, Curve], dict[CurveKey, str]]] = [({}, {}) for _ in orders]
    for (number, key), fit in _fits(pieces, orders).items():
        curves, failures = sets[number]
        if isinstance(fit, NotEvaluableError):
            failures[key] = str(fit)
        else:
            curves[key] = _judged_curve(key, fit, levels_of(pieces[number, key]), acceptances[number])
    may_refit = [number for number, order in enumerate(orders) if _may_refit(order)]
    first = {(number, key): curve for number in may_refit for key, curve in sets[number][0].items()}
    for (number, key), curve in _refitted(first, pieces, orders, acceptances).items():
        sets[number][0][key] = curve
    return [CurveSet(curves, failures) for curves, failures in sets]


_Place = tuple[int, CurveKey]
"""Number of the run and key of the curve."""


def _pieces(wells: pl.DataFrame) -> list[tuple[CurveKey, pl.DataFrame]]:
    return [(_key(key), piece) for key, piece in usable_calibrators(wells).group_by(KEY, maintain_order=True)]


def _may_refit(order: Standards) -> bool:
    return "max_refits" in order.limits and order.limits["max_refits"].value >= 1


def _fits(pieces: Mapping[_Place, pl.DataFrame], orders: Sequence[Standards]) -> dict[_Place, Fit | NotEvaluableError]:
    """Return the fits, those of one model and weight computed together."""
    curves_by_choice: dict[CurveChoice, list[_Place]] = {}
    for place in pieces:
        number, (_, analyte, _) = place
        curves_by_choice.setdefault(orders[number].choice_of(analyte), []).append(place)
    found: dict[_Place, Fit | NotEvaluableError] = {}
    for choice, own in curves_by_choice.items():
        pairs = [(floats(pieces[place], "conc"), floats(pieces[place], "signal")) for place in own]
        fits_of = plain_fits if choice.model in PLAIN_MODELS else fit_many
        found |= zip(own, fits_of(pairs, model=choice.model, weight=choice.weight), strict=True)
    return {place: found[place] for place in pieces}


def _refitted(
    curves: Mapping[_Place, Curve],
    pieces: Mapping[_Place, pl.DataFrame],
    orders: Sequence[Standards],
    acceptances: Sequence[Acceptance],
) -> dict[_Place, Curve]:
    """Return the curves with a failed standard inside their range, fitted once without the worst one."""
    found = {place: level_to_reject(curve.calibrators, acceptances[place[0]]) for place, curve in curves.items()}
    rejected = {place: curves[place].calibrators[index] for place, index in found.items() if index is not None}
    remaining_levels = {
        place: pieces[place].filter(pieces[place]["conc"] != level.conc) for place, level in rejected.items()
    }
    refitted: dict[_Place, Curve] = {}
    for place, fit in _fits(remaining_levels, orders).items():
        if isinstance(fit, Fit) and fit.converged:
            level = rejected[place]
            levels = [
                replace(one, is_rejected=one.conc == level.conc, back_calculated=None, recovery_percent=None)
                for one in curves[place].calibrators
            ]
            curve = _judged_curve(place[1], fit, levels, acceptances[place[0]])
            refitted[place] = replace(curve, rejected_conc=level.conc, rejected_recovery_percent=level.recovery_percent)
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

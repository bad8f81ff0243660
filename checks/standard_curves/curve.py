"""Standard curves: their fits, their standards and the ranges in which they give concentrations."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

import numpy as np

from checks.arithmetic.curves.four_pl_fit import Fit
from checks.arithmetic.curves.four_pl_inverse import inverse, side
from checks.standard_curves.acceptance import Calibrator
from schemas.json_model import JsonModel

CurveKey = tuple[str, str, str]
"""Plate, analyte and curve group."""
KEY = ("plate", "analyte", "curve")
"""Columns of a well that say which curve it belongs to."""

RANGE_SLACK = 1e-9
"""Relative rounding by which a concentration may lie beyond LLOQ or ULOQ and still be in range."""


@dataclass(frozen=True, slots=True)
class Curve(JsonModel):
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

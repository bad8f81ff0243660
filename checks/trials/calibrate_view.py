"""What ``qc try calibrate`` shows of a curve: one entry a row of the file, one a level, and the fit itself."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Annotated, get_args

from schemas.curve_names import CurveModel, CurveWeight
from schemas.json_model import JsonFacet, JsonModel

if TYPE_CHECKING:
    import polars as pl

    from checks.arithmetic.curves.four_pl import CurveParams
    from checks.standard_curves.curve import Curve

CONFIDENCE = 0.95
"""Confidence of the limits of a concentration, 0 to 1."""
FALLING = "y = d + (a - d) / (1 + (x / c)^b)^g"
"""Formula of a 4PL, and of a 5PL that falls."""
RISING_5PL = "y = a + (d - a) / (1 + (x / c)^-b)^g"
"""Formula of a 5PL that rises: g belongs to the upper asymptote, as in LL.5 of drc. With g = 1 both are one curve."""


@dataclass(frozen=True, slots=True)
class RejectedLevel(JsonModel):
    """Level that was left out of the fit after it failed."""

    conc: float | None
    """Its concentration."""
    recovery_percent: float | None
    """Its recovery in the first fit, in percent."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ShownFit(JsonModel):
    """The fit of one standard curve; what does not exist is None."""

    model: Annotated[str, JsonFacet("enum", get_args(CurveModel))]
    """Model of the curve."""
    weight: Annotated[str, JsonFacet("enum", get_args(CurveWeight))]
    """Factor of the squared residuals."""
    formula: str
    """Formula that the parameters belong to."""
    params: CurveParams
    """Parameters."""
    se: dict[str, float | None]
    """Standard error of each parameter."""
    wrss: float
    """Weighted sum of squared residuals."""
    residual_sd: float
    """Residual SD, weighted."""
    df: int
    """Degrees of freedom."""
    aicc: float | None
    """Corrected information criterion of Akaike."""
    converged: bool
    """Whether the fit ended at an optimum."""
    gradient_cosine: float
    """Cosine between residuals and tangents; 0 at an optimum."""
    condition_number: float | None
    """Condition of the scaled normal equations; None if infinite."""
    well_determined: bool
    """Whether the data determine every parameter."""
    why_ill_determined: str | None
    """Why not."""
    rejected: list[RejectedLevel]
    """Level that was left out after it failed, if one was."""
    lloq: float | None
    """Lowest accepted level."""
    uloq: float | None
    """Highest accepted level."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ShownLevel(JsonModel):
    """One level of the standards, given back at the mean signal of its wells."""

    conc: float
    """Concentration."""
    n_wells: int
    """Wells with a signal."""
    signal: float | None
    """Mean signal."""
    signal_cv_percent: float | None
    """CV of the signals, in percent."""
    back_calculated: float | None
    """Concentration that the curve gives back."""
    recovery_percent: float | None
    """The same in percent of ``conc``."""
    accepted: bool | None
    """Whether it is accepted; None if it is not judged."""
    anchor: bool
    """Whether it shapes the curve and is not judged."""
    rejected: bool
    """Whether it was left out of the fit."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ShownCalibrator(JsonModel):
    """One calibrator row of the file, given back by the curve."""

    conc: float
    """Concentration."""
    signal: float | None
    """Signal; None if it was not measured."""
    back_calculated: float | None
    """Concentration that the curve gives back."""
    recovery_percent: float | None
    """The same in percent of ``conc``."""
    anchor: bool
    """Whether it shapes the curve and is not judged."""
    rejected: bool
    """Whether its level was left out of the fit."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ShownReading(JsonModel):
    """One sample or control row of the file with its concentration, multiplied by the dilution."""

    json_keys = "name signal dilution conc censor limit se ci_low ci_high reportable *against"

    name: str
    """Name as written."""
    signal: float | None
    """Signal; None if it was not measured."""
    dilution: float
    """Dilution factor."""
    conc: float | None
    """Concentration; None beyond an asymptote."""
    censor: Annotated[str, JsonFacet("enum", ("<", ">"))] | None
    """``<`` below ``limit``, ``>`` above it; None in range."""
    limit: float | None
    """LLOQ or ULOQ where ``censor`` is set."""
    se: float | None
    """Standard error, of the curve alone: the signal is taken as exact."""
    ci_low: float | None
    """Lower confidence limit."""
    ci_high: float | None
    """Upper confidence limit."""
    reportable: bool
    """Whether the result may be reported."""
    against: Recovery | None
    """What was expected; None if nothing was."""


@dataclass(frozen=True, slots=True)
class Recovery(JsonModel):
    """A reading against what was expected."""

    expected: float
    """Concentration that was expected."""
    recovery_percent: float | None
    """Reading in percent of it."""


def shown_fit(curve: Curve) -> ShownFit:
    """Return the fit with its formula, errors, range and what is wrong with it.

    Parameters
    ----------
    curve : Curve
        The curve.

    Returns
    -------
    ShownFit
        What does not exist is None.
    """
    from checks.arithmetic.curves.plain_curve import FORMULAS

    fit = curve.fit
    is_rising_5pl = fit.model == "5pl" and fit.params.is_rising
    rejected = RejectedLevel(curve.rejected_conc, curve.rejected_recovery_percent)
    return ShownFit(
        model=fit.model,
        weight=fit.weight,
        formula=FORMULAS.get(fit.model, RISING_5PL if is_rising_5pl else FALLING),
        params=fit.params,
        se=fit.se,
        wrss=fit.wrss,
        residual_sd=fit.residual_sd,
        df=fit.df,
        aicc=fit.aicc,
        converged=fit.converged,
        gradient_cosine=fit.gradient_cosine,
        condition_number=fit.condition_number if fit.condition_number < float("inf") else None,
        well_determined=fit.is_well_determined,
        why_ill_determined=fit.why_ill_determined or None,
        rejected=[] if curve.rejected_conc is None else [rejected],
        lloq=curve.lloq,
        uloq=curve.uloq,
    )


def shown_levels(curve: Curve) -> list[ShownLevel]:
    """Return every level of the standards, given back at the mean signal of its wells.

    Parameters
    ----------
    curve : Curve
        The curve.

    Returns
    -------
    list of ShownLevel
        By rising concentration.
    """
    return [
        ShownLevel(
            conc=level.conc,
            n_wells=level.n_wells,
            signal=level.signal,
            signal_cv_percent=None
            if level.signal_sd is None or level.signal == 0
            else 100 * level.signal_sd / abs(level.signal),
            back_calculated=level.back_calculated,
            recovery_percent=level.recovery_percent,
            accepted=level.is_accepted if level.is_judged else None,
            anchor=level.is_anchor,
            rejected=level.is_rejected,
        )
        for level in curve.calibrators
    ]


def shown_calibrators(wells: pl.DataFrame, curve: Curve) -> list[ShownCalibrator]:
    """Return each calibrator row of the file, given back by the curve.

    Parameters
    ----------
    wells : DataFrame
        Wells of the file.
    curve : Curve
        The curve.

    Returns
    -------
    list of ShownCalibrator
        In the order of the file.
    """
    rows = wells.filter(wells["role"] == "calibrator").select("conc", "signal", "level").iter_rows()
    return [_calibrator(curve, *row) for row in rows]


def _calibrator(curve: Curve, conc: float, signal: float | None, level: str) -> ShownCalibrator:
    number = curve.concentration(signal)[0] if signal is not None else None
    return ShownCalibrator(
        conc=conc,
        signal=signal,
        back_calculated=number,
        recovery_percent=100 * number / conc if number is not None and conc > 0 else None,
        anchor=level == "anchor",
        rejected=conc == curve.rejected_conc,
    )


def shown_readings(wells: pl.DataFrame, curve: Curve, role: str, *, is_reportable: bool) -> list[ShownReading]:
    """Return each sample or control row of the file with its concentration and confidence limits.

    Parameters
    ----------
    wells : DataFrame
        Wells of the file.
    curve : Curve
        The curve.
    role : str
        ``sample`` or ``control``.
    is_reportable : bool
        Whether the run as a whole may be reported; if not, none of its results may, whatever they are themselves.

    Returns
    -------
    list of ShownReading
        In the order of the file. ``conc``, ``se``, both confidence limits and ``limit`` are multiplied by the dilution;
        ``se`` is that of the curve alone, the signal taken as exact.
    """
    rows = wells.filter(wells["role"] == role).select("name", "signal", "dilution", "conc").iter_rows()
    return [_reading(curve, *row, is_reportable=is_reportable) for row in rows]


def _reading(
    curve: Curve, name: str, signal: float | None, dilution: float, expected: float | None, *, is_reportable: bool
) -> ShownReading:
    value, censor, limit = curve.concentration(signal) if signal is not None else (None, "", None)
    se = _se(curve, signal) if value is not None and signal is not None else None
    half = None if se is None else _quantile(curve.fit.df) * se
    conc = None if value is None else value * dilution
    return ShownReading(
        name=name,
        signal=signal,
        dilution=dilution,
        conc=conc,
        censor=censor or None,
        limit=None if limit is None else limit * dilution,
        se=None if se is None else se * dilution,
        ci_low=None if value is None or half is None else max(value - half, 0.0) * dilution,
        ci_high=None if value is None or half is None else (value + half) * dilution,
        reportable=is_reportable and (conc is not None or bool(censor)),
        against=None
        if expected is None
        else Recovery(expected, 100 * conc / expected if conc is not None and expected else None),
    )


def _recovery(conc: float | None, expected: float) -> Recovery:
    return Recovery(expected, 100 * conc / expected if conc is not None and expected else None)


def _se(curve: Curve, signal: float) -> float | None:
    import numpy as np

    from checks.arithmetic.curves.four_pl_inverse import inverse_se

    se = float(inverse_se(curve.fit, [signal])[0])
    return se if np.isfinite(se) else None


def _quantile(df: int) -> float:
    from scipy.special import stdtrit

    return float(stdtrit(df, (1 + CONFIDENCE) / 2))

"""What ``qc try calibrate`` shows of a curve: one entry a row of the file, one a level, and the fit itself."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    import polars as pl

    from checks.calibration.curve import Curve

CONFIDENCE = 0.95
"""Confidence of the limits of a concentration, 0 to 1."""
FALLING = "y = d + (a - d) / (1 + (x / c)^b)^g"
"""Formula of a 4PL, and of a 5PL that falls."""
RISING_5PL = "y = a + (d - a) / (1 + (x / c)^-b)^g"
"""Formula of a 5PL that rises: g belongs to the upper asymptote, as in LL.5 of drc. With g = 1 both are one curve."""


def shown_fit(curve: Curve) -> dict[str, Any]:
    """Return the fit with its formula, errors, range and what is wrong with it.

    Parameters
    ----------
    curve : Curve
        The curve.

    Returns
    -------
    dict
        JSON values; what does not exist is None.
    """
    fit = curve.fit
    is_rising_5pl = fit.model == "5pl" and fit.params.is_rising
    rejected = {"conc": curve.rejected_conc, "recovery_percent": curve.rejected_recovery_percent}
    return {
        "model": fit.model,
        "weight": fit.weight,
        "formula": RISING_5PL if is_rising_5pl else FALLING,
        "params": fit.params.as_json(),
        "se": fit.se,
        "wrss": fit.wrss,
        "residual_sd": fit.residual_sd,
        "df": fit.df,
        "aicc": fit.aicc,
        "converged": fit.converged,
        "gradient_cosine": fit.gradient_cosine,
        "condition_number": fit.condition_number if fit.condition_number < float("inf") else None,
        "well_determined": fit.is_well_determined,
        "why_ill_determined": fit.why_ill_determined or None,
        "rejected": [] if curve.rejected_conc is None else [rejected],
        "lloq": curve.lloq,
        "uloq": curve.uloq,
    }


def shown_levels(curve: Curve) -> list[dict[str, Any]]:
    """Return every level of the standards, given back at the mean signal of its wells.

    Parameters
    ----------
    curve : Curve
        The curve.

    Returns
    -------
    list of dict
        By rising concentration.
    """
    return [
        {
            "conc": level.conc,
            "n_wells": level.n_wells,
            "signal": level.signal,
            "signal_cv_percent": None
            if level.signal_sd is None or level.signal == 0
            else 100 * level.signal_sd / abs(level.signal),
            "back_calculated": level.back_calculated,
            "recovery_percent": level.recovery_percent,
            "accepted": level.is_accepted if level.is_judged else None,
            "anchor": level.is_anchor,
            "rejected": level.is_rejected,
        }
        for level in curve.calibrators
    ]


def shown_calibrators(wells: pl.DataFrame, curve: Curve) -> list[dict[str, Any]]:
    """Return each calibrator row of the file, given back by the curve.

    Parameters
    ----------
    wells : DataFrame
        Wells of the file.
    curve : Curve
        The curve.

    Returns
    -------
    list of dict
        In the order of the file.
    """
    rows = wells.filter(wells["role"] == "calibrator").select("conc", "signal", "level").iter_rows()
    return [_calibrator(curve, *row) for row in rows]


def _calibrator(curve: Curve, conc: float, signal: float | None, level: str) -> dict[str, Any]:
    number = curve.concentration(signal)[0] if signal is not None else None
    recovery_percent = 100 * number / conc if number is not None and conc > 0 else None
    shown = {"conc": conc, "signal": signal, "back_calculated": number, "recovery_percent": recovery_percent}
    return shown | {"anchor": level == "anchor", "rejected": conc == curve.rejected_conc}


def shown_readings(wells: pl.DataFrame, curve: Curve, role: str, *, is_reportable: bool) -> list[dict[str, Any]]:
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
    list of dict
        In the order of the file. ``conc``, ``se``, both confidence limits and ``limit`` are multiplied by the dilution;
        ``se`` is that of the curve alone, the signal taken as exact.
    """
    rows = wells.filter(wells["role"] == role).select("name", "signal", "dilution", "conc").iter_rows()
    shown = []
    for name, signal, dilution, expected in rows:
        reading = _reading(curve, name, signal, dilution)
        has_result = reading["conc"] is not None and reading["censor"] is None
        reading["reportable"] = is_reportable and (has_result or reading["censor"] is not None)
        shown.append(reading if expected is None else reading | _against(reading, expected))
    return shown


def _reading(curve: Curve, name: str, signal: float | None, dilution: float) -> dict[str, Any]:
    value, censor, limit = curve.concentration(signal) if signal is not None else (None, "", None)
    se = _se(curve, signal) if value is not None and signal is not None else None
    half = None if se is None else _quantile(curve.fit.df) * se
    return {
        "name": name,
        "signal": signal,
        "dilution": dilution,
        "conc": None if value is None else value * dilution,
        "censor": censor or None,
        "limit": None if limit is None else limit * dilution,
        "se": None if se is None else se * dilution,
        "ci_low": None if value is None or half is None else max(value - half, 0.0) * dilution,
        "ci_high": None if value is None or half is None else (value + half) * dilution,
    }


def _against(reading: dict[str, Any], expected: float) -> dict[str, Any]:
    number = reading["conc"]
    return {
        "expected": expected,
        "recovery_percent": 100 * number / expected if number is not None and expected else None,
    }


def _se(curve: Curve, signal: float) -> float | None:
    import numpy as np

    from checks.arithmetic.curves.four_pl_inverse import inverse_se

    se = float(inverse_se(curve.fit, [signal])[0])
    return se if np.isfinite(se) else None


def _quantile(df: int) -> float:
    from scipy.special import stdtrit

    return float(stdtrit(df, (1 + CONFIDENCE) / 2))

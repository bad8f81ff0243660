"""Blank wells against the lowest accepted standard."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import TYPE_CHECKING

from checks.calibration.plates import curve_finding, of_curves
from checks.rule import rule
from checks.run_input import RunInput
from checks.standard_curves.curve import Curve, CurveKey
from schemas.finding import Finding, Limit, Scope, Verdict

if TYPE_CHECKING:
    import polars as pl

_ID = "calibration.blank"


@rule(_ID, scope=Scope.ANALYTE, limits=["blank_percent"])
def blank(run_input: RunInput, limits: Mapping[str, Limit]) -> list[Finding]:
    """Warn where the blank gives more signal than the lowest standard that counts.

    Parameters
    ----------
    run_input : RunInput
        ``wells`` and ``curves``. The blank is the mean of the blank wells of the plate that carry no flag, else the
        zero standard.
    limits : mapping of str to Limit
        ``blank_percent``: largest blank signal in percent of the mean signal at LLOQ; on a falling curve the LLOQ's
        signal in percent of the blank's.

    Returns
    -------
    list of Finding
        ``warn`` above the limit; ``not_evaluable`` without a curve, an accepted LLOQ or any blank.

    References
    ----------
    .. [1] ICH M10. Bioanalytical method validation and study sample analysis. 2022. Section 4.
    """
    return of_curves(run_input, lambda key: _of_key(run_input, key, limits["blank_percent"]))


def _of_key(run_input: RunInput, key: CurveKey, limit: Limit) -> list[Finding]:
    curve = run_input.curves.get(key)
    if curve is None or curve.lloq is None:
        return [curve_finding(_ID, Verdict.NOT_EVALUABLE, key, "there is no accepted LLOQ to hold the blank against.")]
    blank_signal = _blank_signal(run_input.wells, key, curve)
    if blank_signal is None:
        return [curve_finding(_ID, Verdict.NOT_EVALUABLE, key, "the plate has neither a blank nor a zero standard.")]
    lloq_signal = next(level.signal for level in curve.calibrators if level.conc == curve.lloq)
    larger, smaller = (blank_signal, lloq_signal) if curve.fit.params.is_rising else (lloq_signal, blank_signal)
    if larger * 100 <= limit.value * smaller:
        return []
    sentence = f"the blank's mean signal {blank_signal:.4g} reaches that of the LLOQ standard, {lloq_signal:.4g}."
    finding = curve_finding(
        _ID, Verdict.WARN, key, sentence, "Look for carry-over, contaminated buffer or poor washing."
    )
    observed = 100 * larger / smaller if smaller else None
    return [replace(finding, observed=observed, unit=limit.unit, limits=(limit,))]


def _blank_signal(wells: pl.DataFrame, key: CurveKey, curve: Curve) -> float | None:
    import polars as pl

    plate, analyte, _ = key
    is_own = (pl.col("plate") == plate) & pl.col("analyte").is_in([analyte, ""])
    is_blank = (pl.col("role") == "blank") & (pl.col("flag") == "") & pl.col("signal").is_finite()
    signals = wells.filter(is_own & is_blank)["signal"].to_list()
    if signals:
        return float(sum(signals) / len(signals))
    return next((level.signal for level in curve.calibrators if level.conc == 0), None)

"""The curve itself: is there one, is it the optimum, is it determined, and do its standards rise with the dose."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from itertools import pairwise

from checks.arithmetic.curves.four_pl_data import fit_data
from checks.calibration.plates import curve_finding, levels_by_key, needed_keys, signal_sd
from checks.rule import rule
from checks.run_input import RunInput
from checks.standard_curves.acceptance import Calibrator
from checks.standard_curves.curve import Curve, CurveKey
from checks.standard_curves.levels import floats, usable_calibrators
from schemas.errors import NotEvaluableError
from schemas.finding import Finding, Limit, Scope, Verdict

_ID = "calibration.fit"


@rule(_ID, scope=Scope.ANALYTE, limits=["gradient_cosine", "reversal_sd"])
def fit(run_input: RunInput, limits: Mapping[str, Limit]) -> list[Finding]:
    """Reject an analyte whose standard curve does not exist, is not the optimum or is not monotone.

    Parameters
    ----------
    run_input : RunInput
        ``wells`` and ``curves``. Flagged wells and wells without a signal do not count.
    limits : mapping of str to Limit
        ``gradient_cosine``: largest cosine between residual and tangent plane, without unit. ``reversal_sd``: largest
        step of a standard's mean signal against the direction of the curve, in SD of a single well; the step to
        the highest standard is left to ``calibration.hook``, anchors are skipped.

    Returns
    -------
    list of Finding
        ``reject`` where calibrators carry no curve, the fit is not the least-squares optimum or a step goes the wrong
        way; ``warn`` where the curve's parameters are ill-determined; ``not_evaluable`` where a plate has no
        calibrator for an analyte. Empty for a run without a plate.

    References
    ----------
    .. [1] ICH M10. Bioanalytical method validation and study sample analysis. 2022. Section 4.
    """
    levels = levels_by_key(run_input)
    findings: list[Finding] = []
    for key in needed_keys(run_input):
        curve = run_input.curves.get(key)
        if key not in levels:
            findings.append(
                curve_finding(
                    _ID, Verdict.NOT_EVALUABLE, key, "there is no usable calibrator, so nothing can be read from it."
                )
            )
        elif curve is None:
            findings.append(
                curve_finding(_ID, Verdict.REJECT, key, f"there is no curve. {_why_no_curve(run_input, key)}")
            )
        else:
            findings += _of_fit(key, curve, limits["gradient_cosine"])
        findings += _reversals(key, levels.get(key, []), limits["reversal_sd"])
    return findings


def _why_no_curve(run_input: RunInput, key: CurveKey) -> str:
    import polars as pl

    plate, analyte, curve = key
    is_own = (pl.col("plate") == plate) & (pl.col("analyte") == analyte) & (pl.col("curve") == curve)
    wells = usable_calibrators(run_input.wells).filter(is_own)
    try:
        fit_data(floats(wells, "conc"), floats(wells, "signal"), model=run_input.run.model, weight=run_input.run.weight)
    except NotEvaluableError as reason:
        return str(reason)
    return "The standards could be fitted, but no curve was handed over."


def _of_fit(key: CurveKey, curve: Curve, limit: Limit) -> list[Finding]:
    cosine = curve.fit.gradient_cosine
    if not cosine <= limit.value:
        sentence = f"the fit did not reach its optimum; the gradient's cosine is {cosine:.2g} (limit {limit.value:g})."
        finding = curve_finding(_ID, Verdict.REJECT, key, sentence)
        return [replace(finding, observed=min(cosine, 1.0), unit=limit.unit, limits=(limit,))]
    if not curve.fit.is_well_determined:
        why = curve.fit.why_ill_determined
        sentence = f"the standards do not determine its parameters, for {why}; read concentrations, not parameters."
        return [
            curve_finding(
                _ID, Verdict.WARN, key, sentence, "Add standards that reach both ends of the curve, or use 4PL."
            )
        ]
    return []


def _reversals(key: CurveKey, levels: list[Calibrator], limit: Limit) -> list[Finding]:
    judged = [level for level in levels if not level.is_anchor]
    if len(judged) < 3:
        return []
    is_rising = judged[-1].signal > judged[0].signal
    findings = []
    for pair in pairwise(judged[:-1]):
        fall = (pair[0].signal - pair[1].signal) * (1 if is_rising else -1)
        sd = signal_sd(judged, pair)
        if sd is not None and fall > limit.value * sd:
            findings.append(_reversal(key, pair, fall / sd if sd > 0 else None, limit))
    return findings


def _reversal(key: CurveKey, pair: tuple[Calibrator, Calibrator], steps_sd: float | None, limit: Limit) -> Finding:
    size = f"by {steps_sd:.1f} SD" if steps_sd is not None else "although replicates agree exactly"
    sentence = (
        f"from {pair[0].conc:g} to {pair[1].conc:g} the signal goes the wrong way {size} (limit {limit.value:g})."
    )
    finding = curve_finding(_ID, Verdict.REJECT, key, sentence, "Look for swapped or mispipetted standards.")
    return replace(finding, observed=steps_sd, unit=limit.unit, limits=(limit,))

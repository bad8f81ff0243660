"""The curve itself: is there one, is it the optimum, is it determined, and do its standards rise with the dose."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from itertools import pairwise

from checks.arithmetic.curves.four_pl import PLAIN_MODELS
from checks.arithmetic.curves.four_pl_data import fit_data
from checks.arithmetic.curves.plain_fit import plain_fit
from checks.arithmetic.curves.plateau import shape_of, upper_reach
from checks.calibration.plates import curve_finding, levels_by_key, of_curves, signal_sd
from checks.rule import rule
from checks.run_input import RunInput
from checks.standard_curves.acceptance import Calibrator
from checks.standard_curves.curve import Curve, CurveKey
from checks.standard_curves.curve_choice import curve_choice
from checks.standard_curves.levels import floats, usable_calibrators
from schemas.errors import NotEvaluableError
from schemas.finding import Finding, Limit, Scope, Verdict

_ID = "calibration.fit"


@rule(_ID, scope=Scope.ANALYTE, limits=["plateau_fraction", "reversal_sd"], version=2)
def fit(run_input: RunInput, limits: Mapping[str, Limit]) -> list[Finding]:
    """Reject an analyte whose standard curve does not exist or is not monotone; say where it has no upper plateau.

    Parameters
    ----------
    run_input : RunInput
        ``wells`` and ``curves``. Flagged wells and wells without a signal do not count.
    limits : mapping of str to Limit
        ``plateau_fraction``: share of the way to the upper plateau that the highest standard must reach for the plateau
        to be known, 0 to 1. ``reversal_sd``: largest
        step of a standard's mean signal against the direction of the curve, in SD of a single well; the step to
        the highest standard is left to ``calibration.hook``, anchors are skipped.

    Returns
    -------
    list of Finding
        ``reject`` where calibrators carry no curve or a step goes the wrong way; ``warn`` where the standards reach no
        upper plateau, or the curve's parameters are ill-determined for another reason; ``not_evaluable`` where a plate
        has no calibrator for an analyte. Empty for a run without a plate.

    Notes
    -----
    Without an upper plateau the least-squares optimum lies at infinity: no parameter means anything, and the curve
    still reads between its standards. Whether it gives them back is what ``calibration.standards`` judges.

    References
    ----------
    .. [1] ICH M10. Bioanalytical method validation and study sample analysis. 2022. Section 4.
    """
    levels = levels_by_key(run_input)
    return of_curves(run_input, lambda key: _of_key(run_input, key, levels.get(key, []), limits))


def _of_key(run_input: RunInput, key: CurveKey, levels: list[Calibrator], limits: Mapping[str, Limit]) -> list[Finding]:
    curve = run_input.curves.get(key)
    if not levels:
        why = "there is no usable calibrator, so nothing can be read from it."
        found = [curve_finding(_ID, Verdict.NOT_EVALUABLE, key, why)]
    elif curve is None:
        found = [curve_finding(_ID, Verdict.REJECT, key, f"there is no curve. {_why_no_curve(run_input, key)}")]
    else:
        found = _of_fit(key, curve, levels, limits["plateau_fraction"])
    return [*found, *_reversals(key, levels, limits["reversal_sd"])]


def _why_no_curve(run_input: RunInput, key: CurveKey) -> str:
    import polars as pl

    plate, analyte, curve = key
    is_own = (pl.col("plate") == plate) & (pl.col("analyte") == analyte) & (pl.col("curve") == curve)
    wells = usable_calibrators(run_input.wells).filter(is_own)
    try:
        choice = run_input.curve_choices.get(analyte) or curve_choice(run_input.run)
        prepared = plain_fit if choice.model in PLAIN_MODELS else fit_data
        prepared(floats(wells, "conc"), floats(wells, "signal"), model=choice.model, weight=choice.weight)
    except NotEvaluableError as reason:
        return str(reason)
    return "The standards could be fitted, but no curve was handed over."


def _of_fit(key: CurveKey, curve: Curve, levels: list[Calibrator], limit: Limit) -> list[Finding]:
    if curve.fit.params.shape:
        return []
    reach = upper_reach(curve.fit, [level.signal for level in levels])
    if reach < limit.value:
        finding = curve_finding(_ID, Verdict.WARN, key, *_no_plateau(curve, levels))
        return [replace(finding, observed=max(0.0, reach), unit=limit.unit, limits=(limit,))]
    if curve.fit.is_well_determined and curve.fit.converged:
        return []
    why = curve.fit.why_ill_determined or "several curves fit them equally well"
    sentence = f"the standards do not determine its parameters, for {why}; read concentrations, not parameters."
    return [curve_finding(_ID, Verdict.WARN, key, sentence, "Add standards that reach both ends, or use 4PL.")]


def _no_plateau(curve: Curve, levels: list[Calibrator]) -> tuple[str, str]:
    import numpy as np

    above = [level for level in levels if level.conc > 0]
    conc, signal = (np.array([getattr(level, name) for level in above]) for name in ("conc", "signal"))
    model, words = shape_of(conc, signal)
    plateau = max(curve.fit.params.a, curve.fit.params.d)
    sentence = (
        f"the standards do not reach an upper plateau (highest signal {signal.max():.4g}; the fit puts the plateau at "
        f"{plateau:.5g}): between {conc.min():g} and {conc.max():g} the curve is {words}."
    )
    model_name = f"'{model}'" if model else "'point-to-point'"
    advice = (
        f"Ask for the model {model_name} in the run sheet, for the assay and not for the plate (linear, log-log, "
        "quadratic and point-to-point are known), or add standards that reach the plateau."
    )
    return sentence, advice


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

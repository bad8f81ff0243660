"""High-dose hook: the highest standard gives less signal than the one before it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from checks.calibration.plates import curve_finding, levels_by_key, of_curves, signal_sd
from checks.rule import rule
from checks.run_input import RunInput
from checks.standard_curves.acceptance import Calibrator
from checks.standard_curves.curve import CurveKey
from schemas.finding import Finding, Limit, Scope, Verdict

_ID = "calibration.hook"


@rule(_ID, scope=Scope.ANALYTE, limits=["fall_sd"])
def hook(run_input: RunInput, limits: Mapping[str, Limit]) -> list[Finding]:
    """Warn where the highest standard falls back against the one before it.

    Parameters
    ----------
    run_input : RunInput
        ``wells``. Flagged wells, wells without a signal and anchors do not count.
    limits : mapping of str to Limit
        ``fall_sd``: largest step of the highest standard's mean signal against the direction of the curve, in SD of
        a single well: the larger of the two levels' own pooled SD and the pooled CV of all levels times their mean.

    Returns
    -------
    list of Finding
        ``warn`` where the fall is larger; ``not_evaluable`` with fewer than three levels, or where the highest standard
        falls and no level has replicates. A standard that does not fall needs no replicates.

    Notes
    -----
    No fitted curve can see a hook: it is monotone by its form. A sample beyond the hook reads low.

    References
    ----------
    .. [1] Rodbard D, Feldman Y, Jaffe ML, Miles LE. Kinetics of two-site immunoradiometric assays: studies on the
       nature of the high-dose hook effect. Immunochemistry. 1978;15:77-82.
    """
    levels = levels_by_key(run_input)
    return of_curves(run_input, lambda key: _of_levels(key, levels.get(key, []), limits["fall_sd"]))


def _of_levels(key: CurveKey, levels: list[Calibrator], limit: Limit) -> list[Finding]:
    judged = [level for level in levels if not level.is_anchor]
    if len(judged) < 3:
        return [curve_finding(_ID, Verdict.NOT_EVALUABLE, key, f"{len(judged)} levels are too few to see a hook.")]
    before, top = judged[-2], judged[-1]
    fall = (before.signal - top.signal) * (1 if before.signal > judged[0].signal else -1)
    if fall <= 0:
        return []
    sd = signal_sd(judged, (before, top))
    if sd is None:
        why = "the highest standard falls, and no replicates say by how many SD."
        return [curve_finding(_ID, Verdict.NOT_EVALUABLE, key, why)]
    if fall <= limit.value * sd:
        return []
    sentence = (
        f"the signal falls from {before.signal:.4g} at {before.conc:g} to {top.signal:.4g} at {top.conc:g}: a hook."
    )
    finding = curve_finding(
        _ID, Verdict.WARN, key, sentence, "Repeat high samples at a higher dilution; both must agree."
    )
    return [replace(finding, observed=fall / sd if sd > 0 else None, unit=limit.unit, limits=(limit,))]

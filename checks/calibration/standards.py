"""Standards that must be given back by their own curve."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace

from checks.calibration.plates import curve_finding, of_curves
from checks.rule import rule
from checks.run_input import RunInput
from checks.standard_curves.acceptance import Calibrator
from checks.standard_curves.curve import Curve, CurveKey
from schemas.finding import Finding, Limit, Scope, Verdict

_ID = "calibration.standards"


_RECOVERIES = ("recovery_percent", "lloq_recovery_percent", "uloq_recovery_percent")
_LIMITS = (*_RECOVERIES, "passing_percent", "min_levels", "max_refits")


@rule(_ID, scope=Scope.ANALYTE, limits=_LIMITS, version=2)
def standards(run_input: RunInput, limits: Mapping[str, Limit]) -> list[Finding]:
    """Reject an analyte whose curve does not give enough of its standards back.

    Parameters
    ----------
    run_input : RunInput
        ``wells`` and ``curves``; the curves carry each level's recovery, from the mean signal of its wells.
    limits : mapping of str to Limit
        ``recovery_percent``, ``lloq_recovery_percent`` and ``uloq_recovery_percent``: largest deviation from 100 %
        inside the range, at LLOQ and at ULOQ, in percent (they were applied when the curve was made).
        ``passing_percent``: smallest share of levels within them, in percent. ``min_levels``: smallest number of them.
        Anchors and zero standards do not count; a level beyond an asymptote has no recovery and fails.
        ``max_refits``: 1 where a curve with a failed standard between LLOQ and ULOQ is fitted once again without it, 0
        where it is not; the rejected standard still counts as failed. An end that fails is never rejected: the range
        ends at the next level that passes.

    Returns
    -------
    list of Finding
        ``reject`` where too few levels pass or no range is left; ``warn`` where the curve is accepted without one or
        more levels, each named with its recovery, the one that was rejected before the second fit included;
        ``not_evaluable`` where there is no curve.

    References
    ----------
    .. [1] ICH M10. Bioanalytical method validation and study sample analysis. 2022. Section 4.
    """
    return of_curves(run_input, lambda key: _of_curve(key, run_input.curves.get(key), limits))


def _of_curve(key: CurveKey, curve: Curve | None, limits: Mapping[str, Limit]) -> list[Finding]:
    if curve is None:
        return [curve_finding(_ID, Verdict.NOT_EVALUABLE, key, "there is none, so its standards cannot be judged.")]
    judged = [level for level in curve.calibrators if level.is_judged]
    failed = [level for level in judged if not level.is_accepted]
    n_passed = len(judged) - len(failed)
    passed_percent = 100 * n_passed / len(judged) if judged else 0.0
    is_enough = passed_percent >= limits["passing_percent"].value and n_passed >= limits["min_levels"].value
    if is_enough and curve.lloq is not None and not failed:
        return []
    verdict = Verdict.WARN if is_enough and curve.lloq is not None else Verdict.REJECT
    requirement = f"at least {limits['passing_percent'].value:g} % and {limits['min_levels'].value:g} levels"
    sentence = (
        f"{n_passed} of {len(judged)} standards are given back ({requirement} must be). "
        f"{_refit(curve)}{_failures([level for level in failed if not level.is_rejected])}{_range(curve)}"
    )
    finding = curve_finding(_ID, verdict, key, sentence.strip(), "Look at the wells of the failed standards.")
    return [replace(finding, observed=passed_percent, unit="percent", limits=tuple(limits.values()))]


def _refit(curve: Curve) -> str:
    if curve.rejected_conc is None:
        return ""
    recovery = curve.rejected_recovery_percent
    recovery_words = "no number" if recovery is None else f"{recovery:.1f} %"
    return f"Fitted once again without the standard {curve.rejected_conc:g} ({recovery_words} in the first fit). "


def _failures(failed: Sequence[Calibrator]) -> str:
    if not failed:
        return ""
    return "Not given back: " + ", ".join(map(_failure, failed)) + ". "


def _failure(level: Calibrator) -> str:
    recovery = "no number" if level.recovery_percent is None else f"{level.recovery_percent:.1f} %"
    return f"{level.conc:g} ({recovery})"


def _range(curve: Curve) -> str:
    if curve.lloq is None or curve.uloq is None:
        return "No range is left."
    return f"Accepted range: {curve.lloq:g} to {curve.uloq:g}."

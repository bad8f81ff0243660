"""``qc try calibrate``: fit one standard curve from a table and read its samples."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal

from checks.trials.calibrate_frames import control_frame, result_frame
from checks.trials.calibrate_table import read_wells
from checks.trials.calibrate_view import (
    ShownCalibrator,
    ShownFit,
    ShownLevel,
    ShownReading,
    shown_calibrators,
    shown_fit,
    shown_levels,
    shown_readings,
)
from schemas.errors import ConfigError, ReaderError
from schemas.finding import Finding, Limit, Verdict, worst
from schemas.json_model import JsonModel
from schemas.run import Run

if TYPE_CHECKING:
    import polars as pl

    from checks.profile import Profile
    from checks.standard_curves.curve import Curve

AUTO = "auto"
"""Word for the model of the assay's method file; 4PL where there is none, as here. Never chosen per plate."""
_GROUP = "calibration."
_RULES_OF_RUNS = frozenset({"calibration.range", "calibration.isr"})
"""Rules that say what the rows themselves show, or that need another run."""


@dataclass(frozen=True, slots=True, kw_only=True)
class CalibrateAnswer(JsonModel):
    """One standard curve with what was read from it."""

    json_keys = "*fit calibrators levels samples controls verdict reportable findings profile context gated"

    fit: ShownFit
    """The fit."""
    calibrators: list[ShownCalibrator]
    """Each calibrator row of the file, given back by the curve."""
    levels: list[ShownLevel]
    """Each level of the standards, by rising concentration."""
    samples: list[ShownReading]
    """Each sample row of the file."""
    controls: list[ShownReading]
    """Each control row of the file."""
    verdict: Verdict
    """Verdict of the run."""
    reportable: bool
    """Whether its results may be reported."""
    findings: list[Finding]
    """What the rules say."""
    profile: str
    """Acceptance profile."""
    context: str
    """What the profile is for."""
    gated: Literal[False] = False
    """Nothing says that these data were approved."""


def calibrate(
    source: str | Path,
    *,
    model: str = "4pl",
    weight: str = "1/y2",
    profile: str = "m10-lba",
    refits: bool = False,
) -> dict[str, Any]:
    """Fit one standard curve and read every sample and control from it.

    Parameters
    ----------
    source : str or Path
        Text of a CSV, or the file that holds it, with the columns ``role,name,conc,signal`` and optionally
        ``dilution`` and ``level``. Roles: calibrator, control, sample, blank, and anchor, a calibrator that shapes the
        curve and is not judged (so is one of ``level`` anchor). An empty signal is a well that was not measured.
    model : str
        ``4pl``, ``5pl``, ``linear``, ``log-log``, ``quadratic`` (of the logarithms), ``point-to-point``, or ``auto``,
        which is ``4pl`` here.
    weight : str
        ``none``, ``1/y`` or ``1/y2``, multiplying the squared residual.
    profile : str
        Acceptance profile, which gives LLOQ, ULOQ, verdict and findings. Controls with a ``conc`` are judged.
    refits : bool
        Whether a failed standard inside the range is rejected and the curve fitted once again, if the profile allows.

    Returns
    -------
    dict
        model, weight, formula, params, se, wrss, residual_sd, aicc, calibrators, levels, samples, controls, lloq, uloq,
        verdict, reportable, findings, converged, well_determined and ``gated``: False. One entry a row of the file;
        ``conc`` of a sample is multiplied by its dilution, and so is its ``limit``; numbers that do not exist are None.

    Raises
    ------
    ReaderError
        If the table cannot be read, or carries no curve; the sentence says why.
    ConfigError
        If model, weight or profile is not known.
    """
    from checks.profile import load_profile
    from checks.standard_curves.curve_fits import fit_curves

    wells = read_wells(source.read_text(encoding="utf-8-sig") if isinstance(source, Path) else source)
    chosen = load_profile(profile)
    run = Run(run="try", model="4pl" if model == AUTO else model.lower(), weight=weight, profile=profile)
    limits = chosen.limits_by_rule.get("calibration.standards")
    if limits is None:
        raise ConfigError(f"Profile '{profile}' has no rule 'calibration.standards', so it accepts no standard curve.")
    curves = fit_curves(wells, run, limits if refits else _without_refit(limits))
    for sentence in curves.failures.values():
        raise ReaderError(sentence)
    if not curves.curves:
        raise ReaderError("The table has no calibrator with a concentration and a signal.")
    curve = next(iter(curves.curves.values()))
    findings = _findings(wells, run, curve, chosen)
    verdict = worst(finding.verdict for finding in findings)
    is_reportable = verdict in (Verdict.PASS, Verdict.WARN)
    return CalibrateAnswer(
        fit=shown_fit(curve),
        calibrators=shown_calibrators(wells, curve),
        levels=shown_levels(curve),
        samples=shown_readings(wells, curve, "sample", is_reportable=is_reportable),
        controls=shown_readings(wells, curve, "control", is_reportable=is_reportable),
        verdict=verdict,
        reportable=is_reportable,
        findings=findings,
        profile=profile,
        context=chosen.context,
    ).as_json()


def _without_refit(limits: Mapping[str, Limit]) -> dict[str, Limit]:
    return {name: limit for name, limit in limits.items() if name != "max_refits"}


def _findings(wells: pl.DataFrame, run: Run, curve: Curve, profile: Profile) -> list[Finding]:
    """Ask the profile's rules on curves, and on controls where their targets are given."""
    import polars as pl

    from checks.engine import judge
    from checks.registry import rules
    from checks.run_input import RunInput

    controls = control_frame(wells, curve)
    none = pl.DataFrame()
    run_input = RunInput(
        run=run,
        wells=wells,
        results=result_frame(wells, curve),
        controls=controls,
        control_history=none,
        curves={(curve.plate, curve.analyte, curve.curve): curve},
    )
    trial_profile = replace(profile, limits_by_rule=_limits_by_rule(profile, wells, has_controls=controls.height > 0))
    return list(judge(run_input, trial_profile, rules()).findings)


def _limits_by_rule(profile: Profile, wells: pl.DataFrame, *, has_controls: bool) -> dict[str, Mapping[str, Limit]]:
    limits_by_rule: dict[str, Mapping[str, Limit]] = {}
    for rule_id, limits in profile.limits_by_rule.items():
        is_on_controls = rule_id in ("controls.recovery", "calibration.total_error")
        if (has_controls and is_on_controls) or (rule_id.startswith(_GROUP) and not is_on_controls):
            limits_by_rule[rule_id] = limits
    agreement = dict(limits_by_rule.get("calibration.dilution_agreement", {}))
    if "required" in agreement:
        # A table on trial is not a run: samples of one dilution are read, not asked for another.
        limits_by_rule["calibration.dilution_agreement"] = agreement | {
            "required": replace(agreement["required"], value=0.0)
        }
    # Nor is it asked for a blank that it does not hold.
    has_blank = bool(((wells["role"] == "blank") | (wells["conc"] == 0).fill_null(value=False)).any())
    inapplicable_rules = _RULES_OF_RUNS if has_blank else _RULES_OF_RUNS | {"calibration.blank"}
    return {rule_id: limits for rule_id, limits in limits_by_rule.items() if rule_id not in inapplicable_rules}

"""``qc try calibrate``: fit one standard curve from a table and read its samples."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from qc.trial.calibrate_table import read_wells
from schemas.errors import ReaderError
from schemas.finding import Finding, Verdict, worst
from schemas.run import Run

if TYPE_CHECKING:
    import polars as pl

    from checks.calibration.curve import Curve
    from checks.profile import Profile

AUTO = "auto"
"""Word for the model of the assay's method file; 4PL where there is none, as here. Never chosen per plate."""
_GROUP = "calibration."


def calibrate(
    source: str | Path, *, model: str = "4pl", weight: str = "1/y2", profile: str = "m10-lba"
) -> dict[str, Any]:
    """Fit one standard curve and read every sample and control from it.

    Parameters
    ----------
    source : str or Path
        Text of a CSV, or the file that holds it, with the columns ``role,name,conc,signal`` and optionally
        ``dilution``. Roles: calibrator, control, sample, blank. An empty signal is a well that was not measured.
    model : str
        ``4pl``, ``5pl`` or ``auto``, which is ``4pl`` here.
    weight : str
        ``none``, ``1/y`` or ``1/y2``, multiplying the squared residual.
    profile : str
        Acceptance profile, which gives LLOQ, ULOQ, verdict and findings.

    Returns
    -------
    dict
        model, weight, params, se, wrss, residual_sd, calibrators, samples, controls, lloq, uloq, verdict, findings,
        converged, well_determined and ``gated``: False. One entry a row of the file; ``conc`` of a sample is
        multiplied by its dilution, and so is its ``limit``; numbers that do not exist are None.

    Raises
    ------
    ReaderError
        If the table cannot be read, or carries no curve; the sentence says why.
    ConfigError
        If model, weight or profile is not known.
    """
    from checks.calibration.curve import fit_curves
    from checks.profile import load_profile

    wells = read_wells(source.read_text(encoding="utf-8-sig") if isinstance(source, Path) else source)
    chosen = load_profile(profile)
    run = Run(run="try", model="4pl" if model == AUTO else model.lower(), weight=weight, profile=profile)
    curves = fit_curves(wells, run, chosen.limits_by_rule["calibration.standards"])
    for sentence in curves.failures.values():
        raise ReaderError(sentence)
    if not curves.curves:
        raise ReaderError("The table has no calibrator with a concentration and a signal.")
    curve = next(iter(curves.curves.values()))
    findings = _findings(wells, run, curve, chosen)
    return _of_curve(curve) | {
        "calibrators": _calibrators(wells, curve),
        "samples": _readings(wells, curve, "sample"),
        "controls": _readings(wells, curve, "control"),
        "verdict": worst(finding.verdict for finding in findings).value,
        "findings": [_as_json(finding) for finding in findings],
        "profile": profile,
        "gated": False,
    }


def _of_curve(curve: Curve) -> dict[str, Any]:
    fit = curve.fit
    return {
        "model": fit.model,
        "weight": fit.weight,
        "params": fit.params.as_json(),
        "se": fit.se,
        "wrss": fit.wrss,
        "residual_sd": fit.residual_sd,
        "df": fit.df,
        "converged": fit.converged,
        "well_determined": fit.is_well_determined,
        "lloq": curve.lloq,
        "uloq": curve.uloq,
    }


def _calibrators(wells: pl.DataFrame, curve: Curve) -> list[dict[str, Any]]:
    rows = wells.filter(wells["role"] == "calibrator").select("conc", "signal").iter_rows()
    return [_calibrator(curve, conc, signal) for conc, signal in rows]


def _calibrator(curve: Curve, conc: float, signal: float | None) -> dict[str, Any]:
    number = curve.concentration(signal)[0] if signal is not None else None
    recovery_percent = 100 * number / conc if number is not None and conc > 0 else None
    return {"conc": conc, "signal": signal, "back_calculated": number, "recovery_percent": recovery_percent}


def _readings(wells: pl.DataFrame, curve: Curve, role: str) -> list[dict[str, Any]]:
    rows = wells.filter(wells["role"] == role).select("name", "signal", "dilution", "conc").iter_rows()
    return [_reading(curve, *row) for row in rows]


def _reading(curve: Curve, name: str, signal: float | None, dilution: float, expected: float | None) -> dict[str, Any]:
    value, censor, limit = curve.concentration(signal) if signal is not None else (None, "", None)
    reading = {
        "name": name,
        "signal": signal,
        "dilution": dilution,
        "conc": None if value is None else value * dilution,
        "censor": censor or None,
        "limit": None if limit is None else limit * dilution,
    }
    return reading if expected is None else reading | {"expected": expected}


def _findings(wells: pl.DataFrame, run: Run, curve: Curve, profile: Profile) -> list[Finding]:
    """Ask the profile's rules on curves; a result beyond the range is told by its own censor mark."""
    import polars as pl

    from checks.engine import judge
    from checks.registry import rules
    from checks.run_input import RunInput

    asked: Mapping[str, Any] = {
        rule_id: limits
        for rule_id, limits in profile.limits_by_rule.items()
        if rule_id.startswith(_GROUP) and rule_id != "calibration.range"
    }
    none = pl.DataFrame()
    run_input = RunInput(
        run=run,
        wells=wells,
        results=none,
        controls=none,
        control_history=none,
        curves={(curve.plate, curve.analyte, curve.curve): curve},
    )
    return list(judge(run_input, replace(profile, limits_by_rule=asked), rules()).findings)


def _as_json(finding: Finding) -> dict[str, Any]:
    return {
        "rule": finding.rule,
        "verdict": Verdict(finding.verdict).value,
        "sentence": finding.sentence,
        "observed": finding.observed,
        "unit": finding.unit,
        "limits": [limit.as_json() for limit in finding.limits],
        "suggestion": finding.suggestion,
    }

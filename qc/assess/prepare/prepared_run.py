"""Runs, calibrated and resolved: what can be worked out of a run and its sheets before anything earlier is known."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from qc.assess.prepare.curve_choices import curve_choices
from qc.assess.prepare.ignored_tests import without_ignored
from qc.assess.prepare.judged_tables import judged_results, resolved_controls, sheet_targets
from qc.assess.prepare.measured_rows import measured_rows, well_concentrations, with_known_analytes
from schemas.errors import ConfigError
from schemas.finding import Finding, Scope, Verdict

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    import polars as pl

    from checks.standard_curves.curve import CurveSet
    from checks.standard_curves.curve_choice import CurveChoice
    from checks.standard_curves.curve_fits import Standards
    from qc.assess.prepare.rule_set import RuleSet
    from qc.assess.prepare.stored_run import LoadedRun


@dataclass(frozen=True, slots=True, kw_only=True)
class PreparedRun:
    """One run, calibrated and resolved, before anything earlier is looked at."""

    loaded: LoadedRun
    """The run as it was stored."""
    wells: pl.DataFrame
    """Its wells with analyte ids."""
    curves: CurveSet
    """Its standard curves."""
    curve_choices: Mapping[str, CurveChoice]
    """Model and weight of its standard curves, by analyte."""
    failures: tuple[Finding, ...]
    """Why there are none where a run cannot be calibrated at all."""
    results: pl.DataFrame
    """Its sample results, in canonical units, with limits."""
    controls: pl.DataFrame
    """Its measured controls, in canonical units."""
    sheet: pl.DataFrame
    """Targets of their lots, in canonical units."""
    concentrations: pl.DataFrame
    """Back-calculated concentration of each well."""


def prepare_runs(loaded: Sequence[LoadedRun], rule_set: RuleSet) -> list[PreparedRun]:
    """Calibrate and resolve runs; all their standard curves are fitted together.

    Parameters
    ----------
    rule_set : RuleSet
        What the lab judges by.

    Returns
    -------
    list of PreparedRun
        In their order; with a profile that is not known a run has no curves, and a ``broken`` finding.
    """
    if not loaded:
        return []
    wells = with_known_analytes(loaded, _ids(loaded, rule_set))
    choices = [curve_choices(run.run, own, rule_set) for run, own in zip(loaded, wells, strict=True)]
    curves = _curves(loaded, wells, choices, rule_set)
    known = [replace(run, wells=own) for run, own in zip(loaded, wells, strict=True)]
    measured = measured_rows(known, [own for own, _ in curves], rule_set.words)
    results = judged_results(known, measured, rule_set.resolver)
    controls = resolved_controls(known, measured, rule_set.resolver)
    sheets = sheet_targets(known, rule_set.resolver)
    concentrations = well_concentrations(wells, [own for own, _ in curves])
    return [
        PreparedRun(
            loaded=loaded[n],
            wells=wells[n],
            curves=curves[n][0],
            curve_choices=choices[n],
            failures=curves[n][1],
            results=without_ignored(results[n], rule_set.ignored, loaded[n].run.instrument),
            controls=without_ignored(controls[n], rule_set.ignored, loaded[n].run.instrument),
            sheet=sheets[n],
            concentrations=concentrations[n],
        )
        for n in range(len(loaded))
    ]


def _curves(
    loaded: Sequence[LoadedRun],
    wells: Sequence[pl.DataFrame],
    choices: Sequence[Mapping[str, CurveChoice]],
    rule_set: RuleSet,
) -> list[tuple[CurveSet, tuple[Finding, ...]]]:
    # Where nothing says which standards are good, nothing is read from a curve, and the run is held.
    from checks.standard_curves.curve import CurveSet
    from checks.standard_curves.curve_fits import Standards, fit_runs

    said = [_order_or_failure(*of_run, rule_set) for of_run in zip(loaded, wells, choices, strict=True)]
    fitted = iter(fit_runs([order for order in said if isinstance(order, Standards)]))
    return [
        (next(fitted), ()) if isinstance(order, Standards) else (CurveSet(), (order,) if order else ())
        for order in said
    ]


def _order_or_failure(
    loaded: LoadedRun, wells: pl.DataFrame, choices: Mapping[str, CurveChoice], rule_set: RuleSet
) -> Standards | Finding | None:
    from checks.arithmetic.curves.four_pl_data import check_choice
    from checks.standard_curves.curve_fits import Standards

    profile = rule_set.profile_of(loaded.run.profile)
    if profile is None:
        return _unknown_profile(loaded)
    if "calibrator" not in wells["role"]:
        return None
    limits = profile.limits_by_rule.get("calibration.standards")
    if limits is None:
        text = (
            f"The run has standards, and profile '{profile.name}' has no rule 'calibration.standards' to judge them by."
        )
        return Finding("profile.standards", Verdict.BROKEN, Scope.RUN, {}, text)
    try:
        for choice in choices.values():
            check_choice(choice.model, choice.weight)
    except ConfigError as error:
        return Finding("run.curve", Verdict.BROKEN, Scope.RUN, {}, error.message)
    return Standards(wells, loaded.run, limits, choices)


def _ids(loaded: Sequence[LoadedRun], rule_set: RuleSet) -> dict[str, str]:
    names = {name for run in loaded for name in (run.run.analyte, *run.wells["analyte"].unique().to_list())}
    known = {name: rule_set.catalogue.analyte_id(name) for name in names if name}
    return {name: found for name, found in known.items() if found}


def _unknown_profile(loaded: LoadedRun) -> Finding:
    from checks.profile import profile_names

    text = f"Profile '{loaded.run.profile}' is not known. Known profiles: {', '.join(profile_names())}."
    return Finding("profile.known", Verdict.BROKEN, Scope.RUN, {}, text)

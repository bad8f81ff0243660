"""From a stored run to a judged one: calibrate, resolve, and ask the rules."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

from qc.assessing.judged_run import JudgedRun
from qc.assessing.lot_targets import policy_of
from qc.assessing.measured import measured_rows, well_concentrations, with_known_analytes
from qc.assessing.tables import control_results, judged_results, resolved_controls, sheet_targets
from schemas.errors import ConfigError
from schemas.finding import Finding, Scope, Verdict

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    import polars as pl

    from checks.calibration.curve import CurveSet
    from checks.calibration.curve_fits import Standards
    from checks.engine import Judgement
    from checks.profile import Profile
    from checks.run_input import RunInput, Variation
    from qc.assessing.left_out import LeftOut
    from qc.assessing.loaded import LoadedRun
    from qc.assessing.rule_set import RuleSet
    from schemas.bridging import Bridging
    from schemas.catalogue import Catalogue


@dataclass(frozen=True, slots=True, kw_only=True)
class MeasuredRun:
    """One run with its curves, results and controls, before any rule is asked."""

    loaded: LoadedRun
    """The run as it was stored."""
    run_input: RunInput
    """What its rules will look at; links to other runs come later."""
    curves: CurveSet
    """Standard curves."""
    failures: tuple[Finding, ...]
    """Why there are no curves."""
    concentrations: pl.DataFrame
    """Back-calculated concentration of each well."""
    profile: Profile | None
    """Profile to judge by; None if the run names one that is not known."""


@dataclass(frozen=True, slots=True, kw_only=True)
class PreparedRun:
    """One run, calibrated and resolved, before anything earlier is looked at."""

    loaded: LoadedRun
    """The run as it was stored."""
    wells: pl.DataFrame
    """Its wells with analyte ids."""
    curves: CurveSet
    """Its standard curves."""
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
    loaded : sequence of LoadedRun
        The runs.
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
    curves = _curves(loaded, wells, rule_set)
    known = [replace(run, wells=own) for run, own in zip(loaded, wells, strict=True)]
    measured = measured_rows(known, [own for own, _ in curves])
    results = judged_results(known, measured, rule_set.resolver)
    controls = resolved_controls(known, measured, rule_set.resolver)
    sheets = sheet_targets(known, rule_set.resolver)
    concentrations = well_concentrations(wells, [own for own, _ in curves])
    return [
        PreparedRun(
            loaded=loaded[n],
            wells=wells[n],
            curves=curves[n][0],
            failures=curves[n][1],
            results=results[n],
            controls=controls[n],
            sheet=sheets[n],
            concentrations=concentrations[n],
        )
        for n in range(len(loaded))
    ]


def measure_run(
    prepared: PreparedRun,
    rule_set: RuleSet,
    *,
    history: pl.DataFrame,
    elsewhere: Mapping[tuple[str, str, str], int],
    left_out: LeftOut,
) -> MeasuredRun:
    """Work out the controls of one run, and what its rules will look at.

    Parameters
    ----------
    prepared : PreparedRun
        The run.
    rule_set : RuleSet
        What the lab judges by.
    history : DataFrame
        Control results of earlier runs, oldest first.
    elsewhere : mapping of (sample, analyte, matrix) to int
        Number of results in other runs of the study.
    left_out : mapping of (int, int) to str
        Why a control result of the history counts towards no target, by run id and position.

    Returns
    -------
    MeasuredRun
        The run.
    """
    from checks.run_input import RunInput

    loaded, results = prepared.loaded, prepared.results
    profile = rule_set.profile_of(loaded.run.profile)
    life = profile.limits_by_rule.get("controls.life") if profile else None
    controls = control_results(
        loaded, prepared.controls, prepared.sheet, history=history, policy=policy_of(life), left_out=left_out
    )
    run_input = RunInput(
        run=loaded.run,
        wells=prepared.wells,
        results=results,
        controls=controls,
        control_history=_history_of(history, controls),
        superseded_controls=loaded.superseded_controls,
        events=_events_of(loaded, rule_set),
        curves=prepared.curves.curves,
        variations=variations_of(rule_set.catalogue),
        bridgings=_bridgings_of(loaded, rule_set),
        duplicates=_duplicates(results, elsewhere),
    )
    return MeasuredRun(
        loaded=loaded,
        run_input=run_input,
        curves=prepared.curves,
        failures=prepared.failures,
        concentrations=prepared.concentrations,
        profile=profile,
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class LinkedRun:
    """One measured run beside what links it to other runs."""

    measured: MeasuredRun
    """The run."""
    linked: pl.DataFrame
    """Results of the same subjects in other runs."""
    copied_plates: pl.DataFrame
    """Plates that share signals with plates of other runs."""
    set_aside: frozenset[int] = frozenset()
    """Ordinals of its own results that a person has set aside: its other results are not judged beside them."""
    reanalyses: pl.DataFrame | None = None
    """Samples of the run that an earlier run has reported, with both results; None if there are none."""
    late: Mapping[int, str] = field(default_factory=dict)
    """Results of samples that were rejected before they came in: the decision in words, by ordinal."""


def judge_measured(cases: Sequence[LinkedRun], rule_set: RuleSet) -> list[JudgedRun]:
    """Judge runs by the rules of their profiles; suites come later, for all runs of a chunk at once.

    Parameters
    ----------
    cases : sequence of LinkedRun
        The runs, and what links them to others.
    rule_set : RuleSet
        What the lab judges by.

    Returns
    -------
    list of JudgedRun
        The runs with their findings, in their order. A profile that is not known gives a ``broken`` finding and nothing
        else.
    """
    from checks.engine import judge_all

    inputs = [_beside_others(one) for one in cases]
    profiles = {one.measured.profile.name: one.measured.profile for one in cases if one.measured.profile}
    said: dict[int, Judgement] = {}
    for name, profile in profiles.items():
        places = [n for n, one in enumerate(cases) if one.measured.profile and one.measured.profile.name == name]
        said |= dict(zip(places, judge_all([inputs[n] for n in places], profile, rule_set.rules), strict=True))
    return [
        _judged_run(one.measured, run_input, said.get(n))
        for n, (one, run_input) in enumerate(zip(cases, inputs, strict=True))
    ]


def _beside_others(case: LinkedRun) -> RunInput:
    own = case.measured.run_input
    run_input = replace(
        own,
        linked=case.linked,
        copied_plates=case.copied_plates,
        set_aside=case.set_aside,
        rejected_samples=case.late,
        duplicates=_without(own.duplicates, own.results, case.set_aside),
    )
    return run_input if case.reanalyses is None else replace(run_input, reanalyses=case.reanalyses)


def _judged_run(measured: MeasuredRun, run_input: RunInput, said: Judgement | None) -> JudgedRun:
    judged = JudgedRun(
        loaded=measured.loaded,
        results=run_input.results,
        controls=run_input.controls,
        curves=measured.curves,
        wells=measured.concentrations,
        findings=(),
        rule_runs=said.rule_runs if said else (),
        profile=measured.profile,
    )
    return judged.with_findings((*measured.failures, *(said.findings if said else ())))


def _curves(
    loaded: Sequence[LoadedRun], wells: Sequence[pl.DataFrame], rule_set: RuleSet
) -> list[tuple[CurveSet, tuple[Finding, ...]]]:
    # Where nothing says which standards are good, nothing is read from a curve, and the run is held.
    from checks.calibration.curve import CurveSet
    from checks.calibration.curve_fits import Standards, fit_runs

    said = [_order_or_failure(run, own, rule_set) for run, own in zip(loaded, wells, strict=True)]
    fitted = iter(fit_runs([order for order in said if isinstance(order, Standards)]))
    return [
        (next(fitted), ()) if isinstance(order, Standards) else (CurveSet(), (order,) if order else ())
        for order in said
    ]


def _order_or_failure(loaded: LoadedRun, wells: pl.DataFrame, rule_set: RuleSet) -> Standards | Finding | None:
    from checks.arithmetic.four_pl_data import check_choice
    from checks.calibration.curve_fits import Standards

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
        check_choice(loaded.run.model, loaded.run.weight)
    except ConfigError as error:
        return Finding("run.curve", Verdict.BROKEN, Scope.RUN, {}, error.message)
    return Standards(wells, loaded.run, limits)


def _ids(loaded: Sequence[LoadedRun], rule_set: RuleSet) -> dict[str, str]:
    names = {name for run in loaded for name in (run.run.analyte, *run.wells["analyte"].unique().to_list())}
    known = {name: rule_set.catalogue.analyte_id(name) for name in names if name}
    return {name: found for name, found in known.items() if found}


def _history_of(history: pl.DataFrame, controls: pl.DataFrame) -> pl.DataFrame:
    keys = ["analyte", "matrix"]
    return history.join(controls.select(keys).unique(), on=keys, how="semi", maintain_order="left")


def _events_of(loaded: LoadedRun, rule_set: RuleSet) -> pl.DataFrame:
    # What happened to this instrument, or to every one, with the analyte as the catalogue names it.
    import polars as pl

    own = loaded.events.filter(pl.col("instrument").is_in(["", loaded.run.instrument]))
    known = {name: rule_set.catalogue.analyte_id(name) or name for name in own["analyte"].unique().to_list() if name}
    return own.with_columns(pl.col("analyte").replace(known))


def variations_of(catalogue: Catalogue) -> dict[tuple[str, str], Variation]:
    """Return how much each analyte varies in one person.

    Parameters
    ----------
    catalogue : Catalogue
        Analytes with their limits.

    Returns
    -------
    dict of (str, str) to Variation
        By analyte and matrix; analytes without a CVI are left out.
    """
    from checks.run_input import Variation

    entries = [entry for analyte in catalogue.analytes.values() for entry in analyte.matrices.values()]
    found = [(entry, entry.limit_set()) for entry in entries]
    return {(entry.analyte, entry.matrix): Variation(limits.cvi, limits.cva) for entry, limits in found if limits.cvi}


def _bridgings_of(loaded: LoadedRun, rule_set: RuleSet) -> frozenset[Bridging]:
    # Analytes and matrices are written by people: the catalogue names them.
    known = rule_set.catalogue
    return frozenset(
        replace(
            record,
            analyte=known.analyte_id(record.analyte) or record.analyte,
            matrix=known.matrix_id(record.matrix) or record.matrix,
        )
        for record in loaded.bridgings
    )


def _duplicates(results: pl.DataFrame, elsewhere: Mapping[tuple[str, str, str], int]) -> dict[int, int]:
    import polars as pl

    keys = ["sample", "analyte", "matrix"]
    table = results.select("ordinal", *keys, pl.len().over(keys).alias("here"))
    counts = {row[0]: row[4] - 1 + elsewhere.get((row[1], row[2], row[3]), 0) for row in table.iter_rows()}
    return {ordinal: count for ordinal, count in counts.items() if count > 0}


def _without(duplicates: Mapping[int, int], results: pl.DataFrame, set_aside: frozenset[int]) -> dict[int, int]:
    # What is set aside is no second result of a sample any more.
    import polars as pl

    if not set_aside:
        return dict(duplicates)
    keys = ["sample", "analyte", "matrix"]
    is_aside = pl.col("ordinal").is_in(sorted(set_aside))
    counts = results.select("ordinal", (is_aside.sum().over(keys) - is_aside.cast(pl.Int64)).alias("aside"))
    aside = dict(counts.iter_rows())
    left = {ordinal: count - int(aside[ordinal]) for ordinal, count in duplicates.items()}
    return {ordinal: count for ordinal, count in left.items() if count > 0}


def _unknown_profile(loaded: LoadedRun) -> Finding:
    from checks.profile import profile_names

    text = f"Profile '{loaded.run.profile}' is not known. Known profiles: {', '.join(profile_names())}."
    return Finding("profile.known", Verdict.BROKEN, Scope.RUN, {}, text)

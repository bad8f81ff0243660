"""Runs with their controls: what their rules will look at, in the light of earlier runs."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from checks.arithmetic.charts.control_target import EstablishmentPolicy
from checks.arithmetic.charts.short_lot_target import ShortLotPolicy
from checks.lot_policy import policy_of
from checks.readings import ExcludedControls
from checks.short_lots import ShortLots
from qc.assess.prepare.judged_tables import control_results

if TYPE_CHECKING:
    import polars as pl

    from checks.profile import Profile
    from checks.run_input import RunInput
    from checks.standard_curves.curve import CurveSet
    from qc.assess.controls.short_lot_results import ShortLotResults
    from qc.assess.prepare.prepared_run import PreparedRun
    from qc.assess.prepare.rule_set import RuleSet
    from qc.assess.prepare.stored_run import LoadedRun
    from schemas.bridging import Bridging
    from schemas.finding import Finding


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


def measure_run(
    prepared: PreparedRun,
    rule_set: RuleSet,
    *,
    history: pl.DataFrame,
    excluded_controls: ExcludedControls,
    rejected: frozenset[tuple[int, str]] = frozenset(),
    short_lots: ShortLotResults | None = None,
) -> MeasuredRun:
    """Work out the controls of one run, and what its rules will look at.

    Parameters
    ----------
    rule_set : RuleSet
        What the lab judges by.
    history : DataFrame
        Control results of earlier runs, oldest first.
    excluded_controls : mapping of (int, int) to str
        Why a control result of the history counts towards no target, by run id and position.
    rejected : frozenset of (int, str)
        Earlier runs that a person has rejected, by run id and analyte; an empty analyte means the whole run.
    short_lots : ShortLotResults, optional
        Results of all runs, for lots whose targets look at later ones too; None where no lot does.
    """
    from checks.run_input import RunInput

    loaded, results = prepared.loaded, prepared.results
    profile = rule_set.profile_of(loaded.run.profile)
    life = profile.limits_by_rule.get("controls.life") if profile else None
    controls = control_results(
        loaded,
        prepared.controls,
        prepared.sheet,
        history=history,
        policy=policy_of(EstablishmentPolicy, life),
        excluded_controls=excluded_controls,
        short=_short_lots(loaded, profile, short_lots),
    )
    run_input = RunInput(
        run=loaded.run,
        wells=prepared.wells,
        results=results,
        controls=controls,
        control_history=_history_of(history, controls),
        set_aside_controls=rejected,
        superseded_controls=loaded.superseded_controls,
        events=_events_of(loaded, rule_set),
        curves=prepared.curves.curves,
        curve_choices=prepared.curve_choices,
        variations=rule_set.resolver.variations,
        bridgings=_bridgings_of(loaded, rule_set),
        file_seals=loaded.file_seals,
        file_remarks=loaded.file_remarks,
    )
    return MeasuredRun(
        loaded=loaded,
        run_input=run_input,
        curves=prepared.curves,
        failures=prepared.failures,
        concentrations=prepared.concentrations,
        profile=profile,
    )


def _short_lots(loaded: LoadedRun, profile: Profile | None, around: ShortLotResults | None) -> ShortLots | None:
    policy = policy_of(ShortLotPolicy, profile.limits_by_rule.get("controls.short_lots") if profile else None)
    if around is None or policy is None:
        return None
    own = around.of_instrument(loaded.run.instrument)
    return ShortLots(run_id=loaded.run_id, results=own, policy=policy, excluded=around.excluded)


def _history_of(history: pl.DataFrame, controls: pl.DataFrame) -> pl.DataFrame:
    keys = ["analyte", "matrix"]
    return history.join(controls.select(keys).unique(), on=keys, how="semi", maintain_order="left")


def _events_of(loaded: LoadedRun, rule_set: RuleSet) -> pl.DataFrame:
    # What happened to this instrument, or to every one, with the analyte as the catalogue names it.
    import polars as pl

    own = loaded.events.filter(pl.col("instrument").is_in(["", loaded.run.instrument]))
    known = {name: rule_set.catalogue.analyte_id(name) or name for name in own["analyte"].unique().to_list() if name}
    return own.with_columns(pl.col("analyte").replace(known))


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

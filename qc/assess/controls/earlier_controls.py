"""Controls that were measured before a run, in the facts and in the chunk that is being judged."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from qc.assess.controls.excluded_controls import exclusions_by, needs_exclusions, newly_excluded, rejected_runs
from qc.assess.controls.measured_run import measure_run
from qc.assess.controls.short_lot_results import ShortLotResults, results_of_all_runs
from qc.store.frames import query

if TYPE_CHECKING:
    import polars as pl

    from qc.assess.controls.measured_run import MeasuredRun
    from qc.assess.prepare.prepared_run import PreparedRun
    from qc.assess.prepare.rule_set import RuleSet
    from qc.assess.prepare.stored_run import LoadedRun
    from qc.items.states import ItemState
    from qc.store.connection import Connection


@dataclass(slots=True)
class EarlierControls:
    """Controls of all runs that are judged already, and of those that were measured before in this chunk."""

    rows: pl.DataFrame
    """Control results, oldest first (see :func:`earlier_controls`)."""
    excluded_controls: dict[tuple[int, int], str]
    """Why a result counts towards no target, by run id and position."""
    states: Mapping[str, ItemState]
    """States of the items that people have decided on."""

    def before(self, run: LoadedRun) -> pl.DataFrame:
        """Return the controls of the run's instrument that were measured before it.

        Returns
        -------
        DataFrame
            Rows, oldest first; none for a run without a start time.
        """
        import polars as pl

        began_at = run.run.started_at
        on_it = self.rows.filter(pl.col("instrument") == run.run.instrument)
        return on_it.filter(pl.col("started_at") < began_at) if began_at else on_it.clear()

    def add(self, run: MeasuredRun, rule_set: RuleSet) -> None:
        """Take in the controls of a run that was measured.

        Parameters
        ----------
        rule_set : RuleSet
            What the lab judges by.
        """
        import polars as pl

        if run.loaded.run.started_at is None:
            return
        names = ("instrument", "method")
        controls = run.run_input.controls.with_columns(
            pl.lit(getattr(run.loaded.run, name)).alias(name) for name in names
        )
        self.rows = pl.concat([self.rows, controls.select(self.rows.columns)]).sort("started_at", maintain_order=True)
        if needs_exclusions([run.loaded]):
            self.excluded_controls |= newly_excluded(run, rule_set, self.states)


def measured_in_order(
    prepared: Sequence[PreparedRun],
    rule_set: RuleSet,
    controls: EarlierControls,
) -> list[MeasuredRun]:
    """Measure runs one after the other: each sees the controls of earlier runs.

    Parameters
    ----------
    prepared : sequence of PreparedRun
        The runs, in the order in which they were measured.
    rule_set : RuleSet
        What the lab judges by.
    controls : EarlierControls
        Controls of earlier runs; those of these runs are added.

    Returns
    -------
    list of MeasuredRun
        In their order.
    """
    measured: list[MeasuredRun] = []
    rejected = rejected_runs(controls.states)
    everything = results_of_all_runs(prepared, controls.rows)
    short_lots = None
    if everything is not None:
        short_lots = ShortLotResults(everything, exclusions_by(everything, (), controls.states))
    for run in prepared:
        measured.append(
            measure_run(
                run,
                rule_set,
                history=controls.before(run.loaded),
                excluded_controls=controls.excluded_controls,
                rejected=rejected,
                short_lots=short_lots,
            )
        )
        controls.add(measured[-1], rule_set)
    return measured


_HISTORY = """
    SELECT c.run_id, r.run, r.started_at, CAST(c.position AS BIGINT) AS position, c.analyte, c.matrix, c.material,
        c.level, c.lot, c.value, c.unit, c.target, c.sd, c.z,
        CASE WHEN c.z IS NULL THEN 'not_measured' ELSE 'ok' END AS z_state, r.instrument, r.reagent_lot, r.method
    FROM control_results c JOIN run_states s USING (run_id, assessment_id) JOIN runs r USING (run_id)
    WHERE NOT s.is_superseded AND r.started_at IS NOT NULL AND c.run_id NOT IN (SELECT unnest(?))
    ORDER BY r.started_at, c.run_id, c.position
"""


def earlier_controls(con: Connection, run_ids: Sequence[int]) -> pl.DataFrame:
    """Return the control results of all runs that are judged, but for some.

    Returns
    -------
    DataFrame
        Results with run, instrument and method, oldest first.
    """
    return query(con, _HISTORY, [list(run_ids)])

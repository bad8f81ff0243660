"""The gate: open on nothing but a pass or a person's recorded decision."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

from qc.decisions import newest_decisions
from qc.excluded import excluded_wells
from qc.ingesting.quarantine import held
from qc.result_states import result_states
from qc.states import APPROVED, WAITING, item_states

if TYPE_CHECKING:
    import duckdb

    from qc.lab import Lab


@dataclass(frozen=True, slots=True)
class Gate:
    """Whether a study may be released, and what holds it."""

    study: str
    """Study."""
    is_open: bool
    """True if nothing waits and something is approved."""
    n_by_state: dict[str, int]
    """Number of results by state."""
    items: tuple[str, ...]
    """Items that wait for a person."""
    runs_not_assessed: tuple[str, ...]
    """Runs that were taken in and not judged yet, or whose inputs have changed since."""
    n_quarantined: int
    """Deliveries in quarantine; they are told and do not hold the gate."""

    @property
    def reasons(self) -> list[str]:
        """Sentences that say what holds the gate; empty if it is open."""
        said = []
        if self.items:
            said.append(f"{len(self.items)} items wait for a person; 'qc queue' lists them.")
        if self.runs_not_assessed:
            said.append(f"{len(self.runs_not_assessed)} runs are not assessed as they now stand; 'qc assess' does it.")
        if not self.n_by_state.get(APPROVED):
            said.append(f"No result of study '{self.study}' is approved.")
        return said

    def as_json(self) -> dict[str, Any]:
        """Return the gate as a mapping of JSON values."""
        told: dict[str, Any] = {"study": self.study, "open": self.is_open, "results": self.n_by_state}
        told |= {"waiting": list(self.items), "not_assessed": list(self.runs_not_assessed)}
        return told | {"quarantined": self.n_quarantined, "reasons": self.reasons}


def gate(lab: Lab, study: str | None = None) -> Gate:
    """Look at the gate of a study.

    Parameters
    ----------
    lab : Lab
        The lab.
    study : str, optional
        Study; None means the default of qc.toml.

    Returns
    -------
    Gate
        Open or closed, and why.
    """
    named = study or lab.settings.lab.default_study
    decisions = newest_decisions(lab.ledger)
    with lab.facts.reading() as con:
        states = item_states(con, decisions, datetime.now(UTC))
        counted = result_states(con, states, named)["state"].value_counts()
        waiting = [item for item in _items_of(con, named) if states[item].state == WAITING]
        unjudged = _not_assessed(lab, con, named)
    n_by_state = {str(state): int(count) for state, count in counted.iter_rows()}
    is_open = not waiting and not unjudged and n_by_state.get(APPROVED, 0) > 0 and not n_by_state.get(WAITING)
    n_quarantined = sum(1 for _ in held(lab.paths.quarantine))
    return Gate(named, is_open, n_by_state, tuple(waiting), tuple(unjudged), n_quarantined)


def _items_of(con: duckdb.DuckDBPyConnection, study: str) -> list[str]:
    query = "SELECT DISTINCT item FROM open_findings f JOIN run_states s USING (run_id) WHERE s.study = ? ORDER BY 1"
    return [row[0] for row in con.execute(query, [study]).fetchall()]


def _not_assessed(lab: Lab, con: duckdb.DuckDBPyConnection, study: str) -> list[str]:
    from qc.assessing.rule_set import load_rule_set
    from qc.assessing.stale import compared_runs

    compared = compared_runs(con, load_rule_set(lab), excluded_wells(lab, con))
    return [run.run for run in compared.stale if run.study == study]

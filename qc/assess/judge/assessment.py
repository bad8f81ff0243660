"""What one run was found to be, in short: as JSON and as a line for a person."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from typing import TYPE_CHECKING

from qc.assess.judge.crashes import logged_crashes
from qc.items.masking import shown_rule
from qc.items.names import item_of_finding
from schemas.finding import Verdict
from schemas.json_model import JsonModel

if TYPE_CHECKING:
    from qc.assess.judge.judged_run import JudgedRun


@dataclass(frozen=True, slots=True)
class Assessed(JsonModel):
    """What one run was found to be."""

    json_keys = """item run study assessment_id verdict n_results n_auto_approved n_in_spite n_evidence n_waiting
        findings=n_by_shown_rule faults"""

    run_id: int
    """Id of the run."""
    run: str
    """Name of the run."""
    study: str
    """Study of the run."""
    assessment_id: int
    """Id of the assessment."""
    verdict: Verdict
    """Gravest verdict of all findings."""
    n_results: int
    """Sample results."""
    n_auto_approved: int
    """Those that passed everything."""
    n_evidence: int
    """Those that are kept as evidence beside another result of their sample that counts."""
    n_waiting: int
    """Those that wait for a person."""
    is_held: bool
    """Whether anything of the run waits, be it the run itself."""
    n_by_shown_rule: dict[str, int]
    """Number of findings by rule, those masked that would unblind."""
    n_in_spite: int = 0
    """Of those that were approved, results with a warning that holds nothing."""
    faults: tuple[str, ...] = ()
    """Rules that a fault of the program stopped, each with the log file that tells where."""

    @property
    def item(self) -> str:
        """Return the name of the run's item."""
        return f"R{self.run_id}"

    def line(self) -> str:
        """Return the assessment as one line for a person."""
        rules = ", ".join(f"{rule} {count}" for rule, count in self.n_by_shown_rule.items()) or "no findings"
        beside = f", {self.n_evidence} kept beside others" if self.n_evidence else ""
        counts = f"{self.n_auto_approved} approved, {self.n_waiting} wait{beside}"
        return f"R{self.run_id} {self.run}: {self.verdict.value}, {counts} ({rules})"


def assessed_of(run: JudgedRun, assessment_id: int) -> Assessed:
    """Return a judged run in short."""
    states = run.result_states()["state"]
    n_by_rule = Counter(shown_rule(finding.rule, finding.verdict) for finding in run.findings)
    n_waiting = int((states == "waiting").sum())
    return Assessed(
        run_id=run.loaded.run_id,
        run=run.loaded.run.run,
        study=run.loaded.run.study,
        assessment_id=assessment_id,
        verdict=run.verdict,
        n_results=states.len(),
        n_auto_approved=int((states == "auto_approved").sum()),
        n_evidence=int((states == "evidence").sum()),
        n_waiting=n_waiting,
        is_held=bool(run.held_items),
        n_in_spite=_n_in_spite(run),
        n_by_shown_rule=dict(n_by_rule),
        faults=logged_crashes(run),
    )


def _n_in_spite(run: JudgedRun) -> int:
    run_id = run.loaded.run_id
    warned = {item_of_finding(run_id, finding) for finding in run.findings if not run.holds(finding)}
    own = {item.ordinal for item in warned if item.ordinal}
    rows = run.result_states().select("ordinal", "state").iter_rows()
    return sum(ordinal in own and state == "auto_approved" for ordinal, state in rows)

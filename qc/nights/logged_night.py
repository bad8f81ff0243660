"""What a night tells its log: counts, hashes, items and verdicts."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from qc.nights.night import Night
    from qc.nights.night_log import Tell


def log_night(tell: Tell, night: Night, seconds_by_stage: dict[str, float]) -> None:
    """Write a night down."""
    for one in night.ingested:
        tell(
            "file",
            sha256=one.sha256,
            outcome=one.outcome,
            kind=one.kind,
            n_rows=one.n_rows,
            n_runs=len(one.runs),
            n_faults=len(one.faults),
        )
    for run in night.assessed:
        tell(
            "judged",
            item=run.item,
            assessment=run.assessment_id,
            verdict=run.verdict.value,
            n_results=run.n_results,
            n_approved=run.n_auto_approved,
            n_waiting=run.n_waiting,
            findings=run.n_by_shown_rule,
        )
    tell(
        "night ended",
        n_files=len(night.taken_in),
        n_refused=len(night.failed),
        n_known=len(night.known_files),
        n_judged=len(night.assessed),
        n_waiting=len(night.waiting),
        n_newly=night.changed.n_newly,
        n_worse=len(night.worse),
        n_faults=len(night.faults),
        seconds={stage: round(seconds, 2) for stage, seconds in seconds_by_stage.items()},
    )

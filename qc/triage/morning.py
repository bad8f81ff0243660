"""The morning: is anything wrong, and where; what came in last; how long things have waited."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Any

from qc.ingest.corrections.correction import waiting_corrections
from qc.ingest.quarantine import quarantined_deliveries
from qc.items.decisions import newest_decisions
from qc.release.declared_choice import undeclared_choices
from qc.store.frames import first_row
from qc.triage.filter_sql import Condition
from qc.triage.ledger_states import read_ledger_states
from qc.triage.number_text import waited
from qc.triage.queue_query import question_of
from qc.triage.shared_causes import shared_causes
from qc.triage.waiting_counts import waiting_counts
from qc.triage.waiting_runs import RunLine, waiting_runs
from qc.triage.warned_items import n_warned_items
from schemas.counted import counted
from schemas.finding import VerdictText
from schemas.json_model import JsonModel
from schemas.queue_filter import EVERYTHING, parse_filter

if TYPE_CHECKING:
    from qc.items.cause_shown import CauseShown
    from qc.lab.folder import LabFolder
    from qc.store.connection import Connection

N_POINTS = 20
"""Points of a control's sparkline."""
_NEWEST_RUNS = 400  # runs that the sparklines look at: more than a morning needs, and the same at any size
_MOST_CONTROLS = 60
_MOST_CAUSES = 5
_ITEMS = """
    SELECT h.verdict, count(*), min(a.assessed_at)
    FROM open_items h JOIN runs r USING (run_id) JOIN assessments a USING (assessment_id) WHERE {} GROUP BY 1
"""
_INSTRUMENTS = """
    SELECT CASE WHEN r.instrument = '' THEN '(no instrument named)' ELSE r.instrument END AS named, count(*),
        max(r.started_at), arg_max(s.verdict, coalesce(r.started_at, TIMESTAMP '1970-01-01')),
        list(s.verdict ORDER BY coalesce(r.started_at, TIMESTAMP '1970-01-01') DESC)[1:12]
    FROM run_states s JOIN runs r USING (run_id) WHERE NOT s.is_superseded GROUP BY 1 ORDER BY 1 LIMIT 60
"""
_NIGHT = """
    SELECT max(ingested_at), count(*) FILTER (ingested_at > newest - INTERVAL 12 HOUR),
        coalesce(sum(n_rows) FILTER (ingested_at > newest - INTERVAL 12 HOUR), 0)
    FROM sources, (SELECT max(ingested_at) AS newest FROM sources)
"""
_JUDGED = """
    SELECT count(*), coalesce(sum(a.n_auto_approved), 0),
        coalesce(sum(a.n_results - a.n_auto_approved - a.n_waiting), 0)
    FROM run_states s JOIN assessments a USING (run_id, assessment_id)
    WHERE NOT s.is_superseded AND a.assessed_at > (SELECT max(assessed_at) FROM assessments) - INTERVAL 12 HOUR
"""
_CONTROLS = """
    SELECT analyte, matrix, level, list(z ORDER BY began, run_id, position),
        arg_max(run, (began, run_id, position))
    FROM (
        SELECT c.analyte, c.matrix, c.level, c.z, c.run_id, c.position, r.run,
            coalesce(r.started_at, TIMESTAMP '1970-01-01') AS began
        FROM control_results c JOIN run_states s USING (run_id, assessment_id) JOIN runs r USING (run_id)
        WHERE NOT s.is_superseded AND c.run_id IN (SELECT run_id FROM run_states ORDER BY run_id DESC LIMIT ?)
        QUALIFY row_number() OVER (
            PARTITION BY c.analyte, c.matrix, c.level ORDER BY began DESC, c.run_id DESC, c.position DESC
        ) <= ?
    ) GROUP BY ALL
"""


@dataclass(frozen=True, slots=True)
class Instrument(JsonModel):
    """One instrument."""

    json_keys = "name n_runs verdict verdicts"

    name: str
    """Name."""
    n_runs: int
    """Its runs."""
    last_at: datetime | None
    """When the newest one began; None if it is not known."""
    verdict: VerdictText
    """Verdict of the newest one."""
    verdicts: tuple[VerdictText, ...]
    """Verdicts of the newest runs, oldest first."""


@dataclass(frozen=True, slots=True)
class ControlLine(JsonModel):
    """One level of the controls of an analyte."""

    json_keys = "analyte matrix level run z=z_scores"

    analyte: str
    """Analyte."""
    matrix: str
    """Matrix."""
    level: str
    """Level."""
    z_scores: tuple[float | None, ...]
    """Newest distances from the target, in SD, oldest first; None where there is none."""
    run: str
    """Run of the newest one."""

    @property
    def last(self) -> float | None:
        """Newest distance from the target, in SD."""
        return next((z for z in reversed(self.z_scores) if z is not None), None)


@dataclass(frozen=True, slots=True)
class CountedRun(JsonModel):
    """One run with what is to be settled in it."""

    json_keys = "*run n_waiting"

    run: RunLine
    """The run."""
    n_waiting: int
    """Things to settle in it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Morning(JsonModel):
    """What a lab manager wants to know first."""

    json_keys = """sentence n_causes n_results causes n_causes_by_verdict n_waiting n_by_verdict oldest n_new n_files
        n_rows n_chosen_by_default n_judged n_auto_approved n_in_spite n_evidence n_quarantined n_corrections night_at
        instruments controls runs=counted_runs"""

    n_waiting: int
    """Items that wait."""
    n_by_verdict: dict[str, int]
    """Items that wait, by verdict."""
    n_causes_by_verdict: dict[str, int]
    """Things to settle, by their gravest verdict: causes that several items share, and items that stand alone."""
    n_results: int
    """Results that wait with them."""
    causes: tuple[CauseShown, ...]
    """The first causes that several items share, gravest first."""
    oldest: str
    """How long the oldest has waited; empty if nothing waits."""
    n_new: int
    """Things to settle that were judged since the last visit."""
    n_files: int
    """Files of the last night: those within 12 hours of the newest."""
    n_rows: int
    """Their rows."""
    night_at: datetime | None
    """When the newest file came in, in UTC; None if none ever did."""
    n_judged: int
    """Runs that were judged within 12 hours of the newest assessment, each once however often it was."""
    n_auto_approved: int
    """Results that are approved by rule in them."""
    n_in_spite: int = 0
    """Items of all runs that nothing holds, although a warning speaks against them."""
    n_quarantined: int
    """Deliveries in quarantine."""
    n_evidence: int = 0
    """Results that were kept as evidence in them, beside another of their sample that counts."""
    n_chosen_by_default: int = 0
    """Samples and analytes of which a default has chosen among results in range, and that no plan allows to."""
    n_corrections: int = 0
    """Corrections that wait: what deliveries would change of rows on which results rest."""
    instruments: tuple[Instrument, ...]
    """Instruments."""
    runs: tuple[RunLine, ...]
    """Runs, gravest and newest first."""
    controls: tuple[ControlLine, ...]
    """Controls, those farthest from their target first."""
    n_waiting_by_run: Mapping[int, int]
    """Things to settle, by the id of their run; a cause counts in each of its runs."""

    @property
    def n_causes(self) -> int:
        """Count the things to settle: causes that several items share, and items that stand alone."""
        return sum(self.n_causes_by_verdict.values())

    @property
    def out(self) -> tuple[ControlLine, ...]:
        """Controls whose newest point stands out."""
        return tuple(line for line in self.controls if line.last is not None and abs(line.last) > _OUT_SD)

    @property
    def sentence(self) -> str:
        """Answer to the question whether anything is wrong."""
        bad = [
            run for run in self.runs if run.verdict in ("reject", "broken") and self.n_waiting_by_run.get(run.run_id)
        ]
        out = self.out
        if not self.n_waiting and not out and not self.n_quarantined and not self.n_corrections:
            return NOTHING_WRONG if self.runs else NOTHING_YET
        results = f" with {counted(self.n_results, 'result', 'results')}"
        waits = counted(self.n_causes, "item waits", "items wait") + results if self.n_waiting else "No item waits"
        parts = [waits]
        if bad:
            more = f" and {counted(len(bad) - 1, 'run', 'runs')} more" if len(bad) > 1 else ""
            parts.append(f"gravest in {bad[0].run}{more}")
        if out:
            first = f"{out[0].analyte} {out[0].matrix} {out[0].level}"
            about = f"first {first}" if len(out) > 1 else first
            parts.append(f"{counted(len(out), 'control', 'controls')} beyond {_OUT_SD:g} SD: {about}")
        if self.n_corrections:
            parts.append(counted(self.n_corrections, "correction waits", "corrections wait"))
        if self.n_quarantined:
            parts.append(f"{counted(self.n_quarantined, 'delivery', 'deliveries')} in quarantine")
        return "; ".join(parts) + "."

    @property
    def counted_runs(self) -> list[CountedRun]:
        """Return the runs with what waits in each."""
        return [CountedRun(run, self.n_waiting_by_run.get(run.run_id, 0)) for run in self.runs]


NOTHING_WRONG = "Nothing is wrong: no item waits, no control is out, nothing is in quarantine."
"""Answer where all is well."""
NOTHING_YET = "Nothing has been judged yet: put sheets and exports into inbox/ and run 'qc nightly'."
"""Answer of a lab without a run."""
FEWEST_POINTS = 5
"""Points of a control below which its row of bars would mean nothing."""
_OUT_SD = 3.0  # where a control stands out on this screen; what is rejected is for the rules to say


def morning(lab: LabFolder, con: Connection, *, reader: str = "", last_visit: datetime | None = None) -> Morning:
    """Collect the morning.

    Returns
    -------
    Morning
        Everything on the first screen.
    """
    ledger_states = read_ledger_states(lab, con, reader=reader, last_visit=last_visit)
    as_of = lab.ledger.head()[0]
    everything = question_of(EVERYTHING, "gravest", ledger_states, as_of)
    rows, counts = _items(con, everything.condition), waiting_counts(con, everything)
    new = (
        waiting_counts(con, question_of(parse_filter("new"), "gravest", ledger_states, as_of)) if last_visit else counts
    )
    night = first_row(con, _NIGHT) or (None, 0, 0)
    judged = first_row(con, _JUDGED) or (0, 0, 0)
    return Morning(
        n_waiting=sum(row[1] for row in rows),
        n_by_verdict={row[0]: row[1] for row in rows},
        oldest=waited(min(row[2] for row in rows), ledger_states.now) if rows else "",
        n_causes_by_verdict=dict(counts.n_by_verdict),
        n_results=counts.n_results,
        causes=shared_causes(con, everything)[:_MOST_CAUSES],
        n_new=new.n_things,
        n_files=int(night[1]),
        n_rows=int(night[2]),
        night_at=night[0],
        n_judged=int(judged[0]),
        n_auto_approved=int(judged[1]),
        n_evidence=int(judged[2]),
        n_in_spite=n_warned_items(con),
        n_quarantined=sum(1 for _ in quarantined_deliveries(lab.paths.quarantine)),
        n_chosen_by_default=sum(sum(chosen.values()) for chosen in undeclared_choices(lab, con).values()),
        n_corrections=len(waiting_corrections(con, newest_decisions(lab.ledger))),
        instruments=_instruments(con),
        runs=tuple(waiting_runs(con, everything=True, most=200)),
        controls=_controls(con),
        n_waiting_by_run=counts.n_by_run,
    )


def _items(con: Connection, wanted: Condition) -> Sequence[tuple[Any, ...]]:
    return con.execute(_ITEMS.format(wanted.sql), list(wanted.values)).fetchall()


def _instruments(con: Connection) -> tuple[Instrument, ...]:
    rows = con.execute(_INSTRUMENTS).fetchall()
    return tuple(Instrument(name, n, at, verdict, tuple(reversed(last))) for name, n, at, verdict, last in rows)


def _controls(con: Connection) -> tuple[ControlLine, ...]:
    rows = con.execute(_CONTROLS, [_NEWEST_RUNS, N_POINTS]).fetchall()
    lines = [ControlLine(analyte, matrix, level, tuple(z), run) for analyte, matrix, level, z, run in rows]
    lines.sort(key=_most_telling)
    return tuple(lines[:_MOST_CONTROLS])


def _most_telling(line: ControlLine) -> tuple[bool, bool, float, str, str, str]:
    """Put first what is out, then what has enough points to say something, those farthest from the target first."""
    z = abs(line.last or 0.0)
    n_points = sum(one is not None for one in line.z_scores)
    return z <= _OUT_SD, n_points < FEWEST_POINTS, -z, line.analyte, line.matrix, line.level

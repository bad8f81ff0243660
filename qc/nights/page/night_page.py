"""What the page of a night shows: no subject, no visit, no code of a sample."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from qc.triage.control_chart_view import ControlPoint
from qc.triage.plate_view import Curve, Plate
from schemas.finding import VerdictText
from schemas.json_model import TO_THE_SECOND, JsonModel

Outcome = Literal["fault", "refused", "waits", "clean"]
"""A fault of the program stopped something, a file was refused, something waits, or none of it; the gravest of them."""
Since = Literal["worse", "new", "old"]
"""Waits newly in a run that had come in before, waits newly, or waited before."""


@dataclass(frozen=True, slots=True, kw_only=True)
class FileOfNight(JsonModel):
    """One delivery of the inbox."""

    file: str
    """Name of its main file."""
    outcome: str
    """``in``, ``waits`` (some of it waits for a person) or ``quarantined``."""
    kind: str
    """What it holds; empty if it was not read."""
    n_rows: int
    """Rows that were written."""
    runs: tuple[str, ...]
    """Names of its runs."""
    says: str
    """Why it was refused, or what waits; empty otherwise."""
    faults: tuple[str, ...]
    """Every fault, with its place."""
    account: tuple[str, ...]
    """What was left aside or flagged in it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class RunOfNight(JsonModel):
    """One run that was judged."""

    item: str
    """Name of its item: ``R12``."""
    run: str
    """Name."""
    study: str
    """Study."""
    analyte: str
    """Analyte; empty where there are several."""
    matrix: str
    """Matrix; empty where there are several."""
    instrument: str
    """Instrument."""
    verdict: VerdictText
    """Gravest verdict of its findings."""
    n_results: int
    """Sample results."""
    n_approved: int
    """Those that passed everything."""
    n_waiting: int
    """Those that wait for a person."""
    findings: str
    """Rules that spoke, with how often."""
    is_new: bool
    """Whether it came in tonight; else it was judged again."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ThingToSettle(JsonModel):
    """One cause that several items share, or one item that stands alone."""

    name: str
    """Name to type."""
    since: Since
    """Whether it waits newly in a run that had come in before, waits newly, or waited before."""
    verdict: VerdictText
    """Gravest verdict."""
    where: str
    """Run, or how many there are, with study and analytes."""
    n_results: int
    """Results that wait with it."""
    says: str
    """What it is."""
    way_on: str
    """What settles it; empty if nothing is known."""
    command: str
    """Command that opens it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class LabEvent(JsonModel):
    """One recorded event that concerns a chart."""

    at: datetime
    """When it happened, in local time of the laboratory."""
    event: str
    """What it was: ``maintenance``, ``recalibration``."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ControlChart(JsonModel):
    """One level of one control material."""

    analyte: str
    """Analyte."""
    matrix: str
    """Matrix."""
    material: str
    """Material."""
    level: str
    """Level."""
    unit: str
    """Unit of the values."""
    is_in_trouble: bool
    """Whether a point of tonight, or the newest one, broke a rule or lies beyond 3 SD."""
    points: tuple[ControlPoint, ...]
    """Oldest first; ``is_own`` are those of runs that were judged tonight."""
    events: tuple[LabEvent, ...]
    """Recorded events between its first and its last point."""


@dataclass(frozen=True, slots=True, kw_only=True)
class PlateOfNight(JsonModel):
    """One plate with something that waits."""

    item: str
    """Item of its run."""
    run: str
    """Run."""
    analyte: str
    """Analyte that is shown: the one with most flagged wells."""
    n_analytes: int
    """Analytes of the plate that are flagged."""
    n_flagged: int
    """Flagged wells of the analyte that is shown."""
    plate: Plate
    """Its wells."""


@dataclass(frozen=True, slots=True, kw_only=True)
class CurveOfNight(JsonModel):
    """One standard curve that failed."""

    item: str
    """Item that opens it."""
    run: str
    """Run."""
    analyte: str
    """Analyte."""
    plate: str
    """Plate."""
    verdict: VerdictText
    """Gravest verdict on it."""
    says: tuple[str, ...]
    """What was found."""
    curve: Curve
    """Curve and what was read from it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class SuiteOfNight(JsonModel):
    """One expectation of a suite over the runs of the night."""

    name: str
    """Suite and expectation."""
    n_runs: int
    """Runs that were judged by it."""
    n_failed: int
    """Runs of which it spoke."""
    said: tuple[str, ...]
    """Run and sentence of each finding."""


@dataclass(frozen=True, slots=True, kw_only=True)
class NightPage(JsonModel):
    """Everything that the page of a night shows."""

    json_time_format = TO_THE_SECOND

    night: str
    """Name of the night, and of its files."""
    lab: str
    """Name of the lab."""
    label: str
    """Word that stands on every page; empty for none."""
    began_at: datetime
    """When it began, in UTC."""
    outcome: Outcome
    """How it ended."""
    headline: str
    """What matters first, in one sentence."""
    brought_by: str
    """Account or user that handed the files in."""
    n_known: int
    """Files that were in already."""
    files: tuple[FileOfNight, ...]
    """What came in, refused ones first."""
    runs: tuple[RunOfNight, ...]
    """Runs that were judged, gravest first."""
    waiting: tuple[ThingToSettle, ...]
    """What waits: worse, then new, then old."""
    n_no_longer: int
    """Things that no longer wait."""
    oldest_waiting_h: float | None
    """Age of the oldest judgement that waits, in hours; None if nothing waits."""
    decided_by: tuple[str, ...]
    """Roles that may decide."""
    charts: tuple[ControlChart, ...]
    """Controls, those in trouble first."""
    plates: tuple[PlateOfNight, ...]
    """Flagged plates of the night, those with most flagged wells first."""
    n_plates_left: int
    """Flagged plates beyond the most that are shown."""
    curves: tuple[CurveOfNight, ...]
    """Curves that failed."""
    n_curves_left: int
    """Failed curves beyond the most that are shown."""
    suites: tuple[SuiteOfNight, ...]
    """Suites, those that spoke first."""
    gaps: tuple[str, ...]
    """Where sheets do not fit each other or the runs."""
    chosen_by_default: str
    """What defaults have chosen of several results; empty where nobody has to decide."""
    faults: tuple[str, ...]
    """What went wrong outside of the data."""

"""Twin of the screen 'morning': what is wrong, and where."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

from schemas.counted import counted
from schemas.json_model import JsonModel
from tui.twins.line_words import ScreenJson, numbered

if TYPE_CHECKING:
    from qc.api.lab import Lab
    from qc.triage.morning import Morning


@dataclass(frozen=True, slots=True)
class MorningTwin(JsonModel):
    """Twin of the screen 'morning'."""

    json_keys = "screen *morning"

    morning: Morning
    """What it shows."""
    screen: Literal["morning"] = "morning"
    """Name of the screen."""


def answer(lab: Lab, begin: str, order: str, most: int) -> MorningTwin:
    """Return what the screen 'morning' shows."""
    from qc.triage.morning import morning
    from tui.model.desk import Desk
    from tui.model.visit import begin_visit

    desk = Desk(lab.paths.root)
    begin_visit(lab, desk)
    with lab.facts.reading() as con:
        return MorningTwin(morning(lab, con, reader=desk.reader, last_visit=desk.last_visit))


def lines(screen: ScreenJson) -> Iterator[str]:
    """Write it line by line."""
    yield f"morning: {screen['sentence']}"
    waiting = [f"{n:,} {verdict.replace('_', ' ')}" for verdict, n in screen["n_causes_by_verdict"].items()]
    oldest = f"; the oldest for {screen['oldest']}" if screen["oldest"] else ""
    yield f"waiting: {', '.join(waiting) or 'nothing'}{oldest}"
    for place, one in numbered(screen["causes"]):
        yield f"cause {place}: {one['cause']}, {counted(one['n_results'], 'result')}: {one['way_on'] or one['says']}"
    yield f"new for you: {counted(screen['n_new'], 'item')}"
    files = f"{counted(screen['n_files'], 'file')}, {counted(screen['n_rows'], 'row')}"
    came = f"{files}; {counted(screen['n_judged'], 'run')} judged"
    at = str(screen["night_at"] or "never")[:16].replace("T", " ")
    yield f"last in: {at} UTC, {came}, {counted(screen['n_auto_approved'], 'result')} approved by rule"
    yield f"approved in spite of a warning: {counted(screen['n_in_spite'], 'item')}"
    if screen["n_chosen_by_default"]:
        several = counted(screen["n_chosen_by_default"], "sample")
        yield f"chosen by a default among several results: {several}; 'qc plan declare' makes it the choice of the lab"
    yield f"quarantine: {screen['n_quarantined'] or 'empty'}"
    for place, one in numbered(screen["instruments"]):
        newest = ", ".join(str(verdict).replace("_", " ") for verdict in reversed(one["verdicts"]))
        yield f"instrument {place}: {one['name']}, {counted(one['n_runs'], 'run')}; verdicts, newest first: {newest}"
    for place, one in numbered(screen["runs"]):
        waits = counted(one["n_waiting"], "item") + " waiting" if one["n_waiting"] else "nothing waits"
        about = " ".join(filter(None, (one["analyte"], one["matrix"])))
        parts = (one["run"], one["verdict"].replace("_", " "), waits, about, counted(one["n_results"], "result"))
        yield f"run {place}: {', '.join(filter(None, parts))}"
    for place, one in numbered(screen["controls"]):
        known = [z for z in one["z"] if z is not None]
        before = (
            f"; {len(known) - 1} before it from {min(known[:-1]):+.2f} to {max(known[:-1]):+.2f}" if known[1:] else ""
        )
        now = f"{known[-1]:+.2f} SD from its target in run {one['run']}" if known else "not measured"
        yield f"control {place}: {one['analyte']} {one['matrix']} {one['level']}, {now}{before}"

"""Twin of the screen 'triage': what waits for a person."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

from schemas.counted import counted
from schemas.json_model import JsonModel
from tui.twins.line_words import ScreenJson, numbered

if TYPE_CHECKING:
    from qc.api.lab import Lab
    from qc.triage.queue_listing import QueueListing


@dataclass(frozen=True, slots=True)
class TriageTwin(JsonModel):
    """Twin of the screen 'triage'."""

    json_keys = "screen *queue"

    queue: QueueListing
    """What it shows."""
    screen: Literal["triage"] = "triage"
    """Name of the screen."""


def answer(lab: Lab, begin: str, order: str, most: int) -> TriageTwin:
    """Return what the screen 'triage' shows."""
    from qc.triage.queue_listing import ask_queue
    from tui.model.desk import Desk
    from tui.model.visit import begin_visit

    desk = Desk(lab.paths.root)
    begin_visit(lab, desk)
    with lab.facts.reading() as con:
        return TriageTwin(
            ask_queue(lab, con, begin, order=order, most=most, reader=desk.reader, last_visit=desk.last_visit)
        )


def lines(screen: ScreenJson) -> Iterator[str]:
    """Write it line by line."""
    limited = f"; filter '{screen['filter']}'" if screen["filter"] else ""
    yield f"triage: {counted(screen['n_items'], 'item')}, {screen['order']} first{limited}"
    for place, one in numbered(screen["causes"]):
        hangs = f"{counted(one['n_items'], 'item')}, {counted(one['n_results'], 'result')}"
        about = ", ".join((one["cause"], one["verdict"].replace("_", " "), " and ".join(one["rules"]), hangs))
        yield f"cause {place}: {about}"
        yield from (f"  {words}" for words in (one["says"], one["way_on"]) if words)
    causes = {one["cause"] for one in screen["causes"]}
    for place, one in numbered(screen["items"], screen["n_items"]):
        about = " ".join(filter(None, (one.get("analyte"), one.get("matrix"))))
        sample = f"sample {one['code']}" if one.get("code") else ""
        wells = f"wells {one['wells']}" if one.get("wells") else ""
        lapsed = "a decision on it has lapsed" if one.get("lapsed") else ""
        rules = " and ".join(one["rules"])
        shared = f"one of cause {one['cause']}" if one.get("cause") in causes else ""
        words = (one["item"], one["verdict"].replace("_", " "), shared, rules, about, one.get("value"), sample, wells)
        yield f"item {place}: {', '.join(filter(None, (*words, 'run ' + one['run'], one['state'], lapsed)))}"
    if screen["items"]:
        first = screen["causes"][0]["cause"] if screen["causes"] else screen["items"][0]["item"]
        yield f"next: 'qc show {first}' tells why, 'qc decide approve|reject|repeat {first}' decides"

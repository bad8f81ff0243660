"""What a night changed in the queue: what waits newly, what no longer does, and what became worse."""

from __future__ import annotations

import json
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

from schemas.json_model import JsonModel

if TYPE_CHECKING:
    from qc.decide.queue_and_show import QueueItem
    from qc.ingest.outcome import Ingested
    from qc.lab.folder import LabFolder


@dataclass(frozen=True, slots=True)
class QueueChange(JsonModel):
    """What a night changed in the queue."""

    newly_waiting: tuple[str, ...]
    """Items that wait now and did not after the night that it is compared with."""
    no_longer_waiting: tuple[str, ...]
    """Items that waited then and do not now."""
    n_newly: int
    """Things to settle among the newly waiting: causes that several items share, and items that stand alone."""
    n_no_longer: int
    """The same among those that no longer wait."""


def worse_items(
    waiting: Sequence[QueueItem],
    changed: QueueChange,
    ingested: Sequence[Ingested],
    came_before: Collection[str] = (),
) -> tuple[str, ...]:
    """Return what newly waits in runs that did not come in tonight: it was in order before, or decided on.

    Parameters
    ----------
    waiting : sequence of QueueItem
        What waits now.
    changed : QueueChange
        What the night changed in the queue.
    ingested : sequence of Ingested
        What became of each delivery of the night.
    came_before : collection of str
        Runs that came in within the time that is told of, in nights before this one.
    """
    came = {run for delivery in ingested for run in delivery.runs if delivery.outcome in ("in", "waits")}
    newly = set(changed.newly_waiting)
    return tuple(
        one.shown.item
        for one in waiting
        if one.shown.item in newly and one.shown.run not in came and one.shown.run not in came_before
    )


def _nights(lab: LabFolder, since: datetime | None) -> tuple[list[Path], list[Path]]:
    """Return the nights before a time and those from then on, oldest first."""
    nights = sorted((lab.paths.reports / "nightly").glob("*.json"))
    if since is None:
        return nights, []
    first = f"{since.astimezone(UTC):%Y%m%dT%H%M%S%f}Z"
    return [one for one in nights if one.stem < first], [one for one in nights if one.stem >= first]


def nights_before(lab: LabFolder, since: datetime | None) -> dict[str, str]:
    """Return the causes of what waited after the last night before a time by its items.

    Parameters
    ----------
    lab : LabFolder
        Lab whose nights are looked up.
    since : datetime or None
        Time with its zone; None means now.
    """
    before, _ = _nights(lab, since)
    if not before:
        return {}
    waited = json.loads(before[-1].read_text(encoding="utf-8"))["waiting"]
    return {item["item"]: item.get("cause", "") for item in waited}


def runs_since(lab: LabFolder, since: datetime | None) -> set[str]:
    """Return the runs that came in with nights that began at a time or later."""
    _, after = _nights(lab, since)
    nights = [json.loads(path.read_text(encoding="utf-8")) for path in after]
    return {run for night in nights for delivery in night.get("new", ()) for run in delivery["runs"]}


def queue_change(before: Mapping[str, str], waiting: Sequence[QueueItem]) -> QueueChange:
    """Return what is otherwise than it was.

    Parameters
    ----------
    before : mapping of str to str
        Causes of what waited then by its items.
    waiting : sequence of QueueItem
        What waits now.
    """
    now = {item.shown.item: item.cause for item in waiting}
    newly, no_longer = sorted(now.keys() - before.keys()), sorted(before.keys() - now.keys())
    n_newly = len({now[item] or item for item in newly})
    n_no_longer = len({before[item] or item for item in no_longer})
    return QueueChange(tuple(newly), tuple(no_longer), n_newly, n_no_longer)

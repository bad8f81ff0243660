"""What a night changed in the queue: what waits newly, what no longer does, and what became worse."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
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
    """Items that wait now and did not after the last night."""
    no_longer_waiting: tuple[str, ...]
    """Items that waited after the last night and do not now."""
    n_newly: int
    """Things to settle among the newly waiting: causes that several items share, and items that stand alone."""
    n_no_longer: int
    """The same among those that no longer wait."""


def worse_items(waiting: Sequence[QueueItem], changed: QueueChange, ingested: Sequence[Ingested]) -> tuple[str, ...]:
    """Return what newly waits in runs that did not come in tonight: it was in order before, or decided on.

    Parameters
    ----------
    waiting : sequence of QueueItem
        What waits now.
    changed : QueueChange
        What the night changed in the queue.
    ingested : sequence of Ingested
        What became of each delivery of the night.
    """
    came = {run for delivery in ingested for run in delivery.runs if delivery.outcome in ("in", "waits")}
    newly = set(changed.newly_waiting)
    return tuple(one.shown.item for one in waiting if one.shown.item in newly and one.shown.run not in came)


def _waited_before(lab: LabFolder) -> dict[str, str]:
    """Return the causes of what waited after the last night by its items."""
    nights = sorted((lab.paths.reports / "nightly").glob("*.json"))
    if not nights:
        return {}
    waited = json.loads(nights[-1].read_text(encoding="utf-8"))["waiting"]
    return {item["item"]: item.get("cause", "") for item in waited}


def queue_change(lab: LabFolder, waiting: Sequence[QueueItem]) -> QueueChange:
    """Return what is otherwise than after the last night.

    Parameters
    ----------
    lab : LabFolder
        Lab whose nights are looked up.
    waiting : sequence of QueueItem
        What waits now.
    """
    before, now = _waited_before(lab), {item.shown.item: item.cause for item in waiting}
    newly, no_longer = sorted(now.keys() - before.keys()), sorted(before.keys() - now.keys())
    n_newly = len({now[item] or item for item in newly})
    n_no_longer = len({before[item] or item for item in no_longer})
    return QueueChange(tuple(newly), tuple(no_longer), n_newly, n_no_longer)

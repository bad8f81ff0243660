"""What waits, by cause: items that share one stand together, all others alone."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from qc.decide.queue_and_show import queue
from qc.items.cause_shown import CauseShown, worded
from qc.items.names import parse_item
from qc.items.seen_item import CORRECTION
from schemas.errors import ConfigError
from schemas.finding import worst

if TYPE_CHECKING:
    from qc.decide.queue_and_show import QueueItem
    from qc.lab.folder import LabFolder


_MOST_HINTS = 5
"""Codes that a cause names with the nearest ones that are known."""


@dataclass(frozen=True, slots=True)
class QueueByCause:
    """The queue with what has one cause put together."""

    causes: tuple[CauseShown, ...]
    """Causes that two or more items wait for, gravest first, then those that hold most."""
    alone: tuple[QueueItem, ...]
    """Items that wait for something of their own."""

    @property
    def n_items(self) -> int:
        """How many things a person has to settle."""
        return len(self.causes) + len(self.alone)


def by_cause(items: Sequence[QueueItem]) -> QueueByCause:
    """Put items that wait for one cause together.

    Parameters
    ----------
    items : sequence of QueueItem
        What waits, gravest first.

    Returns
    -------
    QueueByCause
        Every item once: among the members of one cause, or alone.
    """
    members: dict[str, list[QueueItem]] = {}
    for item in items:
        if item.cause:
            members.setdefault(item.cause, []).append(item)
    shared = {cause: own for cause, own in members.items() if len(own) > 1}
    causes = [_cause(cause, own) for cause, own in shared.items()]
    causes.sort(key=lambda one: (-one.verdict.severity, -one.n_results, one.cause))
    return QueueByCause(tuple(causes), tuple(item for item in items if item.cause not in shared))


def cause_named(lab: LabFolder, name: str) -> CauseShown:
    """Show one cause.

    Raises
    ------
    ConfigError
        If nothing waits for it.
    """
    own = [item for item in queue(lab) if item.cause == name]
    if not own:
        raise ConfigError(f"Nothing waits for cause '{name}'. 'qc queue' lists what waits.")
    return _cause(name, own)


def _cause(cause: str, items: Sequence[QueueItem]) -> CauseShown:
    gravest = max(items, key=lambda item: (item.verdict.severity, parse_item(item.shown.item).run_id))
    runs = list(dict.fromkeys(item.shown.run for item in items))
    return worded(
        cause=cause,
        study=items[0].shown.study,
        runs=runs,
        n_runs=len(runs),
        analytes=list({item.shown.analyte for item in items if item.shown.analyte}),
        counts=(len(items), n_results_of(items)),
        first=gravest.findings,
        said_of=gravest.shown.run,
        verdict=worst(item.verdict for item in items),
        items=[item.shown.item for item in items],
        hints=_hints(items),
    )


def _hints(items: Sequence[QueueItem]) -> list[str]:
    hints = dict.fromkeys(finding.hint for item in items for finding in item.findings if finding.hint)
    return list(hints)[:_MOST_HINTS]


def n_results_of(items: Sequence[QueueItem]) -> int:
    """Count the results that wait with some items; one that its run or analyte holds too counts once."""
    parsed = [(parse_item(item.shown.item), item) for item in items if item.seen.scope != CORRECTION]
    runs = {one.run_id for one, _ in parsed if one.scope == "run"}
    analytes = {(one.run_id, one.analyte) for one, _ in parsed if one.scope == "analyte"}
    return sum(
        item.shown.n_results
        for one, item in parsed
        if one.scope == "run"
        or (one.run_id not in runs and (one.scope == "analyte" or (one.run_id, item.shown.analyte) not in analytes))
    )

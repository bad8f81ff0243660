"""The queue for a person at a terminal: a line for each cause with what settles it, and one for each item alone."""

from __future__ import annotations

from typing import TYPE_CHECKING

from qc.cli.output import say
from qc.items.seen_item import CORRECTION
from schemas.counted import counted, first_of

if TYPE_CHECKING:
    from collections.abc import Sequence

    from qc.decide.queue_and_show import QueueItem
    from qc.items.cause_shown import CauseShown

_MOST_ANALYTES = 3


def queue_table(items: Sequence[QueueItem], *, is_each: bool = False) -> None:
    """Print the queue, one line a cause or item, and below a cause what it is and what settles it.

    Parameters
    ----------
    items : sequence of QueueItem
        What waits.
    is_each : bool
        Whether items that share a cause are listed one by one.
    """
    from qc.cli.tables import aligned, things_to_settle
    from qc.decide.queue_causes import QueueByCause, by_cause, n_results_of

    queue = QueueByCause((), tuple(items)) if is_each else by_cause(items)

    if not queue.n_items:
        say("Nothing waits.")
        return
    for cause in queue.causes:
        _cause_lines(cause)
    if queue.causes and queue.alone:
        say()
    if queue.alone:
        rows = [_row(item) for item in queue.alone]
        aligned(rows, ("item", "verdict", "run", "analyte", "sample", "what", "rules"))
        for item in queue.alone:
            if item.shown.n_results > 1 and item.seen.scope != CORRECTION:
                say(f"  {item.shown.item}: {item.findings[0].sentence} {item.findings[0].suggestion}".rstrip())
    say()
    counts = things_to_settle(queue.n_items, n_results_of(items))
    say(f"{counts} wait. 'qc show ITEM' tells why; 'qc decide approve|reject|repeat ITEM...' decides.")
    if queue.causes:
        say("A name that begins with K stands for all that share a cause; '--except R1.7' leaves one out.")
    if any(item.seen.scope == CORRECTION for item in queue.alone):
        say("'qc decide accept|refuse C... --reason ...' decides on corrections; until then the old rows count.")


def _row(item: QueueItem) -> tuple[str, ...]:
    shown = item.shown
    rules = ", ".join(dict.fromkeys(finding.rule for finding in item.findings))
    what = shown.value or counted(shown.n_results, "result")
    if item.seen.scope == CORRECTION:
        what = f"{what} rest on what it would change"
    return shown.item, item.verdict.value, shown.run, shown.analyte, shown.code, what, rules


def _cause_lines(cause: CauseShown) -> None:
    analytes = first_of(cause.analytes, _MOST_ANALYTES)
    about = "  ".join(word for word in (cause.verdict.value, cause.where, analytes) if word)
    members = f"{counted(cause.n_results, 'result')} of {counted(cause.n_items, 'item')}"
    say(f"{cause.cause}  {about}  {members}  {', '.join(cause.rules)}")
    say(f"  {cause.says}")
    if cause.way_on:
        say(f"  {cause.way_on}")


def cause_text(cause: CauseShown) -> None:
    """Print one cause with the names of its items.

    Parameters
    ----------
    cause : CauseShown
        The cause.
    """
    _cause_lines(cause)
    say()
    say("  ".join(cause.items))
    say()
    say(f"'qc decide approve|reject|repeat {cause.cause} --except ITEM' decides on all of them but for the exceptions.")

"""What the queue is asked: a filter and an order, compiled once against what the ledger says."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from qc.triage.filter_sql import Condition, LedgerStates, condition_of, counted_by_groups, excepted_items_of
from schemas.errors import ConfigError
from schemas.names import did_you_mean
from schemas.queue_filter import Filter

_GRAVITY = "CASE h.verdict WHEN 'broken' THEN 0 WHEN 'reject' THEN 1 WHEN 'not_evaluable' THEN 2 ELSE 3 END"
_SCOPE = "CASE h.scope WHEN 'run' THEN 0 WHEN 'analyte' THEN 1 ELSE 2 END"
RANKS: Mapping[str, tuple[str, str]] = {
    "gravest": (_GRAVITY, _SCOPE),
    "oldest": ("a.assessed_at", _GRAVITY),
    "newest": ("-epoch_us(a.assessed_at)", _GRAVITY),
    "run": ("h.run", _SCOPE),
    "analyte": ("h.analyte", _GRAVITY),
    "rule": ("h.rules", _GRAVITY),
}
"""Both ranks of a row in each order, as SQL over ``h`` and ``a``."""
ORDERS = tuple(RANKS)
"""Orders of the queue. Within the same ranks items stand by run, and within a run by result."""


@dataclass(frozen=True, slots=True)
class Question:
    """What the queue is asked: the same question gives the same rows, as long as facts and ledger stay."""

    condition: Condition
    """Compiled filter, over the items."""
    of_groups: Condition | None
    """The same over the counts of runs, whatever the ledger says; None where only the items themselves can tell."""
    excepted_items: tuple[str, ...]
    """Items that the ledger takes out of what ``of_groups`` counts."""
    order: str
    """One of :data:`ORDERS`."""
    ledger_states: LedgerStates
    """What the ledger said when it was compiled."""
    as_of: int
    """Number of the newest ledger entry then."""

    @property
    def ranks(self) -> tuple[str, str]:
        """Both ranks of a row, as SQL."""
        return RANKS[self.order]


def question_of(wanted: Filter, order: str, ledger_states: LedgerStates, as_of: int) -> Question:
    """Compile a filter and an order.

    Parameters
    ----------
    order : str
        One of :data:`ORDERS`.
    as_of : int
        Number of the newest ledger entry, read before.

    Raises
    ------
    ConfigError
        If there is no such order.
    """
    if order not in ORDERS:
        near = did_you_mean(order, ORDERS)
        raise ConfigError(f"'{order}' is not an order of the queue.{near} Expected one of: {', '.join(ORDERS)}.")
    excepted_items = excepted_items_of(wanted, ledger_states)
    return Question(
        condition_of(wanted, ledger_states),
        counted_by_groups(wanted, ledger_states) if excepted_items is not None else None,
        excepted_items or (),
        order,
        ledger_states,
        as_of,
    )

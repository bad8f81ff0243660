"""Deciding on all that fits a filter: looked up at the act, recorded as one, taken back as one."""

from __future__ import annotations

import gc
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from qc.decide.decide import decide
from qc.decide.request import DecisionRequest
from qc.triage.filtered_items import FilteredItems, filtered_seen, look_at_all, n_filtered
from schemas.errors import ConfigError, ConflictError

if TYPE_CHECKING:
    from qc.lab.folder import LabFolder


@dataclass(frozen=True, slots=True)
class FilteredDecision:
    """What was recorded: one entry for each item, in one act."""

    n_items: int
    """How many items."""
    first_seq: int
    """Number of the first entry."""
    last_seq: int
    """Number of the last entry."""
    needs_second: bool
    """Whether they count only when a second person has confirmed them."""


def decide_all_of(
    lab: LabFolder, filtered: FilteredItems, request: DecisionRequest, *, actor: str | None = None
) -> FilteredDecision:
    """Record one act on all that fits a filter, all of it or nothing.

    Parameters
    ----------
    request : DecisionRequest
        The act; its exceptions are those of ``filtered``.
    actor : str, optional
        Who acts; None means whoever has signed in, else the operating-system user.

    Raises
    ------
    ConfigError
        If something is missing or not allowed in the state of an item.
    RightsError
        If the person may not do it.
    ConflictError
        If it is not what was seen any more.
    """
    with _uncollected():
        with lab.facts.reading() as con:
            seen = filtered_seen(lab, con, filtered)
        decisions = decide(lab, seen, replace(request, exceptions=filtered.exceptions), actor=actor)
    return FilteredDecision(
        len(decisions), decisions[0].seq, decisions[-1].seq, any(one.needs_second for one in decisions)
    )


@contextmanager
def _uncollected() -> Iterator[None]:
    """Let nobody look for cycles in the body: it makes hundreds of thousands of records and no cycle among them."""
    was_on = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was_on:
            gc.enable()


def decide_fitting(
    lab: LabFolder, text: str, request: DecisionRequest, *, n_items: int | None, actor: str | None = None
) -> FilteredDecision:
    """Record one act on all that waits and fits a filter, if it is as many as somebody has said.

    Parameters
    ----------
    n_items : int or None
        How many items it is about, exceptions left out; None is refused with the number.
    actor : str, optional
        Who acts; None means whoever has signed in, else the operating-system user.

    Raises
    ------
    ConfigError
        If the number was not said, or something is missing or not allowed in the state of an item.
    RightsError
        If the person may not do it.
    ConflictError
        If another number fits.
    """
    from qc.people.acting_person import acting_person

    reader = acting_person(lab, actor).name
    with lab.facts.reading() as con:
        filtered = replace(look_at_all(lab, con, text, reader=reader), exceptions=request.exceptions)
        n_now = n_filtered(lab, con, filtered)
    if n_items is None:
        raise ConfigError(f"{n_now:,} items fit the filter '{text}': say '--count {n_now}' to decide on all of them.")
    if n_now != n_items:
        raise ConflictError(f"{n_now:,} items fit the filter '{text}', and not {n_items:,}: nothing was decided.")
    return decide_all_of(lab, replace(filtered, n_items=n_now + len(filtered.exceptions)), request, actor=actor)


def undo_all_of(lab: LabFolder, first_seq: int, last_seq: int, *, actor: str | None = None) -> int:
    """Take back what one act has recorded.

    Parameters
    ----------
    first_seq : int
        Number of its first entry.
    actor : str, optional
        Who acts; None means whoever has signed in, else the operating-system user.
    """
    from qc.decide.undo import undo

    names: Sequence[str] = [entry.object for entry in lab.ledger.entries(after=first_seq - 1, until=last_seq)]
    return len(undo(lab, names, actor=actor))

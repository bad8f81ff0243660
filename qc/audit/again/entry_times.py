"""Times of entries that run backwards or leap: a clock that was put wrong, or entries that were made up."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import datetime, timedelta
from itertools import pairwise
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from qc.store.entry import Entry

SLACK = timedelta(seconds=5)
"""What clocks of several machines, and writers that waited for each other, may differ by."""


def strange_times(entries: Sequence[Entry], now: datetime) -> Iterator[tuple[Entry, Entry, str]]:
    """Find entries whose times cannot all be true.

    Parameters
    ----------
    entries : sequence of Entry
        Oldest first.
    now : datetime
        Time in UTC.

    Yields
    ------
    tuple
        Entry before, entry, and a sentence. A leap is one into a time that the next entries, or the clock, know not of.
    """
    for before, entry in pairwise(entries):
        if entry.at < before.at - SLACK:
            text = (
                f"Entry {entry.seq} says {_text(entry.at)}, which is before entry {before.seq} of {_text(before.at)}."
            )
            yield before, entry, text
    for before, entry in pairwise([*entries[:1], *entries]):
        if entry.at > now + SLACK and (before is entry or before.at <= now + SLACK):
            yield before, entry, f"Entry {entry.seq} says {_text(entry.at)}, which is still to come."


def _text(moment: datetime) -> str:
    return f"{moment:%Y-%m-%d %H:%M:%S} UTC"

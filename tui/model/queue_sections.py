"""The sections of the queue: causes with the rows beneath those that are unfolded, and the items that stand alone."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from tui.model.marks import renewed
from tui.text.queue_cells import is_decided

if TYPE_CHECKING:
    from qc.items.cause_shown import CauseShown
    from qc.triage.queue import QueueRow
    from tui.model.row_pages import RowPages


@dataclass(slots=True)
class CauseRows:
    """One cause, and its items where it is unfolded."""

    cause: CauseShown
    """The cause."""
    pages: RowPages | None
    """Its items; None where it is folded."""

    @property
    def n_items(self) -> int:
        """Number of its items."""
        return self.cause.n_items

    @property
    def n_rows(self) -> int:
        """Number of its rows: itself, and its items where it is unfolded."""
        return 1 + (self.pages.n_rows if self.pages is not None else 0)


class QueueSections:
    """Rows of the queue, section by section.

    Parameters
    ----------
    causes : sequence of CauseRows
        Causes that lead.
    alone : RowPages, optional
        Items of no cause that leads.
    """

    def __init__(self, causes: Sequence[CauseRows] = (), alone: RowPages | None = None) -> None:
        self.causes, self.alone = list(causes), alone

    @property
    def n_rows(self) -> int:
        """Number of all rows."""
        return sum(section.n_rows for section in self.causes) + self._n_alone

    @property
    def n_items(self) -> int:
        """Number of all items."""
        return sum(section.n_items for section in self.causes) + self._n_alone

    @property
    def _n_alone(self) -> int:
        return self.alone.n_rows if self.alone is not None else 0

    def find(self, index: int) -> tuple[CauseRows | RowPages | None, int]:
        """Return the section of a row and its place there, -1 for the cause itself."""
        for section in self.causes:
            if index < section.n_rows:
                return section, index - 1
            index -= section.n_rows
        return self.alone, index

    def place_of(self, name: str) -> int | None:
        """Return the row of an item or a cause, as far as it was read."""
        from qc.triage.queue import PAGE

        start = 0
        for section in [*self.causes, self.alone]:
            if isinstance(section, CauseRows) and section.cause.cause == name:
                return start
            pages = section.pages if isinstance(section, CauseRows) else section
            first = start + isinstance(section, CauseRows)
            for number, rows in (pages.pages if pages is not None else {}).items():
                place = next((at for at, row in enumerate(rows) if row.item == name), None)
                if place is not None:
                    return first + number * PAGE + place
            start += section.n_rows if section is not None else 0
        return None

    def _all_pages(self) -> list[RowPages]:
        return [pages for pages in (*(section.pages for section in self.causes), self.alone) if pages is not None]

    def read_rows(self) -> Iterator[QueueRow]:
        """Return the items that were read."""
        return (row for pages in self._all_pages() for row in pages.read_rows())

    def n_decided_of(self, section: CauseRows, words_by_item: Mapping[str, str]) -> int:
        """Count the items of a cause that were decided since they were read, as far as it is unfolded."""
        rows = section.pages.read_rows() if section.pages is not None else ()
        return sum(is_decided(words_by_item.get(row.item, "")) for row in rows)

    def n_things(self, words_by_item: Mapping[str, str], unread: Collection[str]) -> tuple[int, int]:
        """Count the causes and the items alone that are not decided, as far as it is known."""
        n_causes = sum(self.n_decided_of(section, words_by_item) < section.n_items for section in self.causes)
        alone = {row.item for row in self.alone.read_rows()} if self.alone is not None else set()
        decided = [item for item, words in words_by_item.items() if is_decided(words) and item in alone]
        return n_causes, self._n_alone - len(decided)

    def renew(self, items: Collection[str], seq: int) -> None:
        """Take note of an own act on some items."""
        for pages in self._all_pages():
            for rows in pages.pages.values():
                rows[:] = [renewed(row, seq) if row.item in items else row for row in rows]

    def close(self) -> None:
        """Read no more."""
        for pages in self._all_pages():
            pages.close()

"""Marks: which items the next verb is about, one by one or all that fits a filter."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from qc.triage.filtered_items import FilteredItems
    from qc.triage.queue import QueueRow


@dataclass(slots=True)
class Marks:
    """Marked items; they survive sorting, filtering and reading again."""

    rows: dict[str, QueueRow] = field(default_factory=dict)
    """Those that were marked one by one, by their names, as they were seen."""
    batch: dict[str, QueueRow] = field(default_factory=dict)
    """Those that were marked together: what is unmarked of them is an exception."""
    filtered: FilteredItems | None = None
    """All that fits a filter; None where items are marked one by one."""

    def __len__(self) -> int:
        """Return how many items are marked."""
        return self.filtered.n_marked if self.filtered is not None else len(self.rows)

    def __iter__(self) -> Iterator[str]:
        """Return the names of those that were marked one by one."""
        return iter(self.rows)

    def has(self, item: str, *texts: str) -> bool:
        """Tell whether an item that fits some filters is marked."""
        if self.filtered is not None:
            return self.filtered.text in texts and item not in self.filtered.exceptions
        return item in self.rows

    def turn(self, row: QueueRow) -> None:
        """Mark an item, or unmark it."""
        if self.filtered is not None:
            exceptions = self.filtered.exceptions
            others = tuple(item for item in exceptions if item != row.item)
            self.filtered = replace(
                self.filtered, exceptions=others if row.item in exceptions else (*exceptions, row.item)
            )
        elif row.item in self.rows:
            del self.rows[row.item]
        else:
            self.rows[row.item] = row

    def add(self, rows: Sequence[QueueRow], *, is_batch: bool = False) -> None:
        """Mark items one by one.

        Parameters
        ----------
        is_batch : bool
            Whether what is unmarked of them counts as an exception.
        """
        rows_by_item = {row.item: row for row in rows}
        self.rows, self.filtered = self.rows | rows_by_item, None
        if is_batch:
            self.batch = self.batch | rows_by_item

    def drop_cause(self, cause: str) -> None:
        """Unmark the items of a cause; they are no exceptions then."""
        self.rows = {item: row for item, row in self.rows.items() if row.seen.cause != cause}
        self.batch = {item: row for item, row in self.batch.items() if row.seen.cause != cause}

    def exceptions(self) -> list[str]:
        """Return what was marked together with the others and unmarked again.

        Returns
        -------
        list of str
            Names; of all that fits a filter, those that were unmarked.
        """
        if self.filtered is not None:
            return list(self.filtered.exceptions)
        return [item for item in self.batch if item not in self.rows] if self.rows else []

    def kept(self) -> Marks:
        """Return the marks as they are now, for an undo."""
        return Marks(dict(self.rows), dict(self.batch), self.filtered)

    def renew(self, items: Iterable[str], seq: int) -> None:
        """Take note of an own act on some items."""
        named = set(items)
        for marked_rows in (self.rows, self.batch):
            marked_rows.update({item: renewed(row, seq) for item, row in marked_rows.items() if item in named})


def renewed(row: QueueRow, seq: int) -> QueueRow:
    """Return a row that knows of an own act."""
    return replace(row, seen=replace(row.seen, as_of=max(seq, row.seen.as_of)))

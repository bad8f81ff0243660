"""Where the rows of a question stand: how many there are, block by block, without sorting any of them."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from dataclasses import dataclass
from itertools import accumulate
from typing import TYPE_CHECKING, Any

from qc.store.frames import first_row
from qc.store.tables import OPEN_GROUPS, OPEN_ITEMS
from qc.triage.filter_sql import Condition, named_items
from qc.triage.queue_query import Question

if TYPE_CHECKING:
    from qc.store.connection import Connection

_MOST_BUCKETS = 1024  # what is kept of the places does not grow with the runs beyond this


@dataclass(frozen=True, slots=True)
class RowPositions:
    """Where the rows of a question stand: a block for some neighbouring runs within the same ranks.

    Blocks are found by counting alone: no row is sorted but those of a page that is looked at.
    """

    blocks: tuple[tuple[Any, ...], ...]
    """Both ranks and the bucket of runs of each block, in their order."""
    ends: tuple[int, ...]
    """Number of rows up to the end of each block."""
    shift: int = 0
    """How many binary digits of a run's id are left out of the number of its bucket."""

    @property
    def n_items(self) -> int:
        """Number of all rows."""
        return self.ends[-1] if self.ends else 0

    def blocks_of(self, first: int, n_rows: int) -> tuple[int, int, int]:
        """Find the blocks that hold some rows.

        Parameters
        ----------
        first : int
            First row, from 0.
        n_rows : int
            Number of rows, 1 or more.

        Returns
        -------
        tuple of int
            First block, block after the last, and the place of the first row in the first block.
        """
        start = bisect_right(self.ends, first)
        end = min(len(self.ends), bisect_left(self.ends, first + n_rows) + 1)
        return start, end, first - (self.ends[start - 1] if start else 0)

    def buckets(self, start: int, end: int) -> list[int]:
        """Return the buckets of runs of some blocks.

        Parameters
        ----------
        start : int
            First block.

        Returns
        -------
        list of int
            In rising order.
        """
        return sorted({block[2] for block in self.blocks[start:end]})


def row_positions(con: Connection, question: Question) -> RowPositions:
    """Count the items that answer a question, block by block."""
    shift = _shift(con)
    if question.of_groups is None:
        counted, values = _counted(OPEN_ITEMS, "1", question, question.condition, shift)
    else:
        counted, values = _counted(OPEN_GROUPS, "h.n_items", question, question.of_groups, shift)
        if question.excepted_items:
            named = named_items(question.excepted_items)
            both = Condition(f"({question.of_groups.sql}) AND {named.sql}", (*question.of_groups.values, *named.values))
            less, more = _counted(OPEN_ITEMS, "-1", question, both, shift)
            counted, values = f"{counted} UNION ALL {less}", [*values, *more]
    sql = f"SELECT k1, k2, k3, sum(n) FROM ({counted}) GROUP BY 1, 2, 3 HAVING sum(n) > 0 ORDER BY 1, 2, 3"  # noqa: S608
    rows = con.execute(sql, values).fetchall()
    return RowPositions(tuple(row[:3] for row in rows), tuple(accumulate(int(row[3]) for row in rows)), shift)


def _counted(table: str, number: str, question: Question, where: Condition, shift: int) -> tuple[str, list[object]]:
    # Our own columns and orders; everything typed is a parameter.
    first, second = question.ranks
    columns = f"{first} AS k1, {second} AS k2, h.run_id >> {int(shift)} AS k3, {number} AS n"
    looked_at = f"{where.sql} {first} {second}"
    return f"SELECT {columns} {joined(table, looked_at)} WHERE {where.sql}", list(where.values)


def joined(table: str, text: str) -> str:
    """Return the tables of a query, with the joins that something looks at.

    Parameters
    ----------
    table : str
        ``open_items`` or ``open_groups``.

    Returns
    -------
    str
        SQL; two joins of a million rows are left out where nothing needs them.
    """
    runs = " JOIN runs r USING (run_id)" if any(f"r.{column}" in text for column in ("matrix", "instrument")) else ""
    return f"FROM {table} h{runs}" + (" JOIN assessments a USING (assessment_id)" if "a.assessed_at" in text else "")


def _shift(con: Connection) -> int:
    newest = first_row(con, "SELECT coalesce(max(run_id), 0) FROM run_states")
    return max(0, (int(newest[0]) // _MOST_BUCKETS).bit_length()) if newest else 0

"""Exact test of independence in a table of counts (Fisher, Freeman and Halton)."""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from checks.arithmetic.smallest_p import above_zero

MOST_STATES = 10_000
"""States of the exact count beyond which tables are drawn instead; about 70 ms of work."""
N_DRAWS = 20_000
"""Most tables that are drawn then; the smallest p is 1 / 20001."""
BATCH = 1_000
"""Tables that are drawn before it is asked whether more are needed."""
SURE_SD = 6.0
"""Standard deviations by which the count of likelier tables must lie above what alpha lets expect, to stop early."""
SEED = 19510301
"""Seed of the draws, so that the same table always gets the same p."""
SLACK = 1e-7
"""Relative slack by which a table counts as no likelier than the observed one, as in R's fisher.test."""


@dataclass(frozen=True, slots=True)
class TableTest:
    """How surprising a table is, its margins given."""

    p: float
    """Probability of a table that is no likelier than the observed one; above 0."""
    is_exact: bool
    """False where tables were drawn."""


def exact_table_test(table: Sequence[Sequence[int]], *, alpha: float = 1.0) -> TableTest | None:
    """Test whether rows and columns of a table of counts are independent.

    Parameters
    ----------
    table : sequence of sequence of int, shape (n_rows, n_columns)
        Counts, 0 or more.
    alpha : float
        Level that the caller compares p with, above 0 and at most 1. Drawing stops once p is surely above it; p is
        then as exact as the tables drawn by then make it. 1 means: always draw all.

    Returns
    -------
    TableTest or None
        None for fewer than two rows or two columns with a count: there is nothing to test.

    Notes
    -----
    The probability of a table with given margins is proportional to the reciprocal of the product of its factorials.
    All tables are counted row by row, states with the same remaining column sums and the same probability together, and
    summed on a log scale against the likeliest, so that counts of thousands neither overflow nor vanish.
    Where that would take too long, tables with these margins are drawn, seeded and in batches, and p is
    ``(1 + k) / (1 + n)``.

    References
    ----------
    .. [1] Freeman GH, Halton JH. Note on an exact treatment of contingency, goodness of fit and other problems of
       significance. Biometrika. 1951;38:141-9.

    Examples
    --------
    >>> round(exact_table_test([[3, 1], [1, 3]]).p, 6)
    0.485714
    """
    rows_with_counts = [list(row) for row in table if sum(row)]
    columns = [column for column in zip(*rows_with_counts, strict=True) if sum(column)]
    if len(rows_with_counts) < 2 or len(columns) < 2:
        return None
    # One order for every way to write the same table: the draws depend on it, and p must not.
    columns.sort(key=sum)
    rows = sorted((list(row) for row in zip(*columns, strict=True)), key=sum)
    observed = -math.fsum(math.lgamma(count + 1) for row in rows for count in row)
    limit = observed + SLACK
    counted = _counted([sum(row) for row in rows], [sum(column) for column in columns])
    if counted is None:
        return TableTest(_drawn(rows, limit, alpha), is_exact=False)
    return TableTest(_share(counted, limit), is_exact=True)


def _share(counted: Sequence[tuple[float, int]], limit: float) -> float:
    # Against the likeliest table, so that no sum vanishes or overflows, whatever the counts.
    own = [(log, n) for log, n in counted if log <= limit]
    total, part = _log_of_sum(counted), _log_of_sum(own)
    return above_zero(min(1.0, math.exp(part - total)))


def _log_of_sum(counted: Sequence[tuple[float, int]]) -> float:
    top = max(log for log, _ in counted)
    return top + math.log(math.fsum(n * math.exp(log - top) for log, n in counted))


def _counted(row_sums: Sequence[int], column_sums: Sequence[int]) -> list[tuple[float, int]] | None:
    """Return each log probability (without its constant) and how many tables have it, or None if there are too many."""
    if _fewest_states(row_sums, column_sums) > MOST_STATES:
        return None
    states: dict[tuple[int, ...], dict[float, int]] = {tuple(column_sums): {0.0: 1}}
    for row_sum in row_sums[:-1]:
        following: dict[tuple[int, ...], dict[float, int]] = {}
        n_kept = 0
        for left, logs in states.items():
            for row in _rows(row_sum, left):
                own = -math.fsum(math.lgamma(count + 1) for count in row)
                target = following.setdefault(tuple(a - b for a, b in zip(left, row, strict=True)), {})
                for log, n_tables in logs.items():
                    key = round(log + own, 9)
                    n_kept += key not in target
                    target[key] = target.get(key, 0) + n_tables
                if n_kept > MOST_STATES:
                    return None
        states = following
    last = [(-math.fsum(math.lgamma(count + 1) for count in left), logs) for left, logs in states.items()]
    return [(log + own, n_tables) for own, logs in last for log, n_tables in logs.items()]


def _fewest_states(row_sums: Sequence[int], column_sums: Sequence[int]) -> float:
    """Return the most column sums that can be left after any row: each is a state, so that the sum has no fewer."""
    import numpy as np

    ways = np.ones(1)
    for most in column_sums:
        # Ways to take so many from one column more: every count from 0 to its sum, once.
        grown = np.cumsum(np.concatenate([ways, np.zeros(most)]))
        grown[most + 1 :] -= grown[: -most - 1].copy()
        ways = grown
    taken = np.cumsum(np.asarray(row_sums))[:-1]
    # As many ways to take as to leave; the lower half is exact, the upper one a difference of large numbers.
    return float(ways[np.minimum(taken, sum(row_sums) - taken)].max())


def _rows(total: int, most: Sequence[int]) -> Iterator[tuple[int, ...]]:
    if len(most) == 1:
        if total <= most[0]:
            yield (total,)
        return
    for first in range(max(0, total - sum(most[1:])), min(total, most[0]) + 1):
        for rest in _rows(total - first, most[1:]):
            yield (first, *rest)


def _drawn(rows: Sequence[Sequence[int]], limit: float, alpha: float) -> float:
    import numpy as np
    from scipy.special import gammaln
    from scipy.stats import random_table

    counts = np.asarray(rows)
    margins = random_table(counts.sum(axis=1), counts.sum(axis=0), seed=SEED)
    n_unlikely = n_drawn = 0
    while n_drawn < N_DRAWS:
        logs = -gammaln(margins.rvs(BATCH) + 1.0).sum(axis=(1, 2))
        n_unlikely, n_drawn = n_unlikely + int(np.sum(logs <= limit)), n_drawn + BATCH
        expected = alpha * n_drawn
        if n_unlikely > expected + SURE_SD * math.sqrt(expected):
            break
    return (1 + n_unlikely) / (1 + n_drawn)

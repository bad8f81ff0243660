"""What a reference that subtracts in binary would say, had it taken its numbers as the decimals that they are."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from fractions import Fraction


def as_written(value: float) -> Fraction:
    return Fraction(repr(value))


def signed_rank_p(before: Sequence[float], after: Sequence[float]) -> float:
    """Give the two-sided p of the signed rank by counting all sign patterns over mid-ranks, in fractions."""
    moves = [as_written(b) - as_written(a) for a, b in zip(before, after, strict=True) if a != b]
    sizes = sorted(abs(move) for move in moves)
    doubled = [2 * sizes.index(abs(move)) + sizes.count(abs(move)) + 1 for move in moves]
    patterns = Counter({0: 1})
    for rank in doubled:
        patterns += Counter({total + rank: count for total, count in patterns.items()})
    observed = sum(rank for move, rank in zip(moves, doubled, strict=True) if move > 0)
    low = sum(count for total, count in patterns.items() if total <= observed)
    high = sum(count for total, count in patterns.items() if total >= observed)
    return float(min(Fraction(1), Fraction(2 * min(low, high), 2 ** len(moves))))


def has_ranges_that_tie_in_decimals_alone(rows: Sequence[Sequence[float | None]]) -> bool:
    complete = [[value for value in row if value is not None] for row in rows if None not in row]
    in_binary = {max(row) - min(row) for row in complete}
    in_decimals = {as_written(max(row)) - as_written(min(row)) for row in complete}
    return len(in_decimals) < len(in_binary)

"""How many pairs would have to be left out for a conclusion to turn."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from itertools import combinations
from math import comb

import numpy as np
import numpy.typing as npt

from checks.arithmetic.pairs.signed_rank import average_ranks
from schemas.json_model import JsonModel

Floats = npt.NDArray[np.float64]
Flags = npt.NDArray[np.bool_]
Holds = Callable[[Flags], bool | None]
MOST_SUBSETS = 1500  # sets of pairs that are tried one by one; no unit
MANY_PAIRS = 60  # beyond it the count is searched by halving, and said to be an upper bound


@dataclass(frozen=True, slots=True)
class Tipping(JsonModel):
    """Fewest pairs whose exclusion turns the conclusion."""

    json_keys = "n_pairs is_exact of words"

    n_pairs: int | None
    """How many; None where no exclusion does."""
    is_exact: bool
    """True where fewer were shown not to do it; else it is an upper bound."""
    of: int
    """Pairs that there are."""

    @property
    def words(self) -> str:
        """Return the count in words."""
        if self.n_pairs is None:
            return "none found"
        return f"{'' if self.is_exact else 'at most '}{self.n_pairs} of {self.of}"


def tipping(differences: Floats, holds: Holds, *, is_held: bool, is_ranked: bool) -> Tipping:
    """Find the fewest pairs whose exclusion turns the conclusion.

    Parameters
    ----------
    differences : ndarray of float, shape (n_pairs,)
        Differences as tested.
    holds : callable
        Takes which pairs are left, and says whether the conclusion holds; None where they cannot be tested.
    is_held : bool
        Whether it holds with all pairs.
    is_ranked : bool
        Whether the test is a signed rank: then the order below needs no proof by trial without ties and zeros.

    Returns
    -------
    Tipping
        Greedy count, proved by trying all smaller sets where there are few enough of them.

    Notes
    -----
    To break a finding the largest differences in its direction go first, to make one the largest against it. Without
    ties and zeros this is the best order for a signed rank: what lies below a removed pair keeps its rank.
    """
    n = int(differences.size)
    order = _order(differences, is_held)
    if n > MANY_PAIRS:
        return Tipping(_halving(order, n, differences, holds, is_held), False, n)
    greedy = _greedy(order, n, holds, is_held)
    if greedy is None:
        return Tipping(None, False, n)
    if is_ranked and _is_plain(differences):
        return Tipping(greedy, True, n)
    for size in range(1, greedy):
        if sum(comb(n, k) for k in range(1, size + 1)) > MOST_SUBSETS:
            return Tipping(greedy, False, n)
        if any(holds(_without(n, out)) is (not is_held) for out in combinations(range(n), size)):
            return Tipping(size, True, n)
    return Tipping(greedy, True, n)


def _order(differences: Floats, is_held: bool) -> list[int]:
    rising = float(np.sign(differences).sum()) or float(differences.sum())
    direction = 1.0 if rising >= 0 else -1.0
    wanted = differences * direction if is_held else -differences * direction
    order = np.argsort(-wanted, kind="stable")
    return [int(place) for place in order[: int((wanted > 0).sum())]]


def weightiest(differences: Floats, *, is_held: bool) -> int | None:
    """Return the place of the pair that the conclusion leans on most.

    Parameters
    ----------
    differences : ndarray of float, shape (n_pairs,)
        Differences as tested.
    is_held : bool
        Whether the conclusion is a finding.

    Returns
    -------
    int or None
        Place of the largest difference for a finding, or of the largest against it; None where there is none.
    """
    return next(iter(_order(differences, is_held)), None)


def _crossings(differences: Floats, order: list[int]) -> list[int]:
    # With all that rises left out, what falls is a finding of its own: in between lies where neither outweighs the
    # other, by rank, by size and by number.
    sizes = np.abs(differences)
    found = []
    for weights in (average_ranks(sizes), sizes, np.ones(differences.size)):
        excess = abs(float((weights * np.sign(differences)).sum()))
        reached = np.cumsum(weights[order]) >= excess
        found.append(int(np.argmax(reached)) + 1 if reached.any() else len(order))
    return found


def _greedy(order: list[int], n: int, holds: Holds, is_held: bool) -> int | None:
    for size in range(1, len(order) + 1):
        still_holds = holds(_without(n, order[:size]))
        if still_holds is None:
            return None
        if still_holds is not is_held:
            return size
    return None


def _halving(order: list[int], n: int, differences: Floats, holds: Holds, is_held: bool) -> int | None:
    tried = _crossings(differences, order) if is_held else [len(order)]
    turned = [size for size in tried if size and holds(_without(n, order[:size])) is (not is_held)]
    if not turned:
        return None
    low, high = 0, min(turned)  # removing more in this order can only go on turning it, up to here
    while high - low > 1:
        middle = (low + high) // 2
        if holds(_without(n, order[:middle])) is (not is_held):
            high = middle
        else:
            low = middle
    return high


def _without(n: int, out: Sequence[int]) -> Flags:
    is_kept = np.ones(n, dtype=np.bool_)
    is_kept[list(out)] = False
    return is_kept


def _is_plain(differences: Floats) -> bool:
    sizes = np.abs(differences)
    return bool(np.all(sizes > 0) and np.unique(sizes).size == sizes.size)

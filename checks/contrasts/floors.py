"""Limits that nobody declared, among the pairs of a contrast: heaps at one lowest or highest number."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from checks.arithmetic.censoring.censored_pairs import CensoredValues, recensor
from checks.arithmetic.counts.heaps import SHIPPED, Heap, heap_at_end
from checks.arithmetic.pairs.pair_differences import pair_differences
from checks.arithmetic.pairs.signed_rank import SignedRank, signed_rank
from checks.arithmetic.refusal import Refusal

Floats = npt.NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Floor:
    """One limit among the pairs that is not marked."""

    sentence: str
    """What was found, and what the pairs say with the limit put right."""
    fraction: float
    """Largest share of a visit's values that lie at it, 0 to 1."""
    is_in_one_visit: bool
    """True where the other visit goes beyond it: the limit alone makes a change."""


def undeclared_floors(
    before: CensoredValues, after: CensoredValues, names: tuple[str, str], *, decimals: int | None = None
) -> list[Floor]:
    """Find limits that are not marked, a floor and a ceiling at most.

    Parameters
    ----------
    before : CensoredValues
        First values, shape (n_pairs,), as reported.
    after : CensoredValues
        Second values, in the same unit and order.
    names : tuple of str and str
        What the visits are called: ``visit 0``.
    decimals : int, optional
        Decimals that differences are rounded to.

    Returns
    -------
    list of Floor
        Empty where the values end as values do. What is censored is declared, and is left out.
    """
    found = (_floor(before, after, names, decimals, is_low=is_low) for is_low in (True, False))
    return [floor for floor in found if floor is not None]


def _floor(
    before: CensoredValues, after: CensoredValues, names: tuple[str, str], decimals: int | None, *, is_low: bool
) -> Floor | None:
    visits = [visit.number[~visit.is_censored] for visit in (before, after)]
    heaps = [heap_at_end(visit, is_low=is_low) for visit in visits]
    alone = [place for place in (0, 1) if _goes_beyond(visits[1 - place], heaps[place])]
    heap = heaps[alone[0]] if alone else heap_at_end(np.concatenate(visits), is_low=is_low)
    if heap is None:
        return None
    shares = [float((visit == heap.value).mean()) if visit.size else 0.0 for visit in visits]
    words = _words_alone(heap, visits, names, alone[0]) if alone else _words(heap, visits, names)
    again = _recensored(before, after, heap, decimals)
    return Floor(f"{words} {again}", max(shares), bool(alone))


def _goes_beyond(others: Floats, heap: Heap | None) -> bool:
    # As in the rule range.heap: a few values beyond are those of another plate.
    if heap is None or not others.size:
        return False
    n_beyond = int((others < heap.value).sum() if heap.is_low else (others > heap.value).sum())
    return n_beyond > SHIPPED.beyond_fraction * others.size


def _words(heap: Heap, visits: list[Floats], names: tuple[str, str]) -> str:
    counts = [f"{int((v == heap.value).sum())} of {v.size} values of {n}" for v, n in zip(visits, names, strict=True)]
    end, sign = ("lowest", "<") if heap.is_low else ("highest", ">")
    return (
        f"{' and '.join(counts)} are {heap.value:g}, the {end}: a limit that is not marked? "
        f"Give them as '{sign}{heap.value:g}'."
    )


def _words_alone(heap: Heap, visits: list[Floats], names: tuple[str, str], place: int) -> str:
    other = visits[1 - place]
    end, way, reach = ("lowest", "down", other.min()) if heap.is_low else ("highest", "up", other.max())
    return (
        f"{heap.n_equal} of {heap.n_values} values of {names[place]} are {heap.value:g}, the {end} there; "
        f"{names[1 - place]} reaches {way} to {reach:g} and has {int((other == heap.value).sum())} of {heap.value:g}: "
        "two limits that are not marked, and they alone make a change."
    )


def _recensored(before: CensoredValues, after: CensoredValues, heap: Heap, decimals: int | None) -> str:
    values = recensor(*(_at(visit, heap) for visit in (before, after)))
    if isinstance(values, Refusal):
        return values.sentence
    differences = pair_differences(values.before, values.after, decimals=decimals)
    n_up, n_down = int((differences > 0).sum()), int((differences < 0).sum())
    tested = signed_rank(differences)
    p = f"signed rank p = {tested.p_two:.2g}" if isinstance(tested, SignedRank) else "nothing can be ranked"
    return (
        f"With both visits re-censored at {heap.value:g}, {n_up + n_down} of {differences.size} pairs move, "
        f"{n_up} up and {n_down} down, {p}."
    )


def _at(visit: CensoredValues, heap: Heap) -> CensoredValues:
    beyond = visit.number <= heap.value if heap.is_low else visit.number >= heap.value
    is_new = ~visit.is_censored & beyond
    number = np.where(is_new, heap.value, visit.number)
    is_below, is_above = visit.is_below | (is_new & heap.is_low), visit.is_above | (is_new & (not heap.is_low))
    return CensoredValues(number, np.asarray(is_below, dtype=np.bool_), np.asarray(is_above, dtype=np.bool_))

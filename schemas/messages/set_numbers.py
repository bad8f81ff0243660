"""Numbers that records carry below what holds them: one that is missing or begins anew tells that a record is missing.

HL7 counts segments (Set ID), ASTM records (sequence number), each below the one above it: results below their order.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise

from schemas.errors import Fault


@dataclass(frozen=True, slots=True)
class Numbered:
    """One record of a kind with its number."""

    where: str
    """Place of the record, for a fault."""
    parent: object
    """What holds it: records of one parent are counted together."""
    number: str
    """Number as written; empty for none."""


def number_faults(numbered: Sequence[Numbered], *, may_stand_still: bool) -> Iterator[Fault]:
    """Name every record whose number does not follow that of the one before it.

    Parameters
    ----------
    numbered : sequence of Numbered
        Records of one kind, in order of the file.
    may_stand_still : bool
        Whether a sender that writes the same number everywhere is believed where only one parent has several.

    Yields
    ------
    Fault
        One for each. The first of a parent has number 1, or goes on where the last parent has ended, and a sender does
        one of the two throughout. Records without any number, and those of a sender that gives all the same, are not
        counted.
    """
    if not any(one.number for one in numbered) or _stands_still(numbered, at_least=1 if may_stand_still else 2):
        return
    yield from _both_ways(numbered)
    last, parent = 0, object()
    for one in numbered:
        expected = {last + 1, 1} if one.parent != parent else {last + 1}
        if not one.number.isdecimal():
            yield Fault(one.where, f"Its number is '{one.number}'; expected {last + 1}: its fields are shifted.")
        elif int(one.number) not in expected:
            sentence = f"It has number {one.number}; expected {last + 1}: a record is missing, or stands elsewhere."
            yield Fault(one.where, sentence)
        last, parent = int(one.number) if one.number.isdecimal() else last + 1, one.parent


def _both_ways(numbered: Sequence[Numbered]) -> Iterator[Fault]:
    """Name the first records of parents that go on, or begin anew, while most of the others do the other of the two."""
    pairs = [(one, before) for before, one in pairwise(numbered) if one.parent != before.parent]
    anew = [one for one, _ in pairs if one.number == "1"]
    goes_on = [one for one, before in pairs if before.number.isdecimal() and one.number == str(int(before.number) + 1)]
    if not anew or not goes_on:
        return
    for one in min(goes_on, anew, key=len):
        yield Fault(one.where, f"It has number {one.number}, as no other first one of its kind: it stands elsewhere.")


def _stands_still(numbered: Sequence[Numbered], *, at_least: int) -> bool:
    if len({one.number for one in numbered}) != 1:
        return False
    parents = [one.parent for one in numbered]
    return sum(parents.count(parent) > 1 for parent in dict.fromkeys(parents)) >= at_least

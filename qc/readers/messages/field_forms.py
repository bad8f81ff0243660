"""Fields of neighbouring segments or records that each have the form of the other's, and orders that changed places."""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Sequence
from itertools import pairwise
from typing import TYPE_CHECKING

from qc.readers.text.running_names import exchanged_pair

if TYPE_CHECKING:
    from qc.readers.account import Account
    from schemas.text_tables.sheet import Sheet

_LEAST_ALIKE = 3
"""Other fields of one form that make it the usual one."""
Form = tuple[bool, ...]


def flag_swapped_values(account: Account, sheet: Sheet, name: str, test: int, value: int) -> None:
    """Flag two results, one below the other, whose values each have the form that tests like the other's have.

    Parameters
    ----------
    account : Account
        Account of the file.
    sheet : Sheet
        Its segments or records.
    name : str
        Name of a result: ``OBX`` or ``R``.
    test, value : int
        Places of the test and of the value in the row.

    Notes
    -----
    A form says which components of a field are filled: analysers give a number and a word in different components, and
    a curve's end point never where the verdict on it stands.
    """
    rows = [row for row in sheet.rows if row.cell(0).strip() == name]
    by_test: dict[Form, Counter[Form]] = defaultdict(Counter)
    for row in rows:
        if row.cell(value).strip("^ "):
            by_test[_form(row.cell(test))][_form(row.cell(value))] += 1
    usual = {form: _usual(values) for form, values in by_test.items()}
    for one, other in pairwise(rows):
        own, next_ = (usual.get(_form(row.cell(test))) for row in (one, other))
        if None in (own, next_) or own == next_:
            continue
        # An empty value has no form; the other one tells enough.
        told = [(_form(row.cell(value)), swapped) for row, swapped in ((one, next_), (other, own))
                if row.cell(value).strip("^ ")]  # fmt: skip
        if told and all(form == swapped for form, swapped in told):
            word = "its value has the form that the test below has: are tests or values of the two swapped"
            account.flag(sheet, one, value, word=word)


def flag_moved_orders(account: Account, sheet: Sheet, name: str, places: Sequence[int]) -> None:
    """Flag the order whose sample breaks a row of samples that count up, where two of them changed places.

    Parameters
    ----------
    account : Account
        Account of the file.
    sheet : Sheet
        Its segments or records.
    name : str
        Name of an order or a sample: ``O``, ``OBR``, ``SPM``.
    places : sequence of int
        Places in which its sample may stand; the first that all of them fill is taken.
    """
    rows = [row for row in sheet.rows if row.cell(0).strip() == name]
    place = next((place for place in places if rows and all(row.cell(place).strip() for row in rows)), None)
    pair = exchanged_pair([row.cell(place) for row in rows]) if place is not None else None
    if pair and place is not None:
        one, other = (rows[at] for at in pair)
        where = sheet.where(other)
        word = f"its sample and that of {where} stand in each other's place in a row that counts up: are they swapped"
        account.flag(sheet, one, place, word=word)


def _form(field: str) -> Form:
    return tuple(bool(part.strip()) for part in re.split(r"[\^]", field))


def _usual(forms: Counter[Form]) -> Form | None:
    (usual, n), *_ = forms.most_common(1)
    return usual if n >= max(_LEAST_ALIKE, forms.total() - 1) else None

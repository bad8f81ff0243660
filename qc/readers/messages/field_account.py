"""The account of a message: every field of every segment or record is used, flagged, or left aside by its name."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any  # Any: a row of the table ``reported``

if TYPE_CHECKING:
    from qc.readers.account import Account
    from schemas.text_tables.sheet import Row, Sheet

_LEAST_ALIKE = 2
"""Results of a test that must share a unit before another one is told."""
_HEADERS = frozenset({"MSH", "BHS", "FHS"})  # their first field is the mark between fields


@dataclass(frozen=True, slots=True)
class Fields:
    """What a standard says of its fields, by segment or record."""

    word: str
    """``segment`` or ``record``."""
    mark: str
    """What stands between the name of a segment and the number of a field."""
    used: Mapping[str, frozenset[int]]
    """Numbers of the fields that become part of a result, or show that the message is whole."""
    patient: frozenset[str]
    """Segments that speak of the patient: nothing of them is stored."""
    persons: frozenset[tuple[str, int]]
    """Fields that name another person."""
    names: Mapping[str, Mapping[int, str]]
    """What the others are called."""


def say_fields(account: Account, sheet: Sheet, fields: Fields, documents: Iterable[int]) -> None:
    """Say of every field of a message what became of it.

    Parameters
    ----------
    account : Account
        Account of the file.
    sheet : Sheet
        Its segments or records.
    fields : Fields
        What the standard says of them.
    documents : iterable of int
        Lines that hold a document and no result.
    """
    without = frozenset(documents)
    for row in sheet.rows:
        name = row.cell(0).strip()[:3]
        if row.line in without:
            account.leave(sheet, row, reason="a document, which holds no result")
        elif name not in fields.used and name not in fields.patient:
            account.leave(sheet, row, reason=f"{fields.word} {name}, which says nothing of a result")
        else:
            _say_row(account, sheet, row, name, fields)


def _say_row(account: Account, sheet: Sheet, row: Row, name: str, fields: Fields) -> None:
    first = _first_number(name, fields)
    numbers = range(first, first + len(row.cells))
    used = [number - first for number in numbers if number in fields.used.get(name, frozenset())]
    account.use(sheet, row, *(used or [0]))
    for number in numbers:
        if number - first not in (used or [0]) and row.cell(number - first).strip():
            account.leave(sheet, row, number - first, reason=_reason(name, number, fields))


def _first_number(name: str, fields: Fields) -> int:
    return 1 if name in _HEADERS or fields.word == "record" else 0


def _reason(name: str, number: int, fields: Fields) -> str:
    called = fields.names.get(name, {}).get(number, "field")
    is_personal = name in fields.patient or (name, number) in fields.persons
    return f"{name}{fields.mark}{number} {called}" + (": never stored" if is_personal else "")


def flag_results(account: Account, sheet: Sheet, rows: Sequence[Mapping[str, Any]], *columns: int) -> None:
    """Flag the fields of each result that carries marks.

    Parameters
    ----------
    account : Account
        Account of the file.
    sheet : Sheet
        Its segments or records.
    rows : sequence of mapping
        Rows of ``reported``: ``line``, ``flag``, ``analyte`` and ``unit``. A unit unlike all others of its test is
        flagged too.
    *columns : int
        Fields of flags and status, by their place in the row.
    """
    units: dict[str, Counter[str]] = {}
    for row in rows:
        units.setdefault(row["analyte"], Counter())[row["unit"]] += 1
    for row in rows:
        own = units[row["analyte"]]
        (usual, n), *_ = own.most_common(1)
        if row["flag"]:
            account.flag(sheet, int(row["line"]), *columns, word=str(row["flag"]))
        if row["unit"] != usual and n >= _LEAST_ALIKE and own[row["unit"]] == 1:
            words = f"its unit is '{row['unit']}'; every other result of the test in this file has '{usual}'"
            account.flag(sheet, int(row["line"]), columns[0], word=words)


def flag_empty_orders(account: Account, sheet: Sheet, order: str, result: str) -> None:
    """Flag each order below which no result stands.

    Parameters
    ----------
    account : Account
        Account of the file.
    sheet : Sheet
        Its segments or records.
    order, result : str
        Names of their segments or records: ``OBR`` and ``OBX``, ``O`` and ``R``.
    """
    open_order: Row | None = None
    for row in sheet.rows:
        name = row.cell(0).strip()[:3]
        if name == order and open_order:
            account.flag(sheet, open_order, 0, word="ordered, and no result stands below it")
        open_order = row if name == order else None if name == result else open_order
    if open_order:
        account.flag(sheet, open_order, 0, word="ordered, and no result stands below it")

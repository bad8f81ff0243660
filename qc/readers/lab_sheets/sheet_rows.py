"""Rows of the sheets that say what holds: samples, subjects, controls and the like, as their models declare."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from functools import cache
from typing import TYPE_CHECKING, Any

from schemas.blinded_labels import LABELS
from schemas.errors import Fault
from schemas.headers.cells import Cells
from schemas.lab_words import word_in
from schemas.tables.sheets import SHEETS
from schemas.text_tables.sheet import Row

if TYPE_CHECKING:
    from schemas.tables.column import SheetColumn

_ESTABLISHED = frozenset({"target", "sd"})
_UNBOUNDED = 2**53  # whole numbers beyond it are not exact in a workbook


def sheet_rows(kind: str, cells: Cells, rows: Sequence[Row]) -> list[dict[str, Any]]:
    """Read the rows of a sheet.

    Parameters
    ----------
    kind : str
        Key of ``schemas.tables.sheets.SHEETS``, a sheet that is versioned.
    cells : Cells
        Typed access to the table; faults are added to it.

    Returns
    -------
    list of dict
        Rows with the columns of the sheet's table; a number, time or answer that is not given is null.
    """
    sheet = SHEETS[kind]
    columns = sheet.columns
    _refuse_lacking(cells, columns)
    contradictions = _CONTRADICTIONS.get(kind)
    read = []
    for row in rows:
        values = {one.name: _cell(cells, row, one) for one in columns}
        if contradictions:
            contradictions(cells, row, values)
        read.append(values | {"line": row.line})
    _refuse_twice(cells, rows, read, sheet.key)
    return read


@cache
def number_titles(kind: str) -> tuple[str, ...]:
    """Return the columns of a sheet by whose cells its decimal mark is told.

    Parameters
    ----------
    kind : str
        Key of ``schemas.tables.sheets.SHEETS``.

    Returns
    -------
    tuple of str
        Titles of its numbers, with the values of a results table.
    """
    columns = SHEETS[kind].columns
    return tuple(one.title for one in columns if one.kind in ("number", "whole") or one.title == "value")


def _cell(cells: Cells, row: Row, one: SheetColumn) -> object:
    text = cells.text(row, one.title)
    if one.presence == "cell" and not text:
        if one.title in cells.columns:  # a title that lacks is told once
            cells.refuse_empty(row, one.title, f"The cell is empty; {one.lacking}.")
    elif one.words is not None:
        return _meant(cells, row, one, text)
    elif one.kind == "number":
        return cells.number(row, one.title, least=one.least)
    elif one.kind == "whole":
        least = -_UNBOUNDED if one.least is None else int(one.least)
        return cells.integer(row, one.title, least=least, most=_UNBOUNDED if one.most is None else int(one.most))
    elif one.kind == "time":
        return cells.time(row, one.title)
    elif one.kind == "text":
        return text.casefold() if one.is_lower_case else text
    return "" if one.kind == "text" else None


def _meant(cells: Cells, row: Row, one: SheetColumn, text: str) -> str | bool | None:
    words = one.words or {}
    meant = word_in(cells.words.words, text)
    word = "_".join(meant.casefold().replace("-", " ").replace("_", " ").split())
    if word in words:
        return words[word]
    stored = dict.fromkeys(words.values())
    names = "yes or no" if one.kind == "yes_no" else ", ".join(str(value) for value in stored if value != "")
    or_none = " or an empty cell" * ("" in stored)
    cells.refuse(
        row,
        one.title,
        f"'{text}' is not known; expected {names}{or_none}; a word of your own stands in words.toml, [words].",
    )
    return "" if one.kind == "text" else None


def _of_a_lot(cells: Cells, row: Row, values: Mapping[str, Any]) -> None:
    source, lot = values["target_from"], values["lot"]
    if source in ("fixed", "manufacturer") and values["target"] is None:
        cells.refuse(row, "target", f"A target that is '{source}' needs a number.")
    if (source == "guide_set") != bool(values["guide_runs"]):
        cells.refuse(
            row, "guide_runs", "A 'guide_set' needs the runs that set its target, and no other target has any."
        )
    if values["follows"] and values["follows"] == lot:
        cells.refuse(row, "follows", f"Lot '{lot}' cannot follow itself.")


def _of_a_bridging(cells: Cells, row: Row, values: Mapping[str, Any]) -> None:
    if values["bridged_from"] and values["bridged_from"] == values["bridged_to"]:
        cells.refuse(row, "bridged_to", f"'{values['bridged_to']}' cannot be bridged to itself.")


_CONTRADICTIONS: Mapping[str, Callable[[Cells, Row, Mapping[str, Any]], None]] = {
    "controls": _of_a_lot,
    "bridgings": _of_a_bridging,
}


def _refuse_lacking(cells: Cells, columns: Sequence[SheetColumn]) -> None:
    # A lot whose target is being established has neither column: the sheet says so where the target comes from.
    is_needless = _ESTABLISHED if "target_from" in cells.columns and "target" not in cells.columns else frozenset()
    needed = [one.title for one in columns if one.presence in ("column", "cell") and one.title not in is_needless]
    _tell_lacking(cells, [title for title in needed if title not in cells.columns])


def refuse_unsaid(kind: str, cells: Cells, rows: Sequence[Mapping[str, Any]]) -> None:
    """Refuse a sheet without a column that every row needs, where no other header says it for them.

    Parameters
    ----------
    kind : str
        Key of ``schemas.tables.sheets.SHEETS``.
    cells : Cells
        Typed access to the table; faults are added to it.
    rows : sequence of mapping
        Rows as they were read, with what headers say of them.
    """
    said = [one for one in SHEETS[kind].columns if one.presence == "said" and one.title not in cells.columns]
    _tell_lacking(cells, [one.title for one in said if any(not row[one.name] for row in rows)])


def _tell_lacking(cells: Cells, lacking: Sequence[str]) -> None:
    if lacking:
        names = ", ".join(f"'{title}'" for title in lacking)
        found = ", ".join(f"'{cell.strip()}'" for cell in cells.header.cells if cell.strip())
        where = cells.sheet.where(cells.header)
        cells.faults.append(Fault(where, f"The header lacks {names}; columns found: {found}."))


def _refuse_twice(cells: Cells, rows: Sequence[Row], read: Sequence[dict[str, Any]], key: Sequence[str]) -> None:
    first: dict[tuple[str, ...], int] = {}
    for row, values in zip(rows, read, strict=True):
        name = tuple(str(values[column]) for column in key)
        if name in first and any(name):
            # The line says whose it is to whoever holds the file; a blinded person reads this too.
            shown = ", ".join(
                f"this {column}" if column in LABELS else f"{column} '{value}'"
                for column, value in zip(key, name, strict=True)
                if value
            )
            cells.refuse(row, key[1] if key[1] in ("sample", "subject") else key[0],
                         f"{shown} stands in row {first[name]} already; each may stand once.")  # fmt: skip
        first.setdefault(name, row.line)

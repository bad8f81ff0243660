"""Keys of a run sheet that mean nothing for the file that it belongs to: refused, since nobody would hear of them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import TYPE_CHECKING

from schemas.errors import Fault, ReaderError
from schemas.headers.column_names import bare
from schemas.headers.header_rows import MAX_TITLE_ROWS
from schemas.names import did_you_mean

if TYPE_CHECKING:
    from qc.readers.lab_sheets.run_sheet import RunSheet
    from qc.readers.text.source import Source

_OF_MESSAGES = "a message has no columns; what it calls a test stands in [analytes]"
_OF_PLATES = "a plate export has wells and no row for each sample; what it calls an analyte stands in [analytes]"
_OF_TABLES = "a table of results has no wells"


def refuse_inapplicable(sheet: RunSheet, source: Source, plate_map: Source | None, *, is_plate: bool) -> None:
    """Refuse a run sheet with a key that does not apply to its file.

    Raises
    ------
    ReaderError
        With every such key, and why it does not apply.
    """
    is_message = source.form == "message"
    faults = list(_of_form(sheet, is_message=is_message, is_plate=is_plate))
    if not is_message:
        titled = [plate_map] if is_plate and plate_map else [source]
        faults += _of_titles(sheet, titled, has_wide=not is_plate)
    if faults:
        raise ReaderError(f"The run sheet says what does not apply to '{source.path.name}'.", faults)


def _of_form(sheet: RunSheet, *, is_message: bool, is_plate: bool) -> Iterator[Fault]:
    why = _OF_MESSAGES if is_message else _OF_PLATES if is_plate else _OF_TABLES
    words = sheet.own_words
    tables: dict[str, Mapping[str, object]] = {}
    tables |= (
        {"columns": words.columns, "wide": words.wide, "words": words.words, "blanks": words.blanks}
        if is_message
        else {}
    )
    tables |= {"wide": words.wide} if is_plate else {}
    tables |= {} if is_plate else {"standards": sheet.standards, "controls": sheet.controls}
    for name, entries in tables.items():
        if entries:
            yield Fault(f"key '{name}'", f"[{name}] does not apply: {why}.")
    for name in () if is_plate else ("signal", "reference_signal"):
        if getattr(sheet, name):
            yield Fault(f"key 'plate.{name}'", f"'{name}' does not apply: {why}.")


def _of_titles(sheet: RunSheet, titled: Sequence[Source], *, has_wide: bool) -> Iterator[Fault]:
    keys = {"columns": sheet.own_words.columns, "wide": sheet.own_words.wide if has_wide else {}}
    if not any(keys.values()):
        return
    titles = {bare(cell): cell.strip() for one in titled for found in one.sheets
              for row in [row for row in found.rows if not row.is_blank][: MAX_TITLE_ROWS + 1]
              for cell in row.cells if cell.strip()}  # fmt: skip
    for table, entries in keys.items():
        for key in entries:
            if bare(key) not in titles:
                near = did_you_mean(key, titles.values())
                yield Fault(f"key '{table}.{key}'", f"No column of '{titled[0].path.name}' is called '{key}'.{near}")

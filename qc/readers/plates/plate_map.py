"""Plate maps: which calibrator, control, sample or blank sits in which well, as a list or as a grid of names."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING

from qc.readers.plates.grid_map import grid_wells, tell_open_end
from qc.readers.text.comments import comment_mark
from qc.readers.text.lost_digits import lost_digits
from qc.readers.text.remark_columns import is_remark, says_something
from schemas.errors import Fault, ReaderError
from schemas.file_remark import FileRemark, RemarkKind
from schemas.headers.cells import Cells
from schemas.headers.column_names import bare, header_faults, known_titles, positions, ragged_faults, titles_for
from schemas.headers.dilution_cell import dilution_cell
from schemas.lab_words import word_in
from schemas.names import nearest_word
from schemas.plates.map_well import TO_FILL_IN, MapWell, role_of_name
from schemas.plates.plate import row_index, row_letter, well_of
from schemas.text_tables.numerals import decimal_mark, number_of
from schemas.text_tables.sheet import Row, Sheet

if TYPE_CHECKING:
    from qc.readers.account import Account
    from qc.readers.text.source import Source
    from schemas.lab_words import LabWords

_ROLES = {
    "calibrator": "calibrator standard std cal calib s",
    "sample": "sample unknown unk smpl spl x",
    "control": "control qc ctrl con",
    "blank": "blank blk bck background bg b",
    "empty": "empty none unused",
}
ROLE_BY_WORD = {word: role for role, words in _ROLES.items() for word in words.split()}
"""Role by what a plate map may call it, in small letters."""
_MISSPELT = 0.8
"""Share of letters in common, in order, from which one title is another one misspelt."""
_COPIED = ("curve", "analyte", "material", "level", "lot")


def read_plate_map(source: Source, standards: Mapping[str, float], account: Account) -> tuple[MapWell, ...]:
    """Read a plate map.

    Parameters
    ----------
    source : Source
        List with a column ``well`` (or ``row`` and ``col``), or grid of names.
    standards : mapping of str to float
        Concentration by calibrator name, for a grid.
    account : Account
        What became of each cell, to be said.

    Returns
    -------
    tuple of MapWell
        Wells in order of the map; each well once a plate.

    Raises
    ------
    ReaderError
        With every fault of the map.

    Notes
    -----
    A calibrator of a list without a concentration takes its name for it, if that is a number. In a grid, names in
    ``standards`` are calibrators, names that begin with ``blank`` are blanks, with ``control``, ``ctrl`` or ``qc``
    controls; all others are samples.
    """
    name = source.path.name
    faults: list[Fault] = []
    lists = [found for sheet in source.sheets if (found := _find_list(sheet, source.words))]
    if len(lists) > 1:
        raise ReaderError(f"Plate map '{name}' holds {len(lists)} lists of wells; one is expected.")
    if lists:
        wells = _list_wells(*lists[0], faults, account, words=source.words)
    else:
        wells = grid_wells(source.sheets, standards, faults, account)
    if not wells and not faults:
        text = "Expected columns well (or row and col), role and name, or a grid of names with column numbers above."
        raise ReaderError(f"'{name}' is not a plate map.", [Fault("", text)])
    faults += _twice(wells)
    if faults:
        raise ReaderError(f"Plate map '{name}' has faults.", faults)
    return tuple(wells)


def _twice(wells: Sequence[MapWell]) -> list[Fault]:
    first: dict[tuple[str, str, str], int] = {}
    faults = []
    for well in wells:
        key = (well.plate, well.well, well.analyte)
        if key in first:
            text = f"Well {well.well} stands in line {first[key]} already; each well may stand once a plate."
            faults.append(Fault(f"line {well.line}", text))
        first.setdefault(key, well.line)
    return faults


def _find_list(sheet: Sheet, words: LabWords) -> tuple[Sheet, Row, Mapping[str, int]] | None:
    titles = titles_for("map", words)
    for row in [row for row in sheet.rows if not row.is_blank][:30]:
        columns = positions(row, titles)
        if ("well" in columns or {"row", "col"} <= set(columns)) and {"role", "name", "conc"} & set(columns):
            return sheet, row, columns
    return None


def _list_wells(
    sheet: Sheet, header: Row, columns: Mapping[str, int], faults: list[Fault], account: Account, *, words: LabWords
) -> list[MapWell]:
    rows = [row for row in sheet.rows if row.line > header.line and not row.is_blank]
    faults += [*sheet.faults, *header_faults(sheet, header), *ragged_faults(sheet, header, rows)]
    codes = [index for title, index in columns.items() if title in ("name", "material")]
    faults += [
        Fault(f"line {line}", f"{words[:1].upper()}{words[1:]}.") for line, _, words in lost_digits(sheet, rows, codes)
    ]
    tell_open_end(account, sheet, rows)
    notes = _note_columns(header, columns)
    read = {*columns.values(), *notes}
    account.use_table(sheet, header, rows, read, known=known_titles("map"), sort=columns.get("role", -1))
    _tell_unread(sheet, header, rows, columns, account)
    cells = Cells(sheet, header, columns, words=words, faults=faults)
    cells.mark = decimal_mark(cells.text(row, column) for row in rows for column in ("conc", "dilution"))
    unsaid = [row for row in rows if TO_FILL_IN in (cells.text(row, "role"), cells.text(row, "name"))]
    if unsaid:
        names = ", ".join(_well(cells, row) for row in unsaid[:6]) + (", ..." if len(unsaid) > 6 else "")
        text = (
            f"What {len(unsaid)} wells hold is still to be filled in ({names}): their role or name is '{TO_FILL_IN}'."
        )
        faults.append(Fault(f"lines {unsaid[0].line} to {unsaid[-1].line}", text))
    said = [row for row in rows if row not in unsaid] if unsaid else rows
    for row in said if "conc" in columns else ():
        number = cells.text(row, "conc").strip("0.,")
        if number and ROLE_BY_WORD.get(cells.text(row, "role").casefold(), "") in ("sample", "control"):
            account.flag(sheet, row, columns["conc"], word="the concentration of a sample or control is not used")
    said_of = {row.line: list(_notes(sheet, row, notes)) for row in rows}
    for row in rows:
        for place, text in said_of[row.line]:
            account.flag(sheet, row, place, word=text)
    wells = [(row, well) for row in said if (well := _list_well(cells, row)) is not None]
    return [replace(well, note="; ".join(text for _, text in said_of[row.line])) for row, well in wells]


def _notes(sheet: Sheet, row: Row, columns: Mapping[int, str]) -> Iterator[tuple[int, str]]:
    for place, title in columns.items():
        if says_something(row.cell(place)):
            yield place, comment_mark(row.cell(place), sheet.where(row), word=" ".join(title.split()).lower())


def _note_columns(header: Row, columns: Mapping[str, int]) -> dict[int, str]:
    """Return the columns in which a map remarks on its wells, by index, with their titles."""
    own = set(columns.values())
    return {at: title for at, title in enumerate(header.cells) if at not in own and is_remark(title)}


def _tell_unread(sheet: Sheet, header: Row, rows: Sequence[Row], columns: Mapping[str, int], account: Account) -> None:
    """Tell of filled columns that are spelt much like one that a map has, and of two for one thing that differ."""
    known = known_titles("map")
    lacking = {word: ours for word, ours in known.items() if ours not in columns}
    for at, title in enumerate(header.cells):
        filled = [row for row in rows if row.cell(at)] if at not in columns.values() else []
        near = nearest_word(bare(title), lacking, likeness=_MISSPELT) if filled else ""
        ours = columns.get(known.get(bare(title), ""))
        text = f"Column '{title.strip()}' of the plate map is not read"
        if near:
            said = f"{text}; is '{lacking[near]}' meant? Mend the header."
            account.remarks.append(FileRemark(RemarkKind.MAP, sheet.where(header), said))
        elif ours is not None and any(row.cell(at) != row.cell(ours) for row in filled):
            said = f"{text}: '{header.cell(ours).strip()}' is read in its place, and they differ. Delete one of them."
            account.remarks.append(FileRemark(RemarkKind.MAP, sheet.where(header), said))


def _list_well(cells: Cells, row: Row) -> MapWell | None:
    well = _well(cells, row)
    role = _role(cells, row)
    if not well or not role:
        return None
    name = cells.text(row, "name")
    conc = _conc(cells, row, name) if role == "calibrator" else None
    dilution = dilution_cell(cells.sheet, row, cells.columns.get("dilution"), cells.faults, mark=cells.mark)
    if role in ("sample", "control") and not name and not cells.text(row, "material"):
        cells.refuse(row, "name", f"Well {well} is a {role} without a name.")
    texts = {column: cells.text(row, column) for column in _COPIED}
    if role == "control":
        texts["material"] = texts["material"] or name
    return MapWell(well=well, line=row.line, role=role, name=name, plate=cells.text(row, "plate"),
                   conc=conc, dilution=dilution or 1.0, **texts)  # fmt: skip


def _well(cells: Cells, row: Row) -> str:
    if "well" in cells.columns:
        written = cells.text(row, "well")
        well = well_of(written)
    else:
        index, column = row_index(cells.text(row, "row")), cells.text(row, "col")
        written = f"row {cells.text(row, 'row') or '(empty)'}, column {column or '(empty)'}"
        well = well_of(f"{row_letter(index)}{column}") if index is not None else ""
    if not well:
        column_name = "well" if "well" in cells.columns else "row"
        cells.refuse(row, column_name, f"'{written}' is not a well; expected a form like A1.")
    return well


def _role(cells: Cells, row: Row) -> str:
    name = cells.text(row, "name")
    if "role" not in cells.columns:
        return "calibrator" if cells.text(row, "conc") else role_of_name(name)
    word = cells.text(row, "role").casefold()
    if not word and not name:
        return "empty"
    role = ROLE_BY_WORD.get(word_in(cells.words.words, word).casefold(), "")
    if not role:
        cells.refuse(row, "role", f"Role '{word}' is not known; expected standard, sample, control, blank or empty.")
    return role


def _conc(cells: Cells, row: Row, name: str) -> float | None:
    if cells.text(row, "conc"):
        return cells.number(row, "conc", least=0.0)
    conc = number_of(name, ",") if number_of(name, ".") is None else number_of(name, ".")
    if conc is None or conc < 0:
        text = f"Calibrator '{name}' has no concentration; expected a number, 0 or more, in column conc or as the name."
        cells.refuse(row, "conc" if "conc" in cells.columns else "name", text)
    return conc

"""What a grid titled as layout says sits in the wells, as Gen5 writes it: ids, names, concentrations and dilutions."""

from __future__ import annotations

import re

from schemas.errors import Fault
from schemas.plates.grid import Grid
from schemas.plates.plate import row_letter
from schemas.plates.plate_words import ExportWell
from schemas.text_tables.numerals import number_of
from schemas.text_tables.sheet import Row

_ID, _NAME, _DOSE = "well id", "name", "conc/dil"
_NO_DOSE = frozenset({"", "-", "na", "n/a", "nan"})
_ROLES = (
    (re.compile(r"(std|standard|cal|calibrator)[ _-]?\d*\Z", re.IGNORECASE), "calibrator"),
    (re.compile(r"(blk|blank|assay_?blk|rgt)[ _-]?\d*\Z", re.IGNORECASE), "blank"),
    (re.compile(r"(ctl|ctrl|control|pc|nc|qc)[ _-]?\d*\Z", re.IGNORECASE), "control"),
    (re.compile(r"(spl|smp|unk|sample|unknown|x)[ _-]?\d*\Z", re.IGNORECASE), "sample"),
)


def layout_words(grid: Grid) -> list[ExportWell]:
    """Read a layout grid.

    Parameters
    ----------
    grid : Grid
        Grid whose rows are labelled ``Well ID``, ``Name`` or ``Conc/Dil``.

    Returns
    -------
    list of ExportWell
        One for each well with an id; empty for a grid of another kind. ``SPL4:2`` is sample ``SPL4``; what stands
        below a sample is its dilution, as a factor or as a part of 1. A grid without labels, as EnVision writes it, is
        read where every cell is such an id, or a dash for none.
    """
    if not any(grid.label_of(row) for _, row in grid.rows):
        return _ids(grid)
    rows = {(index, grid.label_of(row).casefold()): row for index, row in grid.rows}
    if not rows or not all(label in (_ID, _NAME, _DOSE) for _, label in rows):
        return []
    wells = []
    for (index, label), row in rows.items():
        for column in range(grid.n_columns) if label == _ID else ():
            place = grid.start + column
            written = row.cell(place)
            if written:
                place_name = f"{row_letter(index)}{column + 1}"
                name, dose = (_below(rows.get((index, word)), place) for word in (_NAME, _DOSE))
                wells.append(_well(place_name, row.line, written, name, dose))
    return wells


def _ids(grid: Grid) -> list[ExportWell]:
    """Read a grid of ids without labels; nothing where a cell is neither an id nor a dash."""
    places = range(grid.start, grid.start + grid.n_columns)
    cells = [(index, row, place) for index, row in grid.rows for place in places if row.cell(place) not in ("", "-")]
    wells = [
        _well(f"{row_letter(index)}{place - grid.start + 1}", row.line, row.cell(place), "", "")
        for index, row, place in cells
    ]
    return wells if all(well.role for well in wells) else []


def dose_faults(grid: Grid) -> list[Fault]:
    """Name the cells of a layout that stand where a dose or dilution does and are no number.

    Parameters
    ----------
    grid : Grid
        Grid whose rows are labelled as :func:`layout_words` reads them.

    Returns
    -------
    list of Fault
        One for each; an empty cell, a dash and ``NA`` say that there is none.
    """
    doses = [row for _, row in grid.rows if grid.label_of(row).casefold() == _DOSE]
    places = range(grid.start, grid.start + grid.n_columns)
    odd = [(row, place) for row in doses for place in places if _is_odd(row.cell(place))]
    text = "'{}' stands where a dose or dilution does; expected a number, or an empty cell."
    return [Fault(grid.sheet.where(row, place, _DOSE), text.format(row.cell(place))) for row, place in odd]


def _is_odd(text: str) -> bool:
    return text.strip().casefold() not in _NO_DOSE and number_of(text, ".") is None and number_of(text, ",") is None


def _below(row: Row | None, place: int) -> str:
    return row.cell(place) if row else ""


def _well(well: str, line: int, written: str, name: str, dose: str) -> ExportWell:
    own = written.partition(":")[0]
    role = next((role for form, role in _ROLES if form.match(own)), "")
    number = number_of(dose, ".")
    dilution = None
    if role in ("sample", "control") and number:
        dilution = 1 / number if 0 < number < 1 else number
    return ExportWell(well=well, line=line, name=name or own, role=role, conc=number if role == "calibrator" else None,
                    dilution=dilution)  # fmt: skip

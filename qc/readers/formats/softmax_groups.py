"""The group tables of a SoftMax Pro export: which wells the analyst masked, and what the software says sits in each."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

from qc.readers.formats.softmax_sections import Section
from schemas.errors import Fault
from schemas.plates.plate import well_of
from schemas.plates.plate_words import ExportWell
from schemas.text_tables.numerals import number_of
from schemas.text_tables.sheet import Row, Sheet

_WELLS = frozenset({"Wells", "Well"})
_NAME, _PLATE = "Sample", "WellPlateName"
_CONC = re.compile(r"conc(entration)?\b(?!.*back)", re.IGNORECASE)
_DILUTION = re.compile(r"dil(ution)?(\s*factor)?\Z", re.IGNORECASE)
_ROLES = (("stand", "calibrator"), ("std", "calibrator"), ("control", "control"), ("qc", "control"),
          ("blank", "blank"), ("unk", "sample"), ("sample", "sample"))  # fmt: skip


@dataclass(slots=True)
class GroupWords:
    """What the groups say of one plate."""

    masked: set[str] = field(default_factory=set)
    """Wells that the analyst masked."""
    export_wells: list[ExportWell] = field(default_factory=list)
    """What sits in the wells."""


def group_words(sheet: Sheet, sections: Sequence[Section], faults: list[Fault]) -> dict[int, GroupWords]:
    """Collect what the groups say of each plate.

    Parameters
    ----------
    faults : list of Fault
        A fault is added where masked wells cannot be given to a plate.

    Returns
    -------
    dict of int to GroupWords
        Words by index of the plate.

    Notes
    -----
    A well belongs to the plate that its row names in column ``WellPlateName``; without one, to the plate section
    right before the group, or to the only plate of the file. With several plates in a row before a group it would
    be a guess: a mask is refused then, and nothing else is taken.
    """
    names = [section.head.cell(1) for section in sections if section.kind == "plate"]
    words: dict[int, GroupWords] = {}
    n_before = n_in_a_row = 0
    for before, section in zip([None, *sections], sections, strict=False):
        if section.kind == "plate":
            n_before += 1
            n_in_a_row = n_in_a_row + 1 if before and before.kind == "plate" else 1
            continue
        for plate_name, one, is_masked in _wells_of(section) if section.kind == "group" else ():
            index = _plate_index(names, plate_name, n_before, n_in_a_row)
            if index is not None:
                of_plate = words.setdefault(index, GroupWords())
                of_plate.export_wells.append(one)
                of_plate.masked |= {one.well} if is_masked else set()
            elif is_masked:
                text = f"The group masks well {one.well}, but not clearly of which plate. Export one plate a file."
                faults.append(Fault(sheet.where(section.head), text))
                break
    return words


def _plate_index(names: Sequence[str], name: str, n_before: int, n_in_a_row: int) -> int | None:
    if name and names.count(name) == 1:
        return names.index(name)
    if len(names) == 1:
        return 0
    return n_before - 1 if n_before and n_in_a_row == 1 else None


def group_table(section: Section) -> tuple[Row | None, list[Row]]:
    """Return the header of the wells of a group and the rows below it; None for a group without wells."""
    at = next((i for i, row in enumerate(section.rows) if _WELLS & {c.strip() for c in row.cells}), None)
    if at is None:
        return None, []
    rows = section.rows[at + 1 :]
    end = next((place for place, row in enumerate(rows) if row.is_blank), len(rows))
    return section.rows[at], rows[:end]


def used_columns(header: Row) -> set[int]:
    """Return the columns of a group that are read: wells, plate, sample, dose and dilution."""
    return {place for place in _columns(header).values() if place >= 0}


def _columns(header: Row) -> dict[str, int]:
    titles = [cell.strip() for cell in header.cells]
    forms = {"name": re.compile(f"{_NAME}\\Z"), "conc": _CONC, "dilution": _DILUTION}
    found = {word: next((i for i, t in enumerate(titles) if form.match(t)), -1) for word, form in forms.items()}
    wells = next(i for i, title in enumerate(titles) if title in _WELLS)
    return found | {"wells": wells, "plate": titles.index(_PLATE) if _PLATE in titles else -1}


def _wells_of(section: Section) -> Iterator[tuple[str, ExportWell, bool]]:
    """Yield plate, what sits in the well, and whether it is masked, of each well of a group."""
    header, rows = group_table(section)
    if header is None:
        return
    at = _columns(header)
    role = _role(section.head.cell(0))
    above = ["", "", ""]
    for row in rows:
        # A sample of several wells names itself in its first row only.
        if row.cell(at["name"]):
            above = [row.cell(place) for place in (at["name"], at["conc"], at["dilution"])]
        name, dose, factor = above[0], number_of(above[1], "."), number_of(above[2], ".")
        is_masked = any(cell.strip() == "Masked" for cell in row.cells)
        for well in [well for text in row.cell(at["wells"]).split(",") if (well := well_of(text))]:
            yield (
                row.cell(at["plate"]),
                ExportWell(well=well, line=row.line, name=name, role=role, dilution=factor,
                         conc=dose if role == "calibrator" else None),
                is_masked,
            )  # fmt: skip


def _role(head: str) -> str:
    title = head.partition(":")[2].strip().casefold()
    return next((role for word, role in _ROLES if title.startswith(word)), "")

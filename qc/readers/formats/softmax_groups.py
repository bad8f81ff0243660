"""The group tables of a SoftMax Pro export: which wells the analyst masked, and what the software says sits in each."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass, field

from qc.readers.formats.softmax_sections import Section
from schemas.errors import Fault
from schemas.headers.dilution_cell import dilution_cell
from schemas.headers.number_cell import number_cell
from schemas.plates.plate import Plate, row_letter, well_of
from schemas.plates.plate_words import ExportWell
from schemas.text_tables.sheet import Row, Sheet

_WELLS = frozenset({"Wells", "Well"})
_BELOW = frozenset({"Group Column", "Group Summaries"})
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

    @property
    def listed_twice(self) -> tuple[str, ...]:
        """Sentences on the wells that stand in the groups twice: the software gives a well to one sample."""
        first: dict[str, int] = {}
        return tuple(
            f"line {one.line}: Well {one.well} stands in the groups already, in line {first[one.well]}."
            for one in self.export_wells
            if first.setdefault(one.well, one.line) != one.line
        )


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
        for plate_name, one, is_masked in _wells_of(sheet, section, faults) if section.kind == "group" else ():
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
    end = next((place for place, row in enumerate(rows) if row.is_blank or row.cell(0) in _BELOW), len(rows))
    return section.rows[at], rows[:end]


def used_columns(header: Row) -> set[int]:
    """Return the columns of a group that are read: wells, plate, sample, dose and dilution."""
    return {place for place in columns_of(header).values() if place >= 0}


def columns_of(header: Row) -> dict[str, int]:
    """Return the columns of a group by what stands in them: wells, name, conc, dilution, plate; -1 for none."""
    titles = [cell.strip() for cell in header.cells]
    forms = {"name": re.compile(f"{_NAME}\\Z"), "conc": _CONC, "dilution": _DILUTION}
    found = {word: next((i for i, t in enumerate(titles) if form.match(t)), -1) for word, form in forms.items()}
    wells = next(i for i, title in enumerate(titles) if title in _WELLS)
    return found | {"wells": wells, "plate": titles.index(_PLATE) if _PLATE in titles else -1}


def _wells_of(sheet: Sheet, section: Section, faults: list[Fault]) -> Iterator[tuple[str, ExportWell, bool]]:
    """Yield plate, what sits in the well, and whether it is masked, of each well of a group."""
    header, rows = group_table(section)
    if header is None:
        return
    at = columns_of(header)
    role = _role(section.head.cell(0))
    name, dose, factor = "", None, None
    for row in rows:
        # A sample of several wells names itself in its first row only.
        if row.cell(at["name"]):
            name, dose = row.cell(at["name"]), None
            factor = dilution_cell(sheet, row, at["dilution"] if at["dilution"] >= 0 else None, faults)
            if role == "calibrator":
                dose = number_cell(sheet, row, at["conc"], faults, what="dose")
        is_masked = any(cell.strip() == "Masked" for cell in row.cells)
        for well in [well for text in row.cell(at["wells"]).split(",") if (well := well_of(text))]:
            yield (
                row.cell(at["plate"]),
                ExportWell(well=well, line=row.line, name=name, role=role, dilution=factor,
                         conc=dose),
                is_masked,
            )  # fmt: skip


def group_faults(sheet: Sheet, sections: Sequence[Section], plates: Sequence[Plate]) -> list[Fault]:
    """Name what stands in the column of wells of a group and is no well of a plate: its row was shifted or changed."""
    faults: list[Fault] = []
    wells = {
        f"{row_letter(row)}{column + 1}"
        for plate in plates
        for row in range(plate.n_rows)
        for column in range(plate.n_columns)
    }
    for section in [one for one in sections if one.kind == "group"]:
        header, rows = group_table(section)
        if header is not None:
            faults += _title_faults(sheet, section, header, rows)
            faults += _row_faults(sheet, header, rows, wells)
            faults += _rest_faults(sheet, section, header, rows, wells)
        elif any(well_of(cell) in wells for row in section.rows[:2] for cell in row.cells):
            faults.append(Fault(sheet.where(section.head), "The group lists wells below no titles: a line is lacking."))
    return faults


def _title_faults(sheet: Sheet, section: Section, header: Row, rows: Sequence[Row]) -> Iterator[Fault]:
    """Name what stands between the head of a group and its titles, and titles among its rows."""
    above = next((row for row in section.rows if row.line < header.line and not row.is_blank), None)
    if above is not None:
        yield Fault(sheet.where(above), "The line stands above the titles of the group: is it out of place?")
    titles = {_NAME, *_WELLS}
    for row in rows:
        if title := next((cell.strip() for cell in row.cells if cell.strip() in titles), ""):
            yield Fault(
                sheet.where(row), f"The title '{title}' stands among the rows of the group: is it out of place?"
            )


def _row_faults(sheet: Sheet, header: Row, rows: Sequence[Row], wells: AbstractSet[str]) -> Iterator[Fault]:
    at = columns_of(header)
    place, name = at["wells"], at["name"]
    if rows and name >= 0 and not rows[0].cell(name):
        yield Fault(sheet.where(rows[0]), "The first row of the group names no sample: are its cells out of place?")
    for row in rows:
        odd = next((text for text in row.cell(place).split(",") if text.strip() and well_of(text) not in wells), "")
        if row.width > header.width and (beyond := row.cell(row.width - 1)):
            yield Fault(sheet.where(row), f"'{beyond}' stands beyond the last title of the group; is a cell shifted?")
        if odd or (not row.cell(place) and row.width > 1):
            text = f"'{odd.strip()}' is no well" if odd else "The row names no well"
            yield Fault(sheet.where(row), f"{text}, under '{header.cell(place)}' of the group.")


def _rest_faults(
    sheet: Sheet, section: Section, header: Row, rows: Sequence[Row], wells: AbstractSet[str]
) -> Iterator[Fault]:
    """Name the first row of wells behind the end of the table: what stands below it is read by nobody."""
    place, last = columns_of(header)["wells"], rows[-1].line if rows else header.line
    below = [row for row in section.rows if row.line > last]
    row = next((row for row in below if well_of(row.cell(place)) in wells), None)
    if row is not None:
        yield Fault(
            sheet.where(row), "The group goes on behind the end of its wells: a line is out of place. Export it again."
        )


def _role(head: str) -> str:
    title = head.partition(":")[2].strip().casefold()
    return next((role for word, role in _ROLES if title.startswith(word)), "")

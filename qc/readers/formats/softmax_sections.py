"""Sections of a SoftMax Pro export, and the wells that its group tables say were masked."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

from qc.readers.plates.plate import well_of
from schemas.errors import Fault
from schemas.text_tables.sheet import Row, Sheet

_KINDS = {"Plate:": "plate", "Group:": "group", "Note:": "note"}


@dataclass(slots=True)
class Section:
    """One section: its first row and what stands below it, up to ``~End`` or the next section."""

    kind: str
    """``plate``, ``group`` or ``note``."""
    head: Row
    """First row."""
    rows: list[Row] = field(default_factory=list)
    """Rows below, blank ones too."""


def sections_of(sheet: Sheet) -> list[Section]:
    """Cut an export into sections.

    Returns
    -------
    list of Section
        Sections in order of the file; rows outside any section are left out.
    """
    sections: list[Section] = []
    is_open = False
    for row in sheet.rows:
        first = row.cell(0)
        kind = _KINDS.get(first.partition(" ")[0], "")
        if kind:
            sections.append(Section(kind, row))
            is_open = True
        elif first.startswith("~End"):
            is_open = False
        elif is_open:
            sections[-1].rows.append(row)
    return sections


def masked_wells(sheet: Sheet, sections: Sequence[Section], faults: list[Fault]) -> dict[int, frozenset[str]]:
    """Collect the masked wells of each plate.

    Parameters
    ----------
    faults : list of Fault
        A fault is added where masked wells cannot be given to a plate.

    Returns
    -------
    dict of int to frozenset of str
        Wells by index of the plate.

    Notes
    -----
    A well belongs to the plate that its row names in column ``WellPlateName``; without one, to the plate section
    right before the group, or to the only plate of the file. With several plates in a row before a group it would
    be a guess, and is refused.
    """
    names = [section.head.cell(1) for section in sections if section.kind == "plate"]
    masked: dict[int, set[str]] = {}
    n_before = n_in_a_row = 0
    for before, section in zip([None, *sections], sections, strict=False):
        if section.kind == "plate":
            n_before += 1
            n_in_a_row = n_in_a_row + 1 if before and before.kind == "plate" else 1
            continue
        for plate_name, well in _masked_in(section) if section.kind == "group" else ():
            index = _plate_index(names, plate_name, n_before, n_in_a_row)
            if index is None:
                text = f"The group masks well {well}, but not clearly of which plate. Export one plate a file."
                faults.append(Fault(sheet.where(section.head), text))
                break
            masked.setdefault(index, set()).add(well)
    return {index: frozenset(wells) for index, wells in masked.items()}


def _plate_index(names: Sequence[str], name: str, n_before: int, n_in_a_row: int) -> int | None:
    if name and names.count(name) == 1:
        return names.index(name)
    if len(names) == 1:
        return 0
    return n_before - 1 if n_before and n_in_a_row == 1 else None


def _masked_in(section: Section) -> list[tuple[str, str]]:
    at = next((i for i, row in enumerate(section.rows) if {"Wells", "Well"} & {c.strip() for c in row.cells}), None)
    if at is None:
        return []
    titles = [cell.strip() for cell in section.rows[at].cells]
    column = next(i for i, title in enumerate(titles) if title in ("Wells", "Well"))
    plate = titles.index("WellPlateName") if "WellPlateName" in titles else -1
    found: list[tuple[str, str]] = []
    for row in section.rows[at + 1 :]:
        if row.is_blank:
            break
        if any(cell.strip() == "Masked" for cell in row.cells):
            wells = [well for text in row.cell(column).split(",") if (well := well_of(text))]
            found += [(row.cell(plate), well) for well in wells]
    return found

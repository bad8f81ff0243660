"""What a table of Cq values says against itself and the other sections of its file: told, never repaired."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from itertools import takewhile
from typing import TYPE_CHECKING

from schemas.plates.plate import well_of

if TYPE_CHECKING:
    from collections.abc import Set as AbstractSet

    from schemas.text_tables.sheet import Row, Sheet

_ORDER = ("well", "well position", "omit", "sample name", "target name", "snp assay name", "task", "reporter",
          "quencher")  # fmt: skip
"""Titles of a QuantStudio from left to right, whichever of them a table has."""
_ORDER_OF_CFX = ("well", "fluor", "target", "content", "sample", "biological set name", "cq", "cq mean", "cq std. dev",
                 "starting quantity (sq)", "log starting quantity", "sq mean", "sq std. dev", "set point",
                 "well note")  # fmt: skip
"""The same of CFX Maestro."""
RESULTS = "Results"
"""Name of the section, or sheet, that holds the Cq values."""
SECTION = re.compile(r"\[(?P<name>[^\]]+)\]\Z")
_SETUP = "Sample Setup"
_SHOWN = 8


def title_notes(where: str, header: Row, *, lacks_quantity: bool) -> Iterator[str]:
    """Tell that titles of a maker are lacking, or not in its order.

    Parameters
    ----------
    where : str
        Place of the header.
    lacks_quantity : bool
        Whether wells are standards and no column gives a quantity.
    """
    titles = [" ".join(cell.split()).casefold() for cell in header.cells]
    known = [title for title in dict.fromkeys(titles) if title in _ORDER]
    is_quantstudio = {"well position", "omit"} <= set(known)
    of_cfx = [title for title in titles if title in _ORDER_OF_CFX]
    if {"fluor", "content"} <= set(of_cfx) and sorted(of_cfx, key=_ORDER_OF_CFX.index) != of_cfx:
        yield f"{where}: The titles do not stand where CFX writes them: are two of them swapped?"
    if "fluor" in titles and "content" not in titles:
        yield f"{where}: CFX names the content of each well, and there is no column 'Content': is it lost?"
    if lacks_quantity:
        yield f"{where}: There are standards, and no column gives their quantities: is it lost?"
    if is_quantstudio and sorted(known, key=_ORDER.index) != known:
        yield f"{where}: The titles do not stand where QuantStudio writes them: are two of them swapped?"
    if is_quantstudio and "task" not in known:
        yield f"{where}: QuantStudio names the task of each well, and there is no column 'Task': is it lost?"


def name_notes(
    sheet: Sheet, where: str, samples: AbstractSet[str], targets: AbstractSet[str], titles: Sequence[str]
) -> Iterator[str]:
    """Tell of names that are both of a sample and of a target, and of targets that no other section names.

    Parameters
    ----------
    where : str
        Place of the header.
    samples, targets : set of str
        Names in the table.
    titles : sequence of str
        What a column of targets is called, in small letters.
    """
    for name in sorted(samples & targets):
        yield f"{where}: '{name}' is the name of a sample and of a target: are cells swapped?"
    elsewhere = _targets_elsewhere(sheet, titles)
    for name in sorted(targets - elsewhere)[:_SHOWN] if elsewhere else ():
        yield f"{where}: Target '{name}' stands in no other section of the file."


def lacking_rows(sheet: Sheet, wells: AbstractSet[str]) -> Iterator[str]:
    """Tell of the wells to which the setup gives a target and the results no row."""
    rows = section_of(sheet, _SETUP)
    titles = [cell.strip().casefold() for cell in rows[0].cells] if rows else []
    if "well position" not in titles or "target name" not in titles:
        return
    well, target = titles.index("well position"), titles.index("target name")
    target_wells = {well_of(row.cell(well)) for row in rows[1:] if row.cell(target)} - {""}
    if lacking := sorted(target_wells - wells):
        shown = ", ".join(lacking[:_SHOWN]) + (" and more" if len(lacking) > _SHOWN else "")
        yield f"The setup gives wells {shown} a target, and the results hold no row of them; the file may be cut."


def section_of(sheet: Sheet, name: str) -> list[Row]:
    """Return the rows of a section of a text, up to the first blank one."""
    begun = [row for row in sheet.rows if (match := SECTION.match(row.cell(0))) and match["name"] == name]
    rows = [row for row in sheet.rows if begun and row.line > begun[0].line]
    return list(takewhile(lambda row: not (row.is_blank or SECTION.match(row.cell(0))), rows))


def _targets_elsewhere(sheet: Sheet, titles: Sequence[str]) -> set[str]:
    """Return the targets that other sections of a text name; none where no other section does."""
    found: set[str] = set()
    for row in sheet.rows if not sheet.name else ():
        match = SECTION.match(row.cell(0))
        rows = section_of(sheet, match["name"]) if match and match["name"] != RESULTS else []
        own = [cell.strip().casefold() for cell in rows[0].cells] if rows else []
        at = next((own.index(word) for word in titles if word in own), -1)
        found |= {row.cell(at) for row in rows[1:] if at >= 0}
    return found - {""}

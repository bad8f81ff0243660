"""What one column of a foreign table is: by its name, by a name like it, or by what its cells hold."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace

from schemas.catalogue import Catalogue
from schemas.headers.column_names import bare, known_titles, parted_unit
from schemas.headers.unknown_table import likely_column
from schemas.headers.visits import parted_visit
from schemas.headers.wide_table import holds_results
from schemas.json_model import JsonModel
from schemas.text_tables.sheet import Row
from schemas.ucum import UnitState, parse_unit
from schemas.written_time import time_of

ROWS_LOOKED_AT = 200
_ROLE_WORDS = frozenset(
    {"sample", "unknown", "unk", "patient", "s", "probe", "control", "qc", "ctrl", "c", "kontrolle"}
)
_WITH_UNIT = frozenset({"value", "lloq", "lod", "uloq", "target", "sd", "conc"})
_NUMBERS = frozenset({"value", "lloq", "lod", "uloq", "target", "sd", "dilution", "replicate", "birth_year"})
_LEAST_LETTERS = 4
"""Letters of a title below which nothing is like it: ``Arm`` is near ``alarm``."""
_CODES = {"study": "subject", "tube": "sample"}
"""What a column is whose title says something that all rows share, where each row has its own."""
_DISTINCT = 0.8
"""Share of cells that differ from one another in a column of codes."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ProposedColumn(JsonModel):
    """What a column of a foreign table is proposed to be."""

    title: str
    """Title as the file writes it."""
    means: str = ""
    """Column of ours, or ``analyte``'s id or name where ``is_analyte``; empty if it is left aside."""
    is_analyte: bool = False
    """Whether the column holds the results of one analyte."""
    unit: str = ""
    """Unit in the title."""
    visit: str = ""
    """Visit in the title."""
    is_guess: bool = False
    """Whether a person must say that it is so."""
    why: str = ""
    """By what it is proposed, or why it is left aside."""
    example: str = ""
    """First cell."""


@dataclass(frozen=True, slots=True)
class Column:
    """One column of a foreign table."""

    index: int
    """Place in the row, counted from 0."""
    title: str
    """Title as the file writes it, of several rows joined."""
    rows: Sequence[Row]
    """First rows below the header."""

    @property
    def cells(self) -> list[str]:
        """Cells that are filled."""
        return [row.cell(self.index) for row in self.rows if row.cell(self.index)]

    @property
    def holds_results(self) -> bool:
        """Whether most cells are numbers or bounds."""
        return holds_results(list(self.rows), self.index)


def guess(column: Column, titles: Mapping[str, str], catalogue: Catalogue) -> ProposedColumn:
    """Propose what a column is, as if it stood alone.

    Parameters
    ----------
    column : Column
        Column of a file with its cells.
    titles : mapping of str to str
        Our column by bare title, with the words of the laboratory.
    catalogue : Catalogue
        Analytes that are known.
    """
    name, unit = parted_unit(column.title)
    example = next(iter(column.cells), "")
    proposed = ProposedColumn(title=column.title, example=example)
    ours = titles.get(bare(column.title)) or (titles.get(bare(name), "") if unit else "")
    if ours in _CODES and looks_like_codes(column):
        return replace(proposed, means=_CODES[ours], is_guess=True, why="a code of its own in nearly each row")
    if ours == "material" and _by_cells(column, catalogue)[0] == "matrix":
        return replace(proposed, means="matrix", is_guess=True, why="its cells are matrices")
    if ours and (not unit or ours in _WITH_UNIT):
        return replace(proposed, means=ours, unit=unit, why="by its name")
    if column.holds_results and (found := _analyte(name, unit, catalogue)):
        return replace(proposed, unit=unit, is_analyte=True, means=found.means, visit=found.visit, why=found.why,
                       is_guess=found.is_guess)  # fmt: skip
    ours, why = _by_cells(column, catalogue)
    if ours:
        return replace(proposed, means=ours, is_guess=True, why=why)
    ours = likely_column(column.title, titles) if len(bare(name)) >= _LEAST_LETTERS else ""
    if ours and _fits(column, ours):
        return replace(proposed, means=ours, unit=unit if ours in _WITH_UNIT else "", is_guess=True,
                              why=f"its title is like a word for '{ours}'")  # fmt: skip
    return replace(proposed, why="no column of ours" if column.cells else "it is empty")


def _analyte(name: str, unit: str, catalogue: Catalogue) -> ProposedColumn | None:
    rest, visit = parted_visit(name)
    for called, at in ((name, ""), (rest, visit), (_without_value(rest), visit)):
        if analyte := catalogue.analyte_id(called):
            why = f"'{called}' is an analyte of the catalogue"
            return ProposedColumn(title=name, means=analyte, visit=at, why=why)
    if unit:
        why = f"results under a unit; '{rest}' is not in the catalogue"
        return ProposedColumn(title=name, means=rest, visit=visit, is_guess=True, why=why)
    return None


def _without_value(name: str) -> str:
    """Return a title without the words that only say that a result stands below it: ``Ferritin Result``."""
    words = {word for word, ours in known_titles("results").items() if ours == "value"}
    return " ".join(part for part in name.split() if bare(part) not in words)


def _by_cells(column: Column, catalogue: Catalogue) -> tuple[str, str]:
    cells = column.cells
    if not cells:
        return "", ""
    if _most(parse_unit(cell).state is UnitState.OK and not cell.isdigit() and cell not in "-" for cell in cells):
        return "unit", "its cells are units"
    if _most(catalogue.analyte_id(cell) is not None for cell in cells):
        return "analyte", "its cells are analytes"
    if _most(catalogue.matrix_id(cell) is not None for cell in cells):
        return "matrix", "its cells are matrices"
    if all(cell.casefold() in _ROLE_WORDS for cell in cells):
        return "role", "its cells say sample or control"
    return "", ""


def _most(answers: Iterable[bool]) -> bool:
    votes = list(answers)
    return sum(votes) > 0.8 * len(votes)


def _fits(column: Column, ours: str) -> bool:
    if ours in _NUMBERS:
        return column.holds_results
    if ours == "unit":
        return False  # its cells would be units
    if ours.endswith("_at"):
        return bool(column.cells) and _most(not time_of(cell)[1] for cell in column.cells)
    return not (ours == "analyte" and column.holds_results)


def looks_like_codes(column: Column) -> bool:
    """Tell whether nearly every cell is a text of its own, as codes of samples are.

    Parameters
    ----------
    column : Column
        Column of a file with its cells.
    """
    cells = column.cells
    is_full = bool(cells) and len(cells) >= _DISTINCT * len(column.rows)  # remarks may stand below a table
    n_times = sum(not time_of(cell)[1] for cell in cells)
    return is_full and len(set(cells)) >= _DISTINCT * len(cells) and n_times <= len(cells) / 2

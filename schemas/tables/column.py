"""A column of a sheet, declared once: its name, other words for it, type, unit and meaning, in its table model.

Header words, frames, readers, what is stored, what rules see and the page ``docs/sheets.md`` are derived from here.
"""

from __future__ import annotations

import sys
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING, Any, Literal, cast  # Any: checks of pandera and what words stand for

if TYPE_CHECKING:
    import pandera.polars as pa

    from schemas.tables.table import Table

Presence = Literal["optional", "said", "column", "cell"]
"""What must be there: nothing, the column (its cells may be empty), or the column and each of its cells."""
Kind = Literal["text", "number", "whole", "time", "yes_no"]
"""What a cell holds."""
_KINDS: Mapping[str, Kind] = {
    "String": "text",
    "Float64": "number",
    "Int64": "whole",
    "Datetime": "time",
    "Boolean": "yes_no",
}
_OURS = "sheet_column"


def column(
    description: str,
    *,
    title: str = "",
    also: str = "",
    synonyms: Sequence[str] = (),
    unit: str = "",
    presence: Presence = "optional",
    lacking: str = "",
    words: Mapping[str, str | bool] | None = None,
    is_lower_case: bool = False,
    is_seen_by_rules: bool = True,
    is_remark: bool = False,
    **checks: Any,  # Any: the arguments of pandera's Field
) -> Any:  # Any: what pandera's Field returns
    """Declare a column that stands in a sheet of the laboratory.

    Parameters
    ----------
    description : str
        What it says, in a sentence; the page of the sheets prints it.
    title : str
        What the header calls it first; the name of the field by default.
    also : str
        Synonym that messages name beside the title; empty for none.
    synonyms : sequence of str
        Other words of headers; case, spaces, underscores, hyphens and dots do not count.
    unit : str
        Unit of a number; empty for none.
    presence : {"optional", "said", "column", "cell"}
        Whether the header must have it, and whether every row must fill it; ``said`` where another header may say it
        for every row, as ``target (ng/mL)`` says the unit.
    lacking : str
        What an empty cell that must be filled is told; ``it is needed`` by default.
    words : mapping of str to (str or bool), optional
        What each word that may be written stands for, in lower case with underscores; None takes any text.
    is_lower_case : bool
        Whether the text is kept in lower case.
    is_seen_by_rules : bool
        Whether rules see it beside each result, if it is a column of the sample sheet.
    is_remark : bool
        Whether no result means anything else when it changes: a changed remark waits for nobody.
    **checks : object
        What pandera's ``Field`` takes: ``ge``, ``le``, ``isin``, ``nullable``.

    Returns
    -------
    object
        Field of a table model.
    """
    import pandera.polars as pa

    own = {
        "title": title,
        "also": also,
        "synonyms": tuple(synonyms),
        "unit": unit,
        "presence": presence,
        "lacking": lacking or "it is needed",
        "words": None if words is None else dict(words),
        "is_lower_case": is_lower_case,
        "is_seen_by_rules": is_seen_by_rules,
        "is_remark": is_remark,
    }
    return pa.Field(description=description, metadata={_OURS: own}, **checks)


@dataclass(frozen=True, slots=True, kw_only=True)
class SheetColumn:
    """A column of a sheet, as its table model declares it."""

    name: str
    """Name in the table."""
    title: str
    """What the header calls it first."""
    also: str
    """Synonym that messages name beside the title; empty for none."""
    synonyms: tuple[str, ...]
    """Other words of headers."""
    kind: Kind
    """What a cell holds."""
    unit: str
    """Unit of a number; empty for none."""
    description: str
    """What it says."""
    presence: Presence
    """What must be there."""
    lacking: str
    """What an empty cell that must be filled is told."""
    words: Mapping[str, str | bool] | None
    """What each word stands for; None takes any text."""
    is_lower_case: bool
    """Whether the text is kept in lower case."""
    is_seen_by_rules: bool
    """Whether rules see it."""
    is_remark: bool
    """Whether no result means anything else when it changes."""
    least: float | None
    """Number that none may be below; None if there is none."""
    is_least_allowed: bool
    """Whether the least number itself is allowed."""
    most: float | None
    """Greatest number that the model allows; None if there is none."""


@cache
def sheet_columns(model: type[Table]) -> tuple[SheetColumn, ...]:
    """Return the columns of a model that stand in a sheet.

    Parameters
    ----------
    model : type of Table
        Table model.

    Returns
    -------
    tuple of SheetColumn
        Those that :func:`column` declares, in their order.
    """
    return tuple(
        _sheet_column(name, one) for name, one in model.to_schema().columns.items() if _OURS in (one.metadata or {})
    )


def _sheet_column(name: str, one: pa.Column) -> SheetColumn:
    own = cast("dict[str, Any]", one.metadata)[_OURS]
    statistics = [value for check in one.checks for value in check.statistics.items()]
    return SheetColumn(
        name=name,
        kind=_KINDS[str(one.dtype.type).partition("(")[0]],
        description=one.description or "",
        least=_bound(statistics, "min_value"),
        is_least_allowed=all(check.name != "greater_than" for check in one.checks),
        most=_bound(statistics, "max_value"),
        **own | {"title": own["title"] or name},
    )


def _bound(statistics: Sequence[tuple[str, Any]], name: str) -> float | None:
    # The largest float is written where only NaN and infinity are refused: that is no bound to tell a person.
    found = [value for key, value in statistics if key == name and isinstance(value, int | float)]
    return found[0] if found and abs(found[0]) < sys.float_info.max else None

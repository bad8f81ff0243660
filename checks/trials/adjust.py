"""Adjusted p-values of one file, as ``qc try adjust`` prints them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Literal

from checks.arithmetic.families.false_discovery import benjamini_hochberg, benjamini_yekutieli
from checks.arithmetic.families.family_wise import bonferroni, hochberg, holm, hommel
from checks.arithmetic.families.ordered_tests import fixed_sequence
from checks.trials.csv_table import NOT_MEASURED, CsvTable, read_csv_table
from checks.trials.pair_file import TOO_LONG
from schemas.errors import Fault, ReaderError
from schemas.json_model import JsonModel

METHODS = {
    "bonferroni": bonferroni,
    "holm": holm,
    "hochberg": hochberg,
    "hommel": hommel,
    "bh": benjamini_hochberg,
    "by": benjamini_yekutieli,
    "fixed_sequence": fixed_sequence,
}
"""Adjustments by the names they are printed under."""


PByName = dict[str, float | None]


@dataclass(frozen=True, slots=True, kw_only=True)
class AdjustAnswer(JsonModel):
    """P-values of one file, adjusted by every customary method; None where there was no test."""

    json_keys = "gated n_tested m_used=n_tested bonferroni holm hochberg hommel bh BH=bh by BY=by fixed_sequence"

    gated: Literal[False] = False
    """Nothing says that these p-values are of approved data."""
    n_tested: int
    """Size of the family: tests with a p."""
    bonferroni: PByName
    """By Bonferroni's method."""
    holm: PByName
    """By Holm's method."""
    hochberg: PByName
    """By Hochberg's method."""
    hommel: PByName
    """By Hommel's method."""
    bh: PByName
    """By Benjamini and Hochberg's method; ``BH`` is R's name."""
    by: PByName
    """By Benjamini and Yekutieli's method; ``BY`` is R's name."""
    fixed_sequence: PByName
    """In the order of the file."""


def adjust(text: str) -> dict[str, Any]:
    """Adjust the p-values of one file by every customary method.

    Parameters
    ----------
    text : str
        Text of a CSV file with the columns ``name`` and ``p``, cut by commas, semicolons or tabs; an empty p was not
        tested and does not count.

    Returns
    -------
    dict of str to Any
        ``holm``, ``bh`` and the others, each by name, null where there was no test, and the size of the family;
        ``fixed_sequence`` takes the order of the file.

    Raises
    ------
    ReaderError
        If a column is missing, a name is empty or given twice, or a p is not a number from 0 to 1.
    """
    table = read_csv_table(text, ("name", "p"), too_long=TOO_LONG, may_be_empty=True)
    faults = table.faults
    p_by_name: dict[str, float | None] = {}
    for place, row in enumerate(table.rows):
        where, name = f"line {table.lines[place]}", row["name"]
        if not name or name in p_by_name:
            faults.append(Fault(where, f"Name '{name}' is empty or given twice: every test needs its own."))
        p_by_name[name] = _p(table, place)
    if faults:
        raise ReaderError("The file of p-values cannot be judged.", faults)
    return _adjusted(p_by_name)


def _adjusted(p_by_name: dict[str, float | None]) -> dict[str, Any]:
    p_values = list(p_by_name.values())
    n_tested = sum(p is not None for p in p_values)
    methods = {name: dict(zip(p_by_name, method(p_values), strict=True)) for name, method in METHODS.items()}
    return AdjustAnswer(gated=False, n_tested=n_tested, **methods).as_json()


def _p(table: CsvTable, place: int) -> float | None:
    value = table.cell(place, "p")
    if value.state in NOT_MEASURED:
        return None
    if value.number is None or not 0 <= value.number <= 1:
        text = f"'{value.text}' is not a p-value; a number from 0 to 1 or nothing is expected."
        table.fault(place, text)
        return None
    return value.number

"""Adjusted p-values of one file, as ``qc try adjust`` prints them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Literal

from checks.arithmetic.families.false_discovery import benjamini_hochberg, benjamini_yekutieli
from checks.arithmetic.families.family_wise import bonferroni, hochberg, holm, hommel
from checks.arithmetic.families.ordered_tests import fixed_sequence
from checks.trials.csv_table import read_csv_table
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
_MISSING = frozenset({"", "na", "n/a", "nan"})


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
    for line, row in zip(table.lines, table.rows, strict=True):
        where, name = f"line {line}", row["name"]
        if not name or name in p_by_name:
            faults.append(Fault(where, f"Name '{name}' is empty or given twice: every test needs its own."))
        p_by_name[name] = _p(row.get("p", ""), where, table.delimiter, faults)
    if faults:
        raise ReaderError("The file of p-values cannot be judged.", faults)
    return _adjusted(p_by_name)


def _adjusted(p_by_name: dict[str, float | None]) -> dict[str, Any]:
    p_values = list(p_by_name.values())
    n_tested = sum(p is not None for p in p_values)
    methods = {name: dict(zip(p_by_name, method(p_values), strict=True)) for name, method in METHODS.items()}
    return AdjustAnswer(gated=False, n_tested=n_tested, **methods).as_json()


def _p(text: str, where: str, delimiter: str, faults: list[Fault]) -> float | None:
    if text.lower() in _MISSING:
        return None
    try:
        p = float(text if delimiter == "," else text.replace(",", "."))
    except ValueError:
        p = -1.0
    if not 0 <= p <= 1:
        faults.append(Fault(where, f"'{text}' is not a p-value; a number from 0 to 1 or nothing is expected."))
        return None
    return p

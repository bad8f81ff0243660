"""The table that ``qc try calibrate`` reads, as wells of one plate."""

from __future__ import annotations

import csv
import io
import math
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from schemas.errors import Fault, ReaderError

if TYPE_CHECKING:
    import polars as pl

ROLES = ("calibrator", "anchor", "control", "sample", "blank")
"""Roles that a row may have."""
NEEDED = ("role", "name", "conc", "signal")
"""Columns that the table must have."""
_NOT_MEASURED = frozenset({"", "na", "nan"})
_DELIMITERS = (",", ";", "\t")


def read_wells(text: str) -> pl.DataFrame:
    """Return the rows of the table as wells of one plate and one analyte.

    Parameters
    ----------
    text : str
        CSV with the columns ``role,name,conc,signal`` and optionally ``dilution`` and ``level``.

    Returns
    -------
    DataFrame
        Wells (model Wells), in the order of the rows.

    Raises
    ------
    ReaderError
        If a column is missing or a cell cannot be read; all faults are named.
    """
    import polars as pl

    reader = csv.DictReader(io.StringIO(text.lstrip("\ufeff"), newline=""), delimiter=_delimiter(text), restval="")
    reader.fieldnames = [name.strip().lower() for name in reader.fieldnames or []]
    missing = [name for name in NEEDED if name not in reader.fieldnames]
    if missing:
        raise ReaderError(f"Column '{missing[0]}' is missing. Expected columns: {', '.join(NEEDED)}[, dilution].")
    faults: list[Fault] = []
    wells = []
    for row in reader:
        cells = {name: str(cell or "").strip() for name, cell in row.items() if name}
        if any(cells.values()):
            wells.append(_well(cells, reader.line_num, faults))
    if faults:
        raise ReaderError("The table cannot be calibrated.", faults)
    if not wells:
        raise ReaderError("The table has no rows.")
    numbers = {"conc": pl.Float64, "dilution": pl.Float64, "signal": pl.Float64}
    return pl.DataFrame(wells, schema_overrides=numbers)


def _delimiter(text: str) -> str:
    header_line, _, _ = text.lstrip("\ufeff").partition("\n")
    return max(_DELIMITERS, key=header_line.count)


def _well(cells: Mapping[str, str], line: int, faults: list[Fault]) -> dict[str, Any]:
    where = f"line {line}"
    role = cells["role"].lower()
    if role not in ROLES:
        faults.append(Fault(where, f"Role '{cells['role']}' is not known. Known roles: {', '.join(ROLES)}."))
    conc = _number(cells, "conc", where, faults)
    if role in ("calibrator", "anchor") and conc is None:
        faults.append(Fault(where, "A calibrator has no concentration."))
    if conc is not None and conc < 0:
        faults.append(Fault(where, f"Concentration '{cells['conc']}' is below 0."))
    dilution = _number(cells, "dilution", where, faults)
    if dilution is not None and dilution <= 0:
        faults.append(Fault(where, f"Dilution '{cells['dilution']}' must be above 0."))
    plain = dict.fromkeys(("plate", "analyte", "curve", "flag", "material", "lot"), "")
    level = "anchor" if role == "anchor" else cells.get("level", "").lower()
    return plain | {
        "well": f"line {line}",
        "line": line,
        "role": "calibrator" if role == "anchor" else role,
        "level": level,
        "name": cells["name"],
        "conc": conc,
        "dilution": 1.0 if dilution is None else dilution,
        "signal": _number(cells, "signal", where, faults),
        "signal_text": cells["signal"],
    }


def _number(cells: Mapping[str, str], name: str, where: str, faults: list[Fault]) -> float | None:
    text = cells.get(name, "")
    if text.lower() in _NOT_MEASURED:
        return None
    try:
        number = float(text)
    except ValueError:
        number = math.nan
    if not math.isfinite(number):
        faults.append(Fault(where, f"'{text}' in column '{name}' is not a number."))
        return None
    return number

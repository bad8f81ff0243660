"""The table that ``qc try calibrate`` reads, as wells of one plate."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from checks.trials.csv_table import CsvTable, read_csv_table
from schemas.errors import ReaderError

if TYPE_CHECKING:
    import polars as pl

ROLES = ("calibrator", "anchor", "control", "sample", "blank")
"""Roles that a row may have."""
NEEDED = ("role", "name", "conc", "signal")
"""Columns that the table must have."""


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

    table = read_csv_table(text, NEEDED)
    wells = [_well(table, place) for place in range(len(table.rows))]
    if table.faults:
        raise ReaderError("The table cannot be calibrated.", table.faults)
    numbers = {"conc": pl.Float64, "dilution": pl.Float64, "signal": pl.Float64}
    return pl.DataFrame(wells, schema_overrides=numbers)


def _well(table: CsvTable, place: int) -> dict[str, Any]:
    cells = dict.fromkeys(table.columns, "") | table.rows[place]
    role = cells["role"].lower()
    if role not in ROLES:
        table.fault(place, f"Role '{cells['role']}' is not known. Known roles: {', '.join(ROLES)}.")
    conc, dilution, signal = (table.number(place, name) for name in ("conc", "dilution", "signal"))
    if role in ("calibrator", "anchor") and conc is None:
        table.fault(place, "A calibrator has no concentration.")
    if conc is not None and conc < 0:
        table.fault(place, f"Concentration '{cells['conc']}' is below 0.")
    if dilution is not None and dilution <= 0:
        table.fault(place, f"Dilution '{cells['dilution']}' must be above 0.")
    plain = dict.fromkeys(("plate", "analyte", "curve", "flag", "material", "lot"), "")
    return plain | {
        "well": f"line {table.lines[place]}",
        "line": table.lines[place],
        "role": "calibrator" if role == "anchor" else role,
        "level": "anchor" if role == "anchor" else cells.get("level", "").lower(),
        "name": cells["name"],
        "conc": conc,
        "dilution": 1.0 if dilution is None else dilution,
        "signal": signal,
        "signal_text": cells["signal"],
    }

"""Analytes of reported results, called by what the run sheet says that they are."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any  # Any: a row of the table ``reported``

from schemas.errors import Fault

if TYPE_CHECKING:
    from qc.readers.lab_sheets.run_sheet import RunSheet


def with_own_names(
    rows: Sequence[dict[str, Any]], names: Mapping[str, str], other_names: Mapping[str, Sequence[str]]
) -> tuple[list[dict[str, Any]], list[Fault]]:
    """Call each analyte as ``[analytes]`` of the run sheet does; one that it does not name stays as written.

    Parameters
    ----------
    names : mapping of str to str
        Analyte by what the file calls it; capitals do not count.
    other_names : mapping of str to sequence of str
        What else the file calls an analyte, such as its code beside its text.

    Returns
    -------
    tuple of list of dict and list of Fault
        Rows, and one fault for each name that the file does not hold.
    """
    ours = {name.casefold(): analyte for name, analyte in names.items()}
    called = {str(row["analyte"]): (str(row["analyte"]), *other_names.get(str(row["analyte"]), ())) for row in rows}
    known = {name.casefold(): analyte for analyte, all_names in called.items() for name in all_names if name}
    own = {known[name]: analyte for name, analyte in ours.items() if name in known}
    tests = ", ".join(f"'{analyte}'" for analyte in sorted(called))
    faults = [
        Fault(f"key 'analytes.{name}'", f"'{name}' is none of the tests of the file: {tests}.")
        for name in names
        if name.casefold() not in known
    ]
    return [row | {"analyte": own.get(str(row["analyte"]), row["analyte"])} for row in rows], faults


def called(rows: list[dict[str, Any]], sheet: RunSheet) -> tuple[list[dict[str, Any]], list[Fault]]:
    """Call the analytes of a table as its run sheet does, and where that is silent as its mapping does.

    Returns
    -------
    tuple of list of dict and list of Fault
        Rows, and one fault for each name of the run sheet that the table does not hold; a mapping is made for several
        files and may name more than one of them holds.
    """
    faults: list[Fault] = []
    if sheet.mapped_analytes:
        rows, _ = with_own_names(rows, sheet.mapped_analytes, {})
    if sheet.analytes:
        rows, faults = with_own_names(rows, sheet.analytes, {})
    return rows, faults

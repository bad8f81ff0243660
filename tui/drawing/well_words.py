"""What a well is called: a letter on the map, and a line of words."""

from __future__ import annotations

from qc.triage.plate_view import Well
from tui.drawing.axes import short

LETTERS = {"calibrator": "S", "control": "C", "blank": "B", "sample": " ", "empty": " "}
"""Letter by role."""


def mark_of(well: Well | None) -> str:
    """Return the letter of a well.

    Returns
    -------
    str
        A circle for the result that is looked at, a cross for one that is held, else the letter of its role.
    """
    if well is None:
        return " "
    if well.is_own:
        return "◉"
    return "✗" if well.is_flagged or well.flag else LETTERS.get(well.role, " ")


def readout(well: Well, unit: str, width: int = 0) -> str:
    """Say in words what a well holds.

    Parameters
    ----------
    width : int
        Columns that there are; 0 means any number. What matters least is left out first.
    """
    amount = f"{well.censor}{short(well.conc)} {unit}" if well.conc is not None else "no concentration"
    flags = ("  ✗ held" if well.is_flagged else "") + (f"  flag '{well.flag}'" if well.flag else "")
    forms = (
        f"{well.name}  {well.role} {well.label}  {amount}  signal {short(well.signal)}{flags}",
        f"{well.name}  {well.role} {well.label}  {amount}{flags}",
        f"{well.name}  {well.label}  {amount}{flags}",
        f"{well.name}  {amount}{flags}",
    )
    return next((form for form in forms if not width or len(form) <= width), forms[-1])

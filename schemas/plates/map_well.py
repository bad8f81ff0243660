"""What one well holds, as a plate map says it, and the role that a bare name tells."""

from __future__ import annotations

import re
from dataclasses import dataclass

TO_FILL_IN = "?"
"""What stands in a cell of a map that a person has still to fill in."""
_CONTROL_NAME = re.compile(r"(control|ctrl|qc)\b", re.IGNORECASE)


@dataclass(frozen=True, slots=True, kw_only=True)
class MapWell:
    """What one well holds, as the map says."""

    well: str
    """Well such as ``A1``."""
    line: int
    """Line of the map, or row of its sheet."""
    role: str
    """``calibrator``, ``control``, ``sample``, ``blank`` or ``empty``."""
    name: str = ""
    """Name of the sample, calibrator or control."""
    plate: str = ""
    """Plate; empty if the map names none."""
    conc: float | None = None
    """Nominal concentration of a calibrator, in the unit of the run; None for the rest."""
    dilution: float = 1.0
    """Factor that takes the concentration in the well back to the sample; above 0."""
    curve: str = ""
    """Wells of one plate that are fitted together."""
    analyte: str = ""
    """Analyte; empty means that of the run."""
    material: str = ""
    """Material of a control."""
    level: str = ""
    """Level of a control."""
    lot: str = ""
    """Lot of a control."""
    note: str = ""
    """What the map remarks on the well; empty for nothing."""


def role_of_name(name: str) -> str:
    """Tell the role of a well by its name alone.

    Parameters
    ----------
    name : str
        Name that the map gives the well.

    Returns
    -------
    str
        ``blank``, ``control``, ``sample``, or ``empty`` for no name.
    """
    if not name:
        return "empty"
    if name.casefold().startswith(("blank", "blk")):
        return "blank"
    return "control" if _CONTROL_NAME.match(name) else "sample"

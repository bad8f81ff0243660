"""A plate map as coordinates and shades."""

from __future__ import annotations

from dataclasses import dataclass
from math import log10

from qc.triage.plate_view import Plate, Well

_PITCH = 26.0
"""Distance of two wells, in units of the drawing."""
_HEAD = 18.0
_LETTERS = {"calibrator": "S", "control": "C", "blank": "B"}


@dataclass(frozen=True, slots=True, kw_only=True)
class DrawnWell:
    """One well."""

    x: float
    """From the left."""
    y: float
    """From the top."""
    role: str
    """``calibrator``, ``control``, ``sample``, ``blank`` or ``empty``."""
    letter: str
    """What stands in it; empty for a sample."""
    shade: float
    """How strong its signal is among those of the plate, 0 to 1."""
    is_flagged: bool
    """Whether its result is held."""
    about: str
    """What a pointer that rests on it is told."""


@dataclass(frozen=True, slots=True, kw_only=True)
class DrawnPlate:
    """One plate."""

    width: float
    """Of the drawing."""
    height: float
    """Of the drawing."""
    radius: float
    """Of a well."""
    rows: tuple[tuple[str, float], ...]
    """Letters with their heights."""
    columns: tuple[tuple[str, float], ...]
    """Numbers with their places."""
    wells: tuple[DrawnWell, ...]
    """Wells that are in use."""


def drawn_plate(plate: Plate) -> DrawnPlate:
    """Draw a plate: what stands where, how strong its signal is, and whose result is held."""
    pitch = _PITCH if plate.n_rows <= 8 else _PITCH / 2
    shades = _shades(plate)
    return DrawnPlate(
        width=_HEAD + pitch * plate.n_columns + 2,
        height=_HEAD + pitch * plate.n_rows + 2,
        radius=round(pitch * 0.42, 1),
        rows=tuple((chr(65 + row), _HEAD + pitch * (row + 0.5)) for row in range(plate.n_rows)),
        columns=tuple((str(column + 1), _HEAD + pitch * (column + 0.5)) for column in range(plate.n_columns)),
        wells=tuple(_well(well, pitch, shade, plate.unit) for well, shade in zip(plate.wells, shades, strict=True)),
    )


def _shades(plate: Plate) -> list[float]:
    signals = [well.signal for well in plate.wells if well.signal is not None and well.signal > 0]
    low, high = (log10(min(signals)), log10(max(signals))) if signals else (0.0, 1.0)
    reach = high - low or 1.0
    return [
        round(0.12 + 0.78 * (log10(well.signal) - low) / reach, 2) if well.signal and well.signal > 0 else 0.0
        for well in plate.wells
    ]


def _well(well: Well, pitch: float, shade: float, unit: str) -> DrawnWell:
    read = f"{well.censor}{well.conc:.4g} {unit}" if well.conc is not None else ""
    signal = f"signal {well.signal:.4g}" if well.signal is not None else "no signal"
    held = "held" if well.is_flagged else ""
    return DrawnWell(
        x=round(_HEAD + pitch * (well.column + 0.5), 1),
        y=round(_HEAD + pitch * (well.row + 0.5), 1),
        role=well.role,
        letter=_LETTERS.get(well.role, ""),
        shade=shade,
        is_flagged=well.is_flagged,
        about=" · ".join(filter(None, (well.name, well.role, well.label, signal, read, well.flag, held))),
    )

"""Lay plates out and write them as two kinds of reader write them, each with its plate map."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

import numpy as np

from sample_runs.make.files import Row, table
from sample_runs.make.subjects import LABEL

ROWS = "ABCDEFGH"
COLUMNS = range(1, 13)
WELLS = tuple(f"{row}{column}" for row in ROWS for column in COLUMNS)
MAP_COLUMNS = ("well", "role", "name", "conc", "dilution", "material", "level", "lot")
CALIBRATOR_WELLS = tuple(f"{row}{column}" for row in ROWS for column in (1, 2))
BLANK_WELLS = ("A3", "B3")
CONTROL_WELLS = ("C3", "D3", "E3", "F3", "G3", "H3")
SAMPLE_WELL_PAIRS = tuple((f"{row}{column}", f"{row}{column + 1}") for column in (4, 6, 8, 10) for row in ROWS)
EMPTY_SIGNAL = 0.0421
OVERFLOW = "OVRFLW"
"""What the reader writes for a well beyond its detector."""


@dataclass(frozen=True, slots=True)
class Well:
    """One well of the plate map with its corrected absorbance."""

    well: str
    """Place, such as ``A1``."""
    role: str
    """``calibrator``, ``control``, ``sample``, ``blank`` or ``empty``."""
    name: str
    """Name of what is in it."""
    signal: float
    """Absorbance minus that of the reference wavelength; infinite beyond the detector."""
    conc: float | None = None
    """Concentration of a calibrator."""
    dilution: float = 1.0
    """Dilution of a sample."""
    material: str = ""
    """Control material."""
    level: str = ""
    """Control level."""
    lot: str = ""
    """Control lot."""

    def as_row(self) -> Row:
        """Return the well as a row of a plate map.

        Returns
        -------
        mapping
            The row.
        """
        return {
            "well": self.well,
            "role": self.role,
            "name": self.name,
            "conc": self.conc,
            "dilution": self.dilution,
            "material": self.material,
            "level": self.level,
            "lot": self.lot,
        }


def plate_map(wells: Sequence[Well]) -> str:
    """Return the plate map: all 96 wells, those that hold nothing as ``empty``.

    Parameters
    ----------
    wells : sequence of Well
        Wells that hold something.

    Returns
    -------
    str
        CSV text.
    """
    by_place = {well.well: well for well in wells}
    full = [by_place.get(place, Well(place, "empty", "", EMPTY_SIGNAL)) for place in WELLS]
    return table(MAP_COLUMNS, [well.as_row() for well in full])


def reference_signals(seed: int) -> dict[str, float]:
    """Draw the absorbance of the plastic at the reference wavelength.

    Parameters
    ----------
    seed : int
        Seed of the draw.

    Returns
    -------
    dict of str to float
        Absorbance by well.
    """
    drawn = np.random.default_rng(seed).normal(0.0385, 0.0012, len(WELLS))
    return {well: round(float(value), 4) for well, value in zip(WELLS, drawn, strict=True)}


def softmax_text(title: str, wells: Sequence[Well], reference: Mapping[str, float], saved_at: datetime) -> str:
    """Return a text export with two wavelengths side by side, 450 and 570 nm.

    Parameters
    ----------
    title : str
        Name of the plate section.
    wells : sequence of Well
        Wells with their corrected absorbance.
    reference : mapping of str to float
        Absorbance at 570 nm by well.
    saved_at : datetime
        When the file was saved.

    Returns
    -------
    str
        Text of the export.
    """
    numbers = "\t".join(str(column) for column in COLUMNS)
    main = _signals(wells)
    fields = [f"{LABEL} {title}", "1.3", "PlateFormat", "Endpoint", "Absorbance", "Raw", "FALSE", "1"]
    lines = [
        "##BLOCKS= 1",
        "\t".join(["Plate:", *fields, "", "", "", "", "", "2", "450 570 ", "1", "12", "96", "1", "8"]),
    ]
    lines.append(f"\tTemperature(°C)\t{numbers}\t\t{numbers}\t")
    for row in ROWS:
        at_450 = "\t".join(f"{main[f'{row}{c}'] + reference[f'{row}{c}']:.4f}" for c in COLUMNS)
        at_570 = "\t".join(f"{reference[f'{row}{c}']:.4f}" for c in COLUMNS)
        lines.append(f"\t{'24.2' if row == 'A' else ''}\t{at_450}\t\t{at_570}\t")
    saved = f"{saved_at:%m/%d/%Y %I:%M:%S %p}"
    lines += ["", "~End", f"Original Filename: {LABEL} {title}; Date Last Saved: {saved}"]
    return "\n".join(lines) + "\n"


def matrix_text(title: str, wells: Sequence[Well], measured_at: datetime) -> str:
    """Return a CSV export with a header of settings and one block of absorbances.

    Parameters
    ----------
    title : str
        Name of the plate.
    wells : sequence of Well
        Wells with their absorbance.
    measured_at : datetime
        When the plate was read.

    Returns
    -------
    str
        Text of the export.
    """
    main = _signals(wells)
    lines = [
        "Plate information",
        "Plate,Repeat,Barcode,Chamber temperature at start,Label,Measurement date,",
        f"1,1,{LABEL} {title},23.4,A450,{measured_at:%Y-%m-%d %H:%M:%S},",
        "",
        "Results for A450 - channel 1",
        "," + "".join(f"{column:02d}," for column in COLUMNS),
        *(f"{row}," + "".join(f"{_absorbance(main[f'{row}{column}'])}," for column in COLUMNS) for row in ROWS),
        "",
        "Basic assay information",
        f"Assay name:,{LABEL} {title},",
        "Label:,A450,",
    ]
    return "\n".join(lines) + "\n"


def _absorbance(signal: float) -> str:
    return f"{signal:.4f}" if np.isfinite(signal) else OVERFLOW


def _signals(wells: Sequence[Well]) -> dict[str, float]:
    return dict.fromkeys(WELLS, EMPTY_SIGNAL) | {well.well: well.signal for well in wells}

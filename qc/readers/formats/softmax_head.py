"""The line ``Plate:`` of a SoftMax Pro export: what was read, how often, and of which wells.

Fluorescence has one more cell than absorbance before its data type; every mode but absorbance has the settings of its
detector between the size of the plate and its rows.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from schemas.plates.plate import SIZES
from schemas.text_tables.sheet import Row

READ_TYPES = ("Endpoint", "Kinetic", "Spectrum", "Well Scan")
MODES = ("Absorbance", "Fluorescence", "Luminescence", "Time Resolved", "Fluor Pol")
FORMS = ("PlateFormat", "TimeFormat")
_VERSION = re.compile(r"\d+\.\d+\Z")
_FORM, _READ_TYPE, _MODE, _DATA, _N_POINTS, _WAVELENGTHS = 3, 4, 5, 6, 8, 15
_FIRST_COLUMN, _N_COLUMNS, _N_WELLS, _EXCITATION = 16, 17, 18, 19
_FIRST_ROW_OF_ABSORBANCE, _FIRST_ROW = 19, 28


@dataclass(frozen=True, slots=True)
class PlateHead:
    """What the line ``Plate:`` announces."""

    name: str
    """Name of the plate."""
    form: str
    """``PlateFormat`` or ``TimeFormat``."""
    read_type: str
    """``Endpoint``, ``Kinetic``, ``Spectrum`` or ``Well Scan``."""
    measures: tuple[str, ...]
    """Names of what stands side by side: wavelengths, each once; one empty name for a spectrum."""
    n_points: int
    """Times, wavelengths or places of a well that were read; 1 for an endpoint."""
    size: tuple[int, int]
    """Rows and columns of the plate."""
    rows: range
    """Rows that were read, counted from 1."""
    columns: range
    """Columns that were read, counted from 1."""

    def block_name(self, measure: str, label: str) -> str:
        """Return the name of the readings of one measurement at one time, wavelength or place.

        Parameters
        ----------
        label : str
            What stands before the readings; empty for an endpoint.
        """
        if self.read_type == "Endpoint" or not label:
            return measure
        word = {"Kinetic": "at", "Well Scan": "place"}.get(self.read_type, "")
        return " ".join(part for part in (measure, word, label) if part)


def plate_head(row: Row) -> PlateHead | str:
    """Read the line ``Plate:``.

    Returns
    -------
    PlateHead or str
        What it announces; a sentence where it cannot be read.
    """
    if row.cell(_FORM) not in FORMS:
        return f"Plate format '{row.cell(_FORM)}' is not known; expected PlateFormat or TimeFormat."
    if row.cell(_READ_TYPE) not in READ_TYPES or row.cell(_MODE) not in MODES:
        shown = f"{row.cell(_READ_TYPE)} {row.cell(_MODE)}"
        return f"The plate is '{shown}', which is not known. Export the values as a grid or a table."
    if row.cell(1).startswith("Temperature("):
        return f"'{row.cell(1)}' stands where the name of the plate does: are cells swapped?"
    if not _VERSION.match(row.cell(2)):
        return (
            f"'{row.cell(2)}' stands behind the name of the plate, where SoftMax Pro writes its version, such as 1.3."
        )
    more = 1 if row.cell(_DATA) in ("TRUE", "FALSE") else 0
    if row.cell(_DATA + more) not in ("Raw", "Reduced"):
        return f"Data type '{row.cell(_DATA + more)}' is not known; expected Raw or Reduced."
    first_row = _FIRST_ROW_OF_ABSORBANCE if row.cell(_MODE) == "Absorbance" else _FIRST_ROW + more
    at = (_FIRST_COLUMN + more, _N_COLUMNS + more, _N_WELLS + more, first_row, first_row + 1)
    numbers = [row.cell(place) for place in at]
    if not all(number.isdecimal() for number in numbers) or int(numbers[2]) not in SIZES:
        return "The 'Plate:' line does not give the size of the plate where it should: it is cut or of a new form."
    return _head(row, more, [int(number) for number in numbers])


def _head(row: Row, more: int, numbers: list[int]) -> PlateHead | str:
    words = row.cell(_WAVELENGTHS + more).split()
    is_absorbance, is_spectrum = row.cell(_MODE) == "Absorbance", row.cell(_READ_TYPE) == "Spectrum"
    is_needed = is_absorbance and not is_spectrum
    if (is_needed and not words) or not all(word.isdecimal() for word in words if is_absorbance):
        return f"Wavelengths '{row.cell(_WAVELENGTHS + more)}' are not numbers; expected for instance '450 620'."
    is_reduced = row.cell(_DATA + more) == "Reduced"
    measures = ["reduced"] if is_reduced else _measures(words, row.cell(_EXCITATION + more).split(), is_absorbance)
    points = row.cell(_N_POINTS + more)
    is_point = row.cell(_READ_TYPE) == "Endpoint" or is_reduced
    if not is_point and (not points.isdecimal() or int(points) < 1):
        return f"The number of readings '{points}' of each well is no number from 1 upward."
    size = SIZES[numbers[2]]
    return PlateHead(
        name=row.cell(1),
        form=row.cell(_FORM),
        read_type=row.cell(_READ_TYPE),
        measures=("",) if is_spectrum and not is_reduced else tuple(measures),
        n_points=1 if is_point else int(points),
        size=size,
        rows=_span(numbers[3], numbers[4], size[0]),
        columns=_span(numbers[0], numbers[1], size[1]),
    )


def _measures(words: list[str], excitations: list[str], is_absorbance: bool) -> list[str]:
    """Name the wavelengths, each once: by the emission, with its excitation, or counted."""
    if is_absorbance and len(set(words)) == len(words):
        return words
    if words in ([], ["0"]):
        return ["luminescence"]
    pairs = [f"{ex}/{em}" for ex, em in zip(excitations, words, strict=True)] if len(excitations) == len(words) else []
    named = next((names for names in (words, pairs) if names and len(set(names)) == len(names)), None)
    return named or [f"{word} #{number}" for number, word in enumerate(words, 1)]


def _span(first: int, n: int, most: int) -> range:
    """Return the rows or columns that were read; some versions give the last one and not their number."""
    last = n if first + n - 1 > most else first + n - 1
    return range(first, last + 1)

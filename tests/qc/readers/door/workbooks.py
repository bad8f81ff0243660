"""Our documents as workbooks: each cell in its place, numbers as numbers and all else as text."""

from __future__ import annotations

import csv
import re
from io import BytesIO

import openpyxl
from deformed import delimiter_of

BOOKS = (
    "tidy", "samples", "subjects", "controls", "plate_map", "grid_map", "grid", "well_list", "quantstudio", "nanodrop",
    "qubit", "flex2", "olink", "nulisa", "simoa", "ella",
)  # fmt: skip
"""Documents whose format may come as a workbook."""
_NUMBER = re.compile(r"-?(0|[1-9][0-9]*)(\.[0-9]+)?\Z")


def as_workbook(text: str) -> bytes:
    mark = delimiter_of(text.encode().splitlines()).decode()
    book = openpyxl.Workbook()
    sheet = book.active
    assert sheet is not None
    for row in csv.reader(text.splitlines(), delimiter=mark):
        sheet.append([float(cell) if _NUMBER.match(cell) and "." in cell else cell or None for cell in row])
    made = BytesIO()
    book.save(made)
    return made.getvalue()

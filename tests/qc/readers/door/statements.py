"""What our documents state of their own cells, reckoned anew from the text: whether it still holds.

A file whose mean is no longer that of its wells contradicts itself; a reader that takes its readings must say so. What
can no longer be taken apart states nothing here: whether it is refused is asked elsewhere.
"""

from __future__ import annotations

import csv
from collections.abc import Callable, Sequence
from itertools import takewhile
from statistics import mean, stdev

from documents import cv, summary

Cells = dict[str, str]
Summary = tuple[str, int, Callable[[list[float]], float]]
"""Title of a column, its decimals and what it is of the values of its group."""


def rows_of(text: str, mark: str, first: str) -> list[Cells]:
    """Return the rows below the header that begins with a title, up to a blank line."""
    lines = list(csv.reader(text.splitlines(), delimiter=mark))
    at = next((n for n, cells in enumerate(lines) if cells and cells[0] == first), len(lines))
    below = takewhile(any, lines[at + 1 :])
    return [dict(zip(lines[at], cells, strict=False)) for cells in below]


def summaries_hold(rows: Sequence[Cells], keys: Sequence[str], value: str, stated: Sequence[Summary]) -> bool:
    groups: dict[tuple[str, ...], list[Cells]] = {}
    for row in rows:
        groups.setdefault(tuple(row[key] for key in keys), []).append(row)
    return all(
        row[title] in ("", summary([one[value] for one in own], digits, of))
        for own in groups.values()
        for row in own
        for title, digits, of in stated
    )


def msd(text: str) -> bool:
    stated = [("Mean", 1, mean), ("CV", 4, cv)]
    return summaries_hold(rows_of(text, ",", "Sample"), ["Sample", "Assay"], "Signal", stated)


def simoa(text: str) -> bool:
    stated = [("Mean Conc.", 3, mean), ("SD Conc.", 3, stdev), ("CV Conc.", 1, cv)]
    return summaries_hold(rows_of(text, ",", "Sample Barcode"), ["Sample Barcode"], "Replicate Conc.", stated)


def quantstudio(text: str) -> bool:
    rows = rows_of(text.partition("[Results]\n")[2], "\t", "Well")
    return summaries_hold(rows, ["Sample Name", "Target Name"], "CT", [("Ct Mean", 3, mean), ("Ct SD", 3, stdev)])


def ella(text: str) -> bool:
    parts = [f"Gnr{n}CalculatedConcentration" for n in (1, 2, 3)]
    return all(
        row["CalculatedConcentration"] == summary([row[part] for part in parts], 3, mean)
        for row in rows_of(text, ",", "SampleName")
    )


def nanodrop(text: str) -> bool:
    return all(
        row["260/280"] == f"{float(row['A260']) / float(row['A280']):.2f}" for row in rows_of(text, "\t", "Plate ID")
    )


def softmax_group(text: str) -> bool:
    lines = text.splitlines()
    grid = [line.split("\t")[2:] for line in lines[3:11]]
    rows = rows_of(text, "\t", "Sample")
    for at, row in enumerate(rows):
        row["Sample"] = row["Sample"] or rows[at - 1]["Sample"]
    places = [(ord(row["Wells"][0]) - ord("A"), int(row["Wells"][1:]) - 1) for row in rows]
    is_copied = all(row["Value"] == grid[at][column] for row, (at, column) in zip(rows, places, strict=True))
    return is_copied and summaries_hold(rows, ["Sample"], "Value", [("MeanValue", 3, mean), ("SD", 4, stdev)])


def xponent(text: str) -> bool:
    tables = [rows_of(part, ",", "Location") for part in text.split('"DataType:"')[1:3]]
    return all(
        len({f"{float(a[title]) - float(b[title]):.1f}" for a, b in zip(*tables, strict=True)}) == 1
        for title in ("TNF", "NfL")
    )


def immunospot(text: str) -> bool:
    lines = [line.split("\t") for line in text.splitlines()]
    grid = [line for line in lines if line[0] in tuple("ABCDEFGH")][:8]
    totals = [line[1] for line in lines if line[0][1:].isdecimal()]
    return totals == [cell for line in grid for cell in line[1:13]]


STATEMENTS = {
    "msd": msd, "simoa": simoa, "quantstudio": quantstudio, "ella": ella, "nanodrop": nanodrop,
    "softmax_group": softmax_group, "xponent": xponent, "immunospot": immunospot,
}  # fmt: skip


def holds(name: str, data: bytes) -> bool:
    """Whether all that a document of a format states of its own cells still holds; True where it states nothing."""
    if name not in STATEMENTS:
        return True
    try:
        return STATEMENTS[name](data.decode())
    except (ValueError, KeyError, IndexError, UnicodeDecodeError, ZeroDivisionError):
        return True

"""Write text tables, run sheets, JSON and workbooks so that the same content is always the same bytes."""

from __future__ import annotations

import io
import json
import re
import zipfile
from collections.abc import Mapping, Sequence
from pathlib import Path

from sample_runs.make.subjects import LABEL

Cell = str | float | int | None
Row = Mapping[str, Cell]
_EPOCH = (2025, 1, 1, 0, 0, 0)
_STAMP = "2025-01-01T00:00:00Z"


def write(path: Path, text: str, *, encoding: str = "utf-8", newline: str = "\n") -> None:
    """Write a text file.

    Parameters
    ----------
    path : Path
        Where; folders are made.
    text : str
        Text with ``\\n`` at the ends of lines.
    encoding : str
        Encoding.
    newline : str
        What ends a line in the file.
    """
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(text.replace("\n", newline).encode(encoding))


def shown(cell: Cell, *, comma: bool = False) -> str:
    """Return a cell as text: empty for None, no trailing ``.0``.

    Parameters
    ----------
    cell : str, float, int or None
        The cell.
    comma : bool
        Whether numbers carry a decimal comma.

    Returns
    -------
    str
        Text of the cell.
    """
    if cell is None:
        return ""
    if isinstance(cell, float):
        text = f"{cell:.10g}"
        return text.replace(".", ",") if comma else text
    return str(cell)


def table(columns: Sequence[str], rows: Sequence[Row], *, delimiter: str = ",", comma: bool = False) -> str:
    """Return a delimited table; its last column says SYNTHETIC in every row.

    Parameters
    ----------
    columns : sequence of str
        Columns in order.
    rows : sequence of mapping
        Rows; a column that a row does not name is empty.
    delimiter : str
        What stands between cells.
    comma : bool
        Whether numbers carry a decimal comma.

    Returns
    -------
    str
        The table with its header.
    """
    lines = [delimiter.join([*columns, "synthetic"])]
    lines += [delimiter.join([*(shown(row.get(c), comma=comma) for c in columns), LABEL]) for row in rows]
    return "\n".join(lines) + "\n"


def run_sheet(run: Mapping[str, str], plate: Mapping[str, str] | None = None) -> str:
    """Return the text of a run sheet.

    Parameters
    ----------
    run : mapping of str to str
        Keys of ``[run]``; empty values are left out, ``started_at`` is written as a time.
    plate : mapping of str to str, optional
        Keys of ``[plate]``.

    Returns
    -------
    str
        TOML text.
    """
    lines = [f"# {LABEL}: not a measurement", "[run]"]
    lines += [f"{key} = {value if key == 'started_at' else json.dumps(value)}" for key, value in run.items() if value]
    if plate:
        lines += ["", "[plate]", *(f"{key} = {json.dumps(value)}" for key, value in plate.items() if value)]
    return "\n".join(lines) + "\n"


def as_json(tree: Mapping[str, object]) -> str:
    """Return a labelled mapping as JSON text.

    Parameters
    ----------
    tree : mapping
        JSON values.

    Returns
    -------
    str
        Indented text.
    """
    return json.dumps({"synthetic": LABEL, **tree}, indent=2, ensure_ascii=False) + "\n"


def workbook(sheet: str, columns: Sequence[str], rows: Sequence[Row]) -> bytes:
    """Return a workbook with one sheet, without any time of writing.

    Parameters
    ----------
    sheet : str
        Name of the sheet.
    columns : sequence of str
        Columns in order; a column ``synthetic`` is added.
    rows : sequence of mapping
        Rows.

    Returns
    -------
    bytes
        The file, stored without compression: compressors differ between machines.
    """
    from openpyxl import Workbook

    book = Workbook()
    page = book.active
    page.title = sheet
    page.append([*columns, "synthetic"])
    for row in rows:
        page.append([*(row.get(column) for column in columns), LABEL])
    book.properties.creator = LABEL
    book.properties.title = LABEL
    buffer = io.BytesIO()
    book.save(buffer)
    return _without_times(buffer.getvalue())


def _without_times(content: bytes) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(content)) as source, zipfile.ZipFile(out, "w", zipfile.ZIP_STORED) as target:
        for name in sorted(source.namelist(), key=lambda name: (name != "[Content_Types].xml", name)):
            part = source.read(name)
            if name == "docProps/core.xml":
                part = re.sub(rb"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ", _STAMP.encode(), part)
            entry = zipfile.ZipInfo(name, _EPOCH)
            entry.create_system = 3
            target.writestr(entry, part)
    return out.getvalue()

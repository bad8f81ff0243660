"""A Parquet file as a sheet of text."""

from __future__ import annotations

import io

from schemas.errors import ReaderError
from schemas.text_tables.sheet import Row, Sheet

MAX_CELLS = 20_000_000
"""Cells above which a file is refused."""


def parquet_sheet(data: bytes, name: str) -> Sheet:
    """Read a Parquet file, its column names as the first row.

    Parameters
    ----------
    data : bytes
        The file as it came.
    name : str
        Name of the file.

    Returns
    -------
    Sheet
        Its cells as text; null is empty. Line 1 is the header, line 2 the first row.

    Raises
    ------
    ReaderError
        If it is damaged, too large, or holds nested columns.
    """
    import pyarrow as pa
    import pyarrow.parquet as pq

    try:
        file = pq.ParquetFile(io.BytesIO(data))
        if file.metadata.num_rows * file.metadata.num_columns > MAX_CELLS:
            raise ReaderError(f"'{name}' has more than {MAX_CELLS} cells; split it.")
        columns = [column.to_pylist() for column in file.read().columns]
        titles = file.schema_arrow.names
    except (pa.ArrowException, OSError, ValueError, MemoryError, OverflowError, NotImplementedError) as error:
        raise ReaderError(f"'{name}' is a damaged Parquet file: {error}.") from error
    rows = [Row(1, tuple(titles))]
    rows += [Row(line, tuple(map(_text, cells))) for line, cells in enumerate(zip(*columns, strict=True), start=2)]
    return Sheet("", tuple(rows))


def _text(value: object) -> str:
    if value is None:
        return ""
    if isinstance(value, float):
        return str(int(value)) if value.is_integer() and abs(value) < 1e15 else repr(value)
    return value.isoformat() if hasattr(value, "isoformat") else str(value)

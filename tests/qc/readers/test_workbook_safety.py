from __future__ import annotations

import io
import re
import zipfile
from pathlib import Path

import pytest

from qc.readers.read import read
from qc.readers.text.source import Source
from schemas.errors import ReaderError


def archive(parts: dict[str, bytes]) -> Source:
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as target:
        for name, content in parts.items():
            target.writestr(name, content)
    return Source(Path("book.xlsx"), stream.getvalue())


@pytest.mark.parametrize(
    ("parts", "sentence"),
    [
        ({"a.csv": b"x"}, "ZIP archive and not a workbook"),
        ({"[Content_Types].xml": b"<x/>", "xl/a.xml": b" " * 30_000_000}, "decompression bomb"),
        ({"[Content_Types].xml": b'<!DOCTYPE x [<!ENTITY a "b">]><x/>'}, "document type definition"),
        ({"[Content_Types].xml": b"<x/>", "xl/worksheets/s.xml": b'<c r="XFD1048576"/>'}, "too large"),
        ({"[Content_Types].xml": b"<x/>"}, "damaged workbook"),
    ],
    ids=["no workbook", "bomb", "entity", "one cell far out", "nothing in it"],
)
def test_a_dangerous_or_broken_workbook_is_refused_before_it_is_opened(parts: dict[str, bytes], sentence: str):
    with pytest.raises(ReaderError, match=sentence):
        archive(parts).sheets  # noqa: B018


def test_a_workbook_without_a_sheet_is_refused():
    import openpyxl

    stream = io.BytesIO()
    openpyxl.Workbook().save(stream)
    parts = {}
    with zipfile.ZipFile(stream) as whole:
        for part in whole.namelist():
            content = whole.read(part)
            parts[part] = re.sub(rb"<sheet [^>]*/>", b"", content) if part == "xl/workbook.xml" else content

    with pytest.raises(ReaderError, match="has no sheet"):
        read(archive(parts))


def test_a_cut_off_workbook_is_refused():
    whole = archive({"[Content_Types].xml": b"<x/>"}).data

    with pytest.raises(ReaderError, match="damaged workbook"):
        Source(Path("book.xlsx"), whole[: len(whole) // 2]).sheets  # noqa: B018

"""What an XLSX workbook says of its cells beyond their values: formats, errors, formulas, what is hidden or merged."""

from __future__ import annotations

import io
import posixpath
import re
import zipfile
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from xml.etree import ElementTree as ET

from schemas.text_tables.sheet import column_index
from schemas.text_tables.workbook_marks import comments_of, struck_strings, struck_styles

_RELATION = "{http://schemas.openxmlformats.org/officeDocument/2006/relationships}id"
_STRICT_RELATION = "{http://purl.oclc.org/ooxml/officeDocument/relationships}id"
_TAG = re.compile(rb"<(?:\w+:)?(row|c)\b((?:\s+[\w:]+\s*=\s*(?:\"[^\"]*\"|'[^']*'))*)\s*(/?)>")
_ATTRIBUTE = re.compile(rb"([\w:]+)\s*=\s*(?:\"([^\"]*)\"|'([^']*)')")
_COLUMN = re.compile(rb"<(?:\w+:)?col\b([^>]*)>")
_VALUE = re.compile(rb"<(?:\w+:)?v\b[^>]*>([^<]+)</")
_FORMULA = re.compile(rb"\s*<(?:\w+:)?f[\s>/]")
_END_OF_CELL = re.compile(rb"</(?:\w+:)?c>")
_REFERENCE = re.compile(rb"([A-Z]+)([0-9]+)\Z")
_PLAIN_FORMAT = re.compile(r"[#,]*0?(?:\.[0#]*)?(?:E\+0+)?\Z|General\Z|@\Z", re.IGNORECASE)
_PERCENT_FORMATS = {"9": "0%", "10": "0.00%"}
"""Formats of percentages that every spreadsheet has by number."""
_ON = frozenset({b"1", b"true"})

Place = tuple[int, int]
"""Row counted from 1, and column counted from 0."""


@dataclass(slots=True)
class SheetParts:
    """What a sheet says of its cells beyond their values."""

    is_hidden: bool = False
    """Whether the sheet is hidden."""
    hidden_rows: set[int] = field(default_factory=set)
    """Lines of hidden rows."""
    hidden_columns: set[int] = field(default_factory=set)
    """Hidden columns, counted from 0."""
    formats: dict[Place, str] = field(default_factory=dict)
    """Format of a number that may say more than the number: ``0000``, ``0%``, ``"<"0.0``."""
    errors: dict[Place, str] = field(default_factory=dict)
    """Error such as ``#N/A`` by cell."""
    without_value: set[Place] = field(default_factory=set)
    """Cells with a formula whose value is not stored."""
    struck: set[Place] = field(default_factory=set)
    """Cells whose text, or a part of it, is struck through."""
    comments: Mapping[Place, str] = field(default_factory=dict)
    """Comments of people by cell."""


@dataclass(frozen=True, slots=True)
class _Looks:
    """What the numbers that cells name stand for."""

    speaking_styles: Mapping[bytes, str]
    struck_styles: frozenset[bytes]
    struck_strings: frozenset[bytes]

    @property
    def is_plain(self) -> bool:
        return not (self.speaking_styles or self.struck_styles or self.struck_strings)


def sheet_parts(data: bytes) -> Mapping[str, SheetParts]:
    """Read what an XLSX workbook says of the cells of each sheet.

    Parameters
    ----------
    data : bytes
        Content, unpacked safely before.

    Returns
    -------
    mapping of str to SheetParts
        By name of the sheet; one whose part is not found is absent.
    """
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        names = set(archive.namelist())
        looks = _looks(archive, names)
        found = {}
        for name, path, is_hidden in _sheets(archive, names):
            parts = _read(archive.read(path), looks)
            parts.is_hidden, parts.comments = is_hidden, comments_of(archive, path)
            found[name] = parts
    return found


def _sheets(archive: zipfile.ZipFile, names: set[str]) -> Iterator[tuple[str, str, bool]]:
    relations_path = "xl/_rels/workbook.xml.rels"
    if not {"xl/workbook.xml", relations_path} <= names:
        return
    relations = ET.fromstring(archive.read(relations_path))  # noqa: S314 - no type definition passes the check
    targets = {one.get("Id"): one.get("Target", "") for one in relations}
    for one in ET.fromstring(archive.read("xl/workbook.xml")).iter():  # noqa: S314 - as above
        if one.tag.endswith("}sheet"):
            target = targets.get(one.get(_RELATION) or one.get(_STRICT_RELATION), "") or ""
            path = target.lstrip("/") if target.startswith("/") else posixpath.normpath(f"xl/{target}")
            if path in names:
                yield one.get("name", ""), path, one.get("state", "visible") != "visible"


def _looks(archive: zipfile.ZipFile, names: set[str]) -> _Looks:
    styles, strings = (
        archive.read(path) if path in names else b"" for path in ("xl/styles.xml", "xl/sharedStrings.xml")
    )
    return _Looks(_speaking_styles(styles) if styles else {}, struck_styles(styles), struck_strings(strings))


def _speaking_styles(styles: bytes) -> Mapping[bytes, str]:
    """Return the number format of each cell style that may say more than the number."""
    tree = ET.fromstring(styles)  # noqa: S314 - no type definition passes the check
    codes = _PERCENT_FORMATS | {
        one.get("numFmtId"): one.get("formatCode", "") for one in tree.iter() if one.tag.endswith("}numFmt")
    }
    formats = next((one for one in tree.iter() if one.tag.endswith("}cellXfs")), ())
    by_style = {index: codes.get(one.get("numFmtId"), "") for index, one in enumerate(formats)}
    return {str(index).encode(): code for index, code in by_style.items() if not _PLAIN_FORMAT.match(code)}


def _read(xml: bytes, looks: _Looks) -> SheetParts:
    parts = SheetParts(hidden_columns=_hidden_columns(xml))
    is_plain = looks.is_plain and not _FORMULA.search(xml) and b'"e"' not in xml and b"'e'" not in xml
    if is_plain and b"hidden" not in xml and b"strike" not in xml:
        return parts
    line, column = 0, -1
    for tag in _TAG.finditer(xml):
        attributes = {key: first or second for key, first, second in _ATTRIBUTE.findall(tag[2])}
        reference = _REFERENCE.match(attributes.get(b"r", b""))
        if tag[1] == b"row":
            line, column = int(attributes.get(b"r", line + 1)), -1
            if attributes.get(b"hidden") in _ON:
                parts.hidden_rows.add(line)
            continue
        column = column_index(reference[1]) if reference else column + 1
        if not tag[3]:
            _read_cell(xml, tag.end(), attributes, (line, column), looks, parts)
    return parts


def _read_cell(
    xml: bytes,
    start: int,
    attributes: Mapping[bytes, bytes],
    place: Place,
    looks: _Looks,
    parts: SheetParts,
) -> None:
    kind, style = attributes.get(b"t", b"n"), attributes.get(b"s", b"0")
    code = looks.speaking_styles.get(style, "")
    if style in looks.struck_styles or _has_struck_text(xml, start, kind, looks):
        parts.struck.add(place)
    if kind == b"n" and code:
        parts.formats[place] = code
    is_formula = _FORMULA.match(xml, start) is not None  # the first child of its cell, as the format has it
    if kind != b"e" and not is_formula:
        return
    end = _END_OF_CELL.search(xml, start)
    value = _VALUE.search(xml, start, end.start() if end else len(xml))
    if kind == b"e":
        parts.errors[place] = value[1].decode() if value else "#ERROR!"
    elif kind != b"str" and value is None:
        parts.without_value.add(place)


def _has_struck_text(xml: bytes, start: int, kind: bytes, looks: _Looks) -> bool:
    if kind not in (b"s", b"inlineStr") or (kind == b"s" and not looks.struck_strings):
        return False
    end = _END_OF_CELL.search(xml, start)
    cell = xml[start : end.start() if end else len(xml)]
    number = _VALUE.search(cell)
    return b"strike" in cell if kind == b"inlineStr" else number is not None and number[1] in looks.struck_strings


def _hidden_columns(xml: bytes) -> set[int]:
    hidden: set[int] = set()
    for one in _COLUMN.finditer(xml):
        attributes = {key: first or second for key, first, second in _ATTRIBUTE.findall(one[1])}
        if attributes.get(b"hidden") in _ON:
            hidden |= set(range(int(attributes.get(b"min", 1)) - 1, min(int(attributes.get(b"max", 1)), 16384)))
    return hidden

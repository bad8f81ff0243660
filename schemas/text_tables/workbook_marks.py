"""What people say of cells by the means of a spreadsheet: text that is struck through, and comments."""

from __future__ import annotations

import posixpath
import re
import zipfile
from collections.abc import Iterator, Mapping
from xml.etree import ElementTree as ET

from schemas.text_tables.sheet import column_index

_OFF = frozenset({"0", "false"})
_THREADED = re.compile(r"\[Threaded comment\].*?Comment:\s*", re.DOTALL)
"""What Excel writes before a comment of its newer kind, for programs that do not know it."""
_REFERENCE = re.compile(r"([A-Z]+)([0-9]+)\Z")


def struck_styles(styles: bytes) -> frozenset[bytes]:
    """Return the cell styles of a workbook whose text is struck through.

    Parameters
    ----------
    styles : bytes
        The part ``xl/styles.xml``.

    Returns
    -------
    frozenset of bytes
        Numbers of styles, as cells name them.
    """
    if b"strike" not in styles:
        return frozenset()
    tree = ET.fromstring(styles)  # noqa: S314 - no type definition passes the check
    fonts = [_is_struck(font) for font in _part(tree, "fonts")]
    numbers = [int(one.get("fontId", 0)) for one in _part(tree, "cellXfs")]
    return frozenset(str(style).encode() for style, font in enumerate(numbers) if font < len(fonts) and fonts[font])


def struck_strings(strings: bytes) -> frozenset[bytes]:
    """Return the shared texts of a workbook of which a part is struck through.

    Parameters
    ----------
    strings : bytes
        The part ``xl/sharedStrings.xml``.

    Returns
    -------
    frozenset of bytes
        Numbers of texts, as cells name them.
    """
    if b"strike" not in strings:
        return frozenset()
    texts = ET.fromstring(strings)  # noqa: S314 - as above
    return frozenset(str(number).encode() for number, text in enumerate(texts) if _is_struck(text))


def comments_of(archive: zipfile.ZipFile, sheet_path: str) -> Mapping[tuple[int, int], str]:
    """Return the comments of one sheet.

    Parameters
    ----------
    archive : ZipFile
        The workbook.
    sheet_path : str
        Path of the sheet's part.

    Returns
    -------
    mapping of tuple to str
        Text by row counted from 1 and column counted from 0; its line ends are spaces.
    """
    folder, name = posixpath.split(sheet_path)
    relations = f"{folder}/_rels/{name}.rels"
    names = set(archive.namelist())
    found: dict[tuple[int, int], str] = {}
    if relations in names:
        for one in ET.fromstring(archive.read(relations)):  # noqa: S314 - as above
            target = one.get("Target", "")
            path = target.lstrip("/") if target.startswith("/") else posixpath.normpath(f"{folder}/{target}")
            if one.get("Type", "").endswith("/comments") and path in names:
                found |= dict(_comments(ET.fromstring(archive.read(path))))  # noqa: S314 - as above
    return found


def _comments(tree: ET.Element) -> Iterator[tuple[tuple[int, int], str]]:
    for one in tree.iter():
        reference = _REFERENCE.match(one.get("ref", ""))
        if _name(one) == "comment" and reference:
            text = "".join(part.text or "" for part in one.iter() if _name(part) == "t")
            words = " ".join(_THREADED.sub("", text, count=1).split())
            if words:
                yield (int(reference[2]), column_index(reference[1].encode())), words


def _part(tree: ET.Element, name: str) -> list[ET.Element]:
    return next((list(one) for one in tree if _name(one) == name), [])


def _is_struck(one: ET.Element) -> bool:
    return any(_name(part) in ("strike", "dstrike") and part.get("val", "1") not in _OFF for part in one.iter())


def _name(one: ET.Element) -> str:
    return one.tag.rpartition("}")[2]

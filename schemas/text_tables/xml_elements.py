"""XML as elements with the place of each, and as a sheet of what they hold: a row for each line of the file.

Nothing is fetched and nothing is expanded: a document type definition is refused, and with it every entity of its own.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from xml.parsers import expat

from schemas.errors import ReaderError
from schemas.text_tables.sheet import Row, Sheet

MAX_ELEMENTS = 2_000_000
"""Elements above which a file is refused, as many as a text may have rows."""
MAX_DEPTH = 64
"""Elements within each other above which a file is refused; exports of instruments have about 12."""
_BEGIN = re.compile(rb"(?:\xef\xbb\xbf)?\s*<(?:\?xml\b|[A-Za-z_][\w.\-]*(?::[\w.\-]+)?[\s/>])")


@dataclass(slots=True)
class XmlElement:
    """One element."""

    tag: str
    """Name without the prefix of its namespace."""
    line: int
    """Line on which it begins."""
    attributes: dict[str, str]
    """Text by name."""
    text: str = ""
    """What stands in it, but for its children, without outer spaces."""
    children: list[XmlElement] = field(default_factory=list)
    """Elements in it, in order."""
    columns: list[int] = field(default_factory=list)
    """Cells of its line, in the sheet, that hold its attributes and its text."""

    def child(self, tag: str) -> XmlElement | None:
        """Return the first child of a name; None if there is none.

        Parameters
        ----------
        tag : str
            Name without prefix.
        """
        return next((one for one in self.children if one.tag == tag), None)

    def text_of(self, tag: str) -> str:
        """Return the text of the first child of a name; empty if there is none.

        Parameters
        ----------
        tag : str
            Name without prefix.
        """
        found = self.child(tag)
        return found.text if found else ""

    def every(self, tag: str) -> Iterator[XmlElement]:
        """Yield the elements of a name below this one, however deep.

        Parameters
        ----------
        tag : str
            Name without prefix.

        Yields
        ------
        XmlElement
            In order of the file.
        """
        for one in self.children:
            if one.tag == tag:
                yield one
            yield from one.every(tag)


def is_xml(data: bytes) -> bool:
    """Tell whether a file begins as XML does: with its declaration or an element.

    Parameters
    ----------
    data : bytes
        The file as it came.
    """
    return bool(_BEGIN.match(data))


def xml_elements(data: bytes, name: str) -> tuple[XmlElement, Sheet]:
    """Take XML apart.

    Parameters
    ----------
    data : bytes
        The file as it came.
    name : str
        Name of the file, for messages.

    Returns
    -------
    root : XmlElement
        The outermost element.
    sheet : Sheet
        A row for each line on which an element with an attribute or a text begins; a cell for each of these.

    Raises
    ------
    ReaderError
        If the XML breaks off or cannot be followed, carries a document type definition, or is too deep or too large.
    """
    building = _Building(name)
    parser = expat.ParserCreate()
    parser.buffer_text = True
    parser.StartDoctypeDeclHandler = building.refuse_definition
    parser.StartElementHandler = lambda tag, attributes: building.begin(tag, attributes, parser.CurrentLineNumber)
    parser.CharacterDataHandler = building.add
    parser.EndElementHandler = building.end
    try:
        parser.Parse(data, True)
    except expat.ExpatError as error:
        text = f"'{name}' is XML that breaks off or is damaged in line {error.lineno}: {expat.ErrorString(error.code)}."
        raise ReaderError(f"{text} Export it again.") from error
    return building.root, building.sheet()


class _Building:
    def __init__(self, name: str) -> None:
        self.root = XmlElement("", 0, {})
        self._name = name
        self._open: list[XmlElement] = []
        self._n_elements = 0
        self._cells: dict[int, list[str]] = {}

    def refuse_definition(self, *_: object) -> None:
        raise ReaderError(f"'{self._name}' carries a document type definition; it is not read.")

    def begin(self, tag: str, attributes: dict[str, str], line: int) -> None:
        element = XmlElement(tag.rpartition(":")[2], line, attributes)
        for text in attributes.values():
            self._put(element, text)
        if self._open:
            self._open[-1].children.append(element)
        else:
            self.root = element
        self._open.append(element)
        self._n_elements += 1
        if self._n_elements > MAX_ELEMENTS or len(self._open) > MAX_DEPTH:
            limits = f"{MAX_ELEMENTS} elements or {MAX_DEPTH} of them within each other"
            raise ReaderError(f"'{self._name}' is XML of more than {limits}; it is not read.")

    def add(self, text: str) -> None:
        if self._open:
            self._open[-1].text += text

    def end(self, _: str) -> None:
        element = self._open.pop()
        element.text = element.text.strip()
        self._put(element, element.text)

    def _put(self, element: XmlElement, text: str) -> None:
        if text.strip():
            cells = self._cells.setdefault(element.line, [])
            element.columns.append(len(cells))
            cells.append(text)

    def sheet(self) -> Sheet:
        return Sheet("", tuple(Row(line, tuple(cells)) for line, cells in sorted(self._cells.items())))

"""Several documents in one file: told by name and refused, since one run sheet and one map speak of one of them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from schemas.errors import Fault, ReaderError


@dataclass(frozen=True, slots=True)
class Document:
    """One of several documents of a file."""

    title: str
    """What it is, as the file names it: ``batch 'B1'``."""
    first_line: int
    """Line on which it begins."""
    last_line: int
    """Line on which it ends."""

    def __str__(self) -> str:
        """Return title and lines as one clause."""
        return f"{self.title} (lines {self.first_line} to {self.last_line})"


def refuse_several(file: str, what: str, documents: Sequence[Document]) -> None:
    """Refuse a file that holds more than one document.

    Parameters
    ----------
    what : str
        What such a document is, in the plural: ``xPONENT exports``.

    Raises
    ------
    ReaderError
        If there are two or more; one fault names each.
    """
    if len(documents) < 2:
        return
    head = f"'{file}' holds {len(documents)} {what}: {' and '.join(document.title for document in documents)}."
    faults = [
        Fault(f"lines {one.first_line} to {one.last_line}", f"This is {one.title}; save it as a file of its own.")
        for one in documents
    ]
    raise ReaderError(head, faults)

"""Which mapping of the lab fits a file: by the titles of its header, never by its name."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path

from qc.ingest.delivery import Delivery, Part
from qc.lab.mappings import mapping_of
from schemas.errors import ReaderError


def with_mapping(delivery: Delivery, texts: Mapping[str, str]) -> Delivery:
    """Return a delivery with the mapping that its table is read by, if one fits.

    Parameters
    ----------
    texts : mapping of str to str
        Mappings of the lab, as texts by file name.

    Raises
    ------
    ReaderError
        If two fit equally well.
    """
    name = fitting_name(delivery.main.name, delivery.main.content, texts) if texts else ""
    return replace(delivery, mapping=Part("mapping", name, texts[name].encode())) if name else delivery


def fitting_name(file: str, content: bytes, texts: Mapping[str, str]) -> str:
    """Return the name of the mapping that fits a file: the one with most titles; empty if none does.

    Raises
    ------
    ReaderError
        If two fit equally well.
    """
    from qc.readers.text.source import Source
    from schemas.headers.header_rows import header_at

    try:
        sheets = Source(Path(file), content).sheets
    except ReaderError:
        return ""  # what is wrong with the file is told by who reads it
    n_titles: dict[str, int] = {}
    for name, text in texts.items():
        fits = mapping_of(text, name).fits
        if any(header_at(sheet, fits.titles, fits.header_rows) is not None for sheet in sheets):
            n_titles[name] = len(fits.titles)
    best = [name for name, n in n_titles.items() if n == max(n_titles.values())]
    if len(best) > 1:
        several = " and ".join(f"mappings/{name}" for name in best)
        raise ReaderError(f"'{file}' fits {several}. Take one of them away, or give it more titles.")
    return best[0] if best else ""

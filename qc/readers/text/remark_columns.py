"""Columns in which an instrument says something of a well: status, warnings, errors, notes, comments."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping

from schemas.text_tables.sheet import Row

_REMARK = re.compile(
    r"\b(status|warnings?|(?<!std )(?<!standard )errors?|notes?|flags?|comments?|remarks?|messages?|saturat\w+"
    r"|bemerkung(en)?|kommentare?|anmerkung(en)?|hinweise?|warnung(en)?|fehler|meldung(en)?|remarques?|commentaires?"
    r"|avertissements?|erreurs?|observaci[oó]n(es)?|comentarios?|advertencias?|osservazioni|commenti?|opmerking(en)?)\b",
    re.IGNORECASE,
)
_JUDGED = re.compile(r"(sample|target|assay|plate|run|well|result|block) ?qc\Z", re.IGNORECASE)
"""Titles under which an instrument judges a part of its own run, such as ``SampleQC`` of NULISAseq."""
_WELL_DONE = "completed|complete|ok|okay|none|no|0|normal|passed|pass|valid|success|n/a|na|nan|false|good|-|--"
_NOTHING = frozenset(["", *re.split(r"\|", _WELL_DONE)])
"""Words by which an instrument says that all is well."""


def is_remark(title: str) -> bool:
    """Tell whether a column holds what the instrument says of a well.

    Parameters
    ----------
    title : str
        Title of the column, such as ``WELL STATUS`` or ``Sampling Errors``.
    """
    apart = re.sub(r"(?<=[a-z0-9])(?=[A-Z])", " ", title).replace("_", " ")
    return bool(_REMARK.search(title) or _REMARK.search(apart) or _JUDGED.search(apart))


def says_something(words: str) -> bool:
    """Tell whether the cell of such a column says more than that all is well."""
    return words.strip().casefold() not in _NOTHING


def remarks_of(row: Row, titles: Mapping[int, str]) -> Iterator[tuple[int, str]]:
    """Yield what the instrument says in a row.

    Parameters
    ----------
    titles : mapping of int to str
        Title by column, of any columns.

    Yields
    ------
    tuple of int and str
        Column, and its title with the words: ``well status: Warning``.
    """
    for place, title in titles.items():
        if is_remark(title) and says_something(row.cell(place)):
            yield place, f"{' '.join(title.split()).lower()}: {row.cell(place)}"

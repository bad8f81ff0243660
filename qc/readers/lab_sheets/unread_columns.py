"""Columns of a results table that have no title of ours: a remark is a mark of its result, a misspelt one is named."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from functools import cache
from typing import TYPE_CHECKING

from qc.readers.text.comments import comment_mark
from qc.readers.text.least_beads import counts_beads, too_few_beads
from qc.readers.text.remark_columns import is_remark, says_something
from schemas.file_remark import FileRemark, RemarkKind
from schemas.headers.column_names import bare
from schemas.names import nearest_word
from schemas.tables.column import sheet_columns
from schemas.tables.sheets import SHEETS

if TYPE_CHECKING:
    from schemas.headers.header import Header

_JUDGES = re.compile(
    r"(qc|quality|alarms?|exceptions?|validity|invalid|exclu(ded?|sion)|mask(ed)?|outliers?|reject(ed)?|omit(ted)?|"
    r"ignored?|ausgeschlossen|ausschluss|ungültig|ausrei(ss|ß)er|verworfen|exclue?s?|descartado|escluso)"
    r"( (flag|status|result|check|code|word|reason|grund))?\Z"
)
"""Titles, in lower case, of columns in which a result is judged by whoever wrote the table."""
_ACCEPTS = re.compile(
    r"(valid|accept(ed|able)?|used?|included?|approved|gültig|verwende(n|t)|akzeptiert|valide|aceptado|valido)"
    r"( (flag|status|result))?\Z"
)
"""Titles, in lower case, of columns in which a yes says that all is well."""
_YES = frozenset(
    {*("", "yes", "y", "true", "1", "x", "ja", "j", "wahr", "oui", "si", "sí", "ok", "valid", "accepted", "used"),
     *("included", "approved", "pass", "passed", "gültig", "accept", "use", "include", "verwendet")}
)  # fmt: skip
_NO = frozenset({"nein", "non", "falsch", "kein", "keine", "keiner"})
_ONE_TRUTH = frozenset({"value", "unit", "dilution", "lloq", "lod", "uloq", "visit", "subject", "matrix", "sex"})
"""Columns of which two that differ cannot both be right."""
_NAMES = frozenset({"sample", "material", "analyte"})
"""Columns of which a second one may hold another name of the same thing."""
_MISSPELT = 0.8
"""Share of letters in common, in order, from which one title is the other one misspelt."""
_MEND = "Mend the header, or say in words.toml of the lab what the column is."


def remark_columns(header: Header) -> dict[int, str]:
    """Return the columns in which a table of results says something of its results, by index, with their titles."""
    if header.kind != "results":
        return {}
    read = {*(index for ours, index in header.columns.items() if ours in _titles_of_results()), *header.wide}
    titles = {index: " ".join(cell.split()) for index, cell in enumerate(header.row.cells) if index not in read}
    says = (is_remark, _judges, _accepts, counts_beads)
    return {index: title for index, title in titles.items() if any(one(title) for one in says)}


@cache
def _titles_of_results() -> frozenset[str]:
    """Return the titles that a table of results reads; ``accepted`` is one of another sheet."""
    from schemas.tables.run_columns import RunColumns

    return frozenset(one.title for one in (*SHEETS["results"].columns, *sheet_columns(RunColumns)))


def _judges(title: str) -> bool:
    return bool(_JUDGES.match(re.sub(r"[\s_\-]+", " ", title.casefold())))


def _accepts(title: str) -> bool:
    return bool(_ACCEPTS.match(re.sub(r"[\s_\-]+", " ", title.casefold())))


def _speaks(title: str, words: str) -> bool:
    word = words.strip().casefold()
    return word not in _YES if _accepts(title) else says_something(words) and word not in _NO


def remark_marks(header: Header, columns: Mapping[int, str]) -> Iterator[tuple[int, int, str]]:
    """Yield what such columns say against results.

    Yields
    ------
    tuple of int, int and str
        Line, column and mark: ``error: E34 short sample``.
    """
    for row in header.rows:
        for index, title in columns.items():
            if counts_beads(title):
                if few := too_few_beads(row.cell(index)):
                    yield row.line, index, comment_mark(few, header.sheet.where(row), word="bead count")
            elif _speaks(title, row.cell(index)):
                yield row.line, index, comment_mark(row.cell(index), header.sheet.where(row), word=title.casefold())


def misspelt_columns(header: Header, titles: Mapping[str, str], used: set[int]) -> tuple[FileRemark, ...]:
    """Name the columns of a table of results that are filled, not read, and spelt much like one that would be.

    Parameters
    ----------
    titles : mapping of str to str
        Our title by bare title.
    used : set of int
        Columns that are read.
    """
    if header.kind != "results":
        return ()
    lacking = {word: ours for word, ours in titles.items() if ours not in header.columns}
    found = []
    for index, cell in enumerate(header.row.cells):
        near = nearest_word(bare(cell), lacking, likeness=_MISSPELT) if index not in used else ""
        if near and any(row.cell(index) for row in header.rows):
            text = f"Column '{cell.strip()}' is not read; is '{lacking[near]}' meant? {_MEND}"
            found.append(FileRemark(RemarkKind.INSTRUMENT, header.sheet.where(header.row), text))
    return tuple(found)


def outvoted_columns(header: Header, titles: Mapping[str, str], used: set[int]) -> tuple[FileRemark, ...]:
    """Name the columns that could be one that is read, and say otherwise than it in some row.

    Another value or unit is held against the file: one of the two is wrong, or they are of two things. Another name is
    told as what was chosen.

    Parameters
    ----------
    titles : mapping of str to str
        Our title by bare title.
    used : set of int
        Columns that are read.
    """
    found = []
    for index, cell in enumerate(header.row.cells):
        ours = titles.get(bare(cell), "") if index not in used else ""
        at = header.columns.get(ours)
        both = [(row.cell(at).strip(), row.cell(index).strip()) for row in header.rows] if at is not None else []
        unlike = [pair for pair in both if pair[1] and pair[0] != pair[1]]
        if unlike and at is not None and ours in _ONE_TRUTH | _NAMES:
            kind = RemarkKind.INSTRUMENT if ours in _ONE_TRUTH else RemarkKind.CHOICE
            text = f"Columns '{header.row.cell(at).strip()}' and '{cell.strip()}' could each be the {ours}, and differ"
            where = header.sheet.where(header.row)
            rows = f"in {len(unlike)} row{'' if len(unlike) == 1 else 's'}"
            said = f"{text} {rows}; the first is read. Delete the other, or call it what it is."
            found.append(FileRemark(kind, where, said))
    return tuple(found)

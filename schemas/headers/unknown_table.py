"""A file that is none of the known tables: which line is its header, what that lacks, and how to declare it."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence

from schemas.errors import Fault, ReaderError
from schemas.headers.column_names import (
    bare,
    header_faults,
    looks_like_data,
    parted_unit,
    positions,
    ragged_faults,
    titles_for,
)
from schemas.headers.header import NO_WORDS, first_rows, needs
from schemas.headers.visits import parted_visit
from schemas.headers.wide_table import analyte_of, holds_results, looks_wide
from schemas.lab_words import LabWords
from schemas.names import nearest_name
from schemas.text_tables.delimited import plainest
from schemas.text_tables.sheet import Row, Sheet

_MOST_FAULTS = 20
_PART = re.compile(r"[^\W\d_]+")
_NEAR = 0.75  # share of common letters: below it "info" is near "active_from"
_LEAST_PART = 4  # letters of a word by which a title may be near another


_MOST_COLUMNS = 60
"""Titles of a row that are compared with those that are known; a panel of thousands would take minutes."""


def unknown_table(sheets: Sequence[Sheet], name: str, words: LabWords = NO_WORDS) -> ReaderError:
    """Return the error for a file that is none of the known tables, with every fault of its form.

    Parameters
    ----------
    sheets : sequence of Sheet
        Sheets of the file; of a text one for each delimiter that cuts it.
    name : str
        Name of the file.
    words : LabWords
        What the laboratory calls columns.

    Returns
    -------
    ReaderError
        Error that names the line most like a header, what it lacks, and a declaration to copy.
    """
    looked_at = list(sheets) if sheets and sheets[0].name else [plainest(tuple(sheets))]
    faults = [fault for sheet in looked_at for fault in _faults_of_unknown(sheet, words)]
    text = f"'{name}' is not a table or a plate export that is known."
    return ReaderError(f"{text} If it is a table, 'qc map {name}' proposes what its columns are.", faults)


def _faults_of_unknown(sheet: Sheet, words: LabWords) -> list[Fault]:
    rows = first_rows(sheet)
    if not rows:
        return [Fault(f"sheet '{sheet.name}'" if sheet.name else "", "It is empty.")]
    titles = titles_for("tidy", words)
    header = max(rows, key=lambda row: (_likeness(row, titles), row.width > 1, -row.line))
    if looks_like_data(header):
        return [
            Fault(sheet.where(header), "A header is missing: this row holds numbers where column names are expected.")
        ]
    below = [row for row in sheet.rows if row.line > header.line and not row.is_blank]
    faults = [*sheet.faults, Fault(sheet.where(header), _found(sheet, header, titles))]
    if not below:
        faults.append(Fault(sheet.where(header), "There is no row below the header."))
    faults += header_faults(sheet, header) + ragged_faults(sheet, header, below)
    rest = len(faults) - _MOST_FAULTS
    return faults[:_MOST_FAULTS] + ([Fault("", f"{rest} more rows do not fit the header.")] if rest > 0 else [])


def _likeness(row: Row, titles: Mapping[str, str]) -> float:
    if row.width < 2 or looks_like_data(row):
        return 0
    known = len(positions(row, titles))
    near = sum(bool(likely_column(cell, titles)) for cell in row.cells[:_MOST_COLUMNS])
    return known + near / 2


def likely_column(title: str, titles: Mapping[str, str]) -> str:
    """Return our column that a title may mean: by a known title like it, or by a word of it.

    Parameters
    ----------
    title : str
        Title as the file writes it.
    titles : mapping of str to str
        Our column by bare title.

    Returns
    -------
    str
        Our column; empty if none is near.
    """
    name = parted_unit(title)[0].strip()
    if bare(name) in titles or not any(letter.isalpha() for letter in name):
        return titles.get(bare(name), "")
    near = nearest_name(bare(name), [word for word in titles if len(word) >= _LEAST_PART], likeness=_NEAR)
    parts = [bare(part) for part in _PART.findall(name) if len(part) >= _LEAST_PART]
    return next((titles[part] for part in reversed(parts) if part in titles), "") or titles.get(near, "")


def _found(sheet: Sheet, header: Row, titles: Mapping[str, str]) -> str:
    names = [f"'{' '.join(cell.split())}'" for cell in header.cells if cell.strip()]
    rest = len(names) - _MOST_COLUMNS
    quoted = ", ".join(names[:_MOST_COLUMNS]) + (f" and {rest} more" if rest > 0 else "")
    columns = positions(header, titles)
    # Beside a column of analytes the only column of numbers holds the results of all of them.
    wide = {} if "analyte" in columns else looks_wide(sheet, header, columns)
    proposed = _proposed(sheet, header, titles, wide)
    found = f"Columns found: {quoted}."
    if wide and {"sample", "subject"} & {*columns, *proposed.values()}:
        return f"{found} It looks like one column an analyte. {_declaration(header, proposed, wide)}"
    lacks = _lacks({*columns, *proposed.values()})
    return f"{found} {lacks}{' ' + _declaration(header, proposed, {}) if proposed else ''}"


def _proposed(
    sheet: Sheet, header: Row, titles: Mapping[str, str], wide: Mapping[int, tuple[str, str]]
) -> dict[int, str]:
    taken = set(positions(header, titles))
    known = set(positions(header, titles).values())
    proposed: dict[int, str] = {}
    below = [row for row in sheet.rows if row.line > header.line and not row.is_blank]
    open_indices = [
        index for index, cell in enumerate(header.cells) if cell.strip() and index not in known and index not in wide
    ]
    for index in open_indices[:_MOST_COLUMNS]:
        ours = likely_column(header.cells[index], titles)
        if ours and ours not in taken:
            proposed[index] = ours
            taken.add(ours)
    numeric = [index for index in open_indices if index not in proposed and holds_results(below, index)]
    if "value" not in taken and not wide and numeric and _of_results(taken):
        proposed[numeric[0]] = "value"
    return proposed


def _of_results(ours: set[str]) -> bool:
    return bool(ours & {"sample", "material", "analyte"}) and not _of_controls(ours)


def _of_controls(ours: set[str]) -> bool:
    """Tell whether columns are those of a control sheet: each row of a control, and none of a sample."""
    return {"material", "level"} <= ours and not ours & {"sample", "value"}


def _lacks(ours: set[str]) -> str:
    if not ours:
        clauses = "; ".join(needs().values())
        return f"None of them is known: {clauses}."
    if _of_controls(ours):
        lacking = [title for title in ("analyte", "target (or target_from)", "sd") if title.split()[0] not in ours]
        return f"It looks like a control sheet{' and lacks ' + ' and '.join(lacking) if lacking else ''}."
    if ours & {"analyte", "value", "unit"}:
        lacking = [title for title in ("sample", "analyte", "value") if title not in ours]
        return f"It looks like a results table{' and lacks ' + ' and '.join(lacking) if lacking else ''}."
    return f"It looks like the sheet of {', '.join(sorted(ours))}: {'; '.join(needs().values())}."


def _declaration(header: Row, proposed: Mapping[int, str], wide: Mapping[int, tuple[str, str]]) -> str:
    columns = [f'{_key(header.cell(index))} = "{ours}"' for index, ours in proposed.items()]
    analytes = [_wide_line(header.cell(index), *named) for index, named in wide.items()]
    lines = [*(["[columns]"] if columns else []), *columns, *(["[wide]"] if analytes else []), *analytes]
    if not lines:
        return ""
    says = "If that is meant, copy this to words.toml of the lab, or to the run sheet:"
    return "\n      ".join([says, *lines])


def _wide_line(title: str, name: str, unit: str) -> str:
    rest, visit = parted_visit(name)
    if visit and not analyte_of(name):
        of_title = "" if unit else ', unit = ""'
        return f'{_key(title)} = {{ analyte = "{analyte_of(rest) or rest}"{of_title}, visit = "{visit}" }}'
    analyte = analyte_of(name) or name
    if unit:
        return f'{_key(title)} = "{analyte}"'
    return f'{_key(title)} = {{ analyte = "{analyte}", unit = "" }}'


def _key(title: str) -> str:
    escaped = title.replace("\\", "\\\\").replace('"', '\\"')
    return f'"{" ".join(escaped.split())}"'

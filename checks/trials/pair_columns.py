"""Tables as they lie about: other names of columns, two measures in one, one value a line."""

from __future__ import annotations

import csv
import io
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from checks.trials.csv_table import read_csv_table
from checks.trials.pair_file import COLUMNS, TOO_LONG
from schemas.errors import ConfigError, Fault, ReaderError

Line = Mapping[str, str]
MOST_NAMED = 12  # values of a column that a message names; no unit


@dataclass(frozen=True, slots=True)
class Layout:
    """Which columns of a table are meant."""

    subject: str = ""
    """Column of the subject; empty means ``subject``, and the number of the line where there is none."""
    before: str = ""
    """Column of the first values; empty means ``before``."""
    after: str = ""
    """Column of the second values; empty means ``after``."""
    time: str = ""
    """Column that tells the visits apart, in a table with one value a line; empty means ``time``."""
    value: str = ""
    """Column of the values in such a table; empty means ``value``."""
    visits: tuple[str, ...] = ()
    """Values of ``time``: the first visit and the second."""
    where: tuple[str, ...] = ()
    """Conditions ``COLUMN=VALUE`` on the lines that count."""

    @property
    def is_plain(self) -> bool:
        """Return whether nothing is said: the table has the columns that are expected."""
        return self == Layout()


def as_pairs(text: str, layout: Layout) -> str:
    """Return a table with the columns ``subject``, ``before`` and ``after``.

    Parameters
    ----------
    text : str
        Text of a CSV file.
    layout : Layout
        Which columns are meant.

    Returns
    -------
    str
        The same values, separated as they were; the text itself if the layout says nothing.

    Raises
    ------
    ConfigError
        If a condition or the visits cannot be understood, or a column, a visit or lines that were asked for by name are
        not in the file: the message says what is there.
    ReaderError
        If a column of the usual name is missing or a subject has two values at one visit.
    """
    if layout.is_plain:
        return text
    names, lines, delimiter = _lines(text, layout)
    if not (layout.time or layout.value or layout.visits):
        before, after = _column(names, layout.before, "before"), _column(names, layout.after, "after")
        rows = [(_subject(line, names, layout, n), line[before], line[after]) for n, line in enumerate(lines, start=1)]
        return _table(COLUMNS, rows, delimiter)
    return _table(COLUMNS, _from_long(names, lines, layout), delimiter)


def as_visits(text: str, layout: Layout) -> str:
    """Return a table with the columns ``subject``, ``time`` and ``value``.

    Parameters
    ----------
    text : str
        Text of a CSV file with one value a line.
    layout : Layout
        Which columns are meant.

    Returns
    -------
    str
        The same values, separated as they were; the text itself if the layout says nothing.

    Raises
    ------
    ConfigError
        If a condition cannot be understood, or a column or lines that were asked for by name are not in the file.
    ReaderError
        If a column of the usual name is missing.
    """
    if layout.is_plain:
        return text
    names, lines, delimiter = _lines(text, layout)
    time, value = _column(names, layout.time, "time"), _column(names, layout.value, "value")
    rows = [(_subject(line, names, layout, n), line[time], line[value]) for n, line in enumerate(lines, start=1)]
    return _table(("subject", "time", "value"), rows, delimiter)


def _from_long(names: Sequence[str], lines: Sequence[Line], layout: Layout) -> list[tuple[str, str, str]]:
    if len(layout.visits) != 2 or len(set(layout.visits)) != 2:
        raise ConfigError("Say the two visits of a table with one value a line: '--visits FIRST,SECOND'.")
    subject, time = _column(names, layout.subject, "subject"), _column(names, layout.time, "time")
    value = _column(names, layout.value, "value")
    _check_visits(layout.visits, time, Counter(line[time] for line in lines))
    cells: dict[str, dict[str, str]] = {}
    faults = []
    for line in lines:
        if line[time] not in layout.visits:
            continue
        own = cells.setdefault(line[subject], {})
        if line[time] in own:
            faults.append(Fault("", f"Subject '{line[subject]}' has two values at '{line[time]}': one is expected."))
        own[line[time]] = line[value]
    if faults:
        raise ReaderError("The table cannot be paired.", faults)
    first, second = layout.visits
    return [(name, own.get(first, ""), own.get(second, "")) for name, own in cells.items()]


def _lines(text: str, layout: Layout) -> tuple[Sequence[str], list[dict[str, str]], str]:
    table = read_csv_table(text, too_long=TOO_LONG, may_be_empty=True)
    table.refuse_faults("The table")
    lines = [dict.fromkeys(table.columns, "") | line for line in table.rows]
    for condition in layout.where:
        name, sign, wanted = condition.partition("=")
        if not sign:
            raise ConfigError(f"Condition '{condition}' is not understood: 'COLUMN=VALUE' is expected.")
        column = _column(table.columns, name.strip())
        there = Counter(line[column] for line in lines)
        lines = [line for line in lines if line[column] == wanted.strip()]
        if not lines:
            raise ConfigError(f"No line has {column}={wanted.strip()}: column {column} holds {_names_in_words(there)}.")
    return table.columns, lines, table.delimiter


def _check_visits(visits: Sequence[str], column: str, there: Counter[str]) -> None:
    missing = [visit for visit in visits if visit not in there]
    if missing:
        raise ConfigError(f"Column {column} holds {_names_in_words(there)}; not {', '.join(missing)}.")


def _names_in_words(there: Counter[str]) -> str:
    counted_names = [f"{name or 'nothing'} ({count})" for name, count in list(there.items())[:MOST_NAMED]]
    more = [f"{len(there) - MOST_NAMED} more"] if len(there) > MOST_NAMED else []
    return ", ".join([*counted_names, *more]) or "nothing"


def _column(names: Sequence[str], option: str, usual: str = "") -> str:
    wanted = option or usual
    if wanted.casefold() in names:
        return wanted.casefold()
    text = f"The header lacks '{wanted}'; it has {', '.join(repr(name) for name in names)}."
    raise ConfigError(text) if option else ReaderError(text)


def _subject(line: Line, names: Sequence[str], layout: Layout, number: int) -> str:
    if layout.subject:
        return line[_column(names, layout.subject)]
    return line.get("subject", f"line {number}")


def _table(names: Sequence[str], rows: Sequence[Sequence[str]], delimiter: str) -> str:
    buffer = io.StringIO()
    writer = csv.writer(buffer, delimiter=delimiter, lineterminator="\n")
    writer.writerows([names, *rows])
    return buffer.getvalue()

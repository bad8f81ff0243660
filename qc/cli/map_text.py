"""A proposed mapping for a person at a terminal."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any  # Any: cells of rows

from qc.cli.output import say
from qc.cli.tables import aligned

if TYPE_CHECKING:
    from qc.ingest.mappings.map_file import MapAnswer
    from schemas.headers.column_guess import ProposedColumn

_SHOWN = ("line", "role", "sample", "subject", "visit", "analyte", "matrix", "text", "unit", "material", "level", "lot",
          "sex", "birth_year", "collected_at", "frozen_at", "target", "sd", "flag")  # fmt: skip
"""Columns of the outcome that are shown where a row fills them."""


def map_text(answer: MapAnswer) -> None:
    """Print what is proposed, what comes of it, and what is to be done next.

    Parameters
    ----------
    answer : MapAnswer
        What is proposed.
    """
    proposal = answer.proposal
    if proposal is None:
        by = f"mappings/{answer.fits}" if answer.fits else f"reader '{answer.reader}' as it is"
        say(f"{answer.file} is read by {by}: no mapping is needed." if not answer.error else f"It fits {by}.")
    else:
        place = f"sheet '{proposal.sheet}', row" if proposal.sheet else "line"
        place += f" {proposal.header_line}"
        place += f", header of {proposal.header_rows} rows" if proposal.header_rows > 1 else ""
        say(f"{answer.file}: {proposal.kind or 'no table that is known'}; header in {place}")
        say()
        aligned([_column_row(one) for one in proposal.columns], ("title", "is", "by", "first cell"))
    _outcome(answer)
    for question in answer.open_questions:
        say(f"TO SAY: {question}")
    if answer.written:
        say(f"Written: {answer.written}. 'qc ingest' and the night read every file of this shape by it.")


def _column_row(column: ProposedColumn) -> tuple[str, str, str, str]:
    means = f"analyte {column.means}" if column.is_analyte else column.means or "(left aside)"
    meaning = ", ".join(word for word in (means, column.unit, f"visit {column.visit}" if column.visit else "") if word)
    return column.title, meaning, f"{'GUESS: ' if column.is_guess and column.means else ''}{column.why}", column.example


def _outcome(answer: MapAnswer) -> None:
    if answer.outcome:
        say()
        say(f"{answer.n_rows} rows come of it, the first {len(answer.outcome)}:")
        names = [name for name in _SHOWN if any(row.get(name) not in (None, "") for row in answer.outcome)]
        aligned([tuple(_cell(row, name) for name in names) for row in answer.outcome], tuple(names))
    say()
    for line in answer.left_aside:
        say(line)
    for finding in answer.findings:
        say(f"{finding.where}: {finding.sentence}")
    if answer.error:
        say(f"NOT READ: {answer.error}")


def _cell(row: Mapping[str, Any], name: str) -> str:
    return "" if row.get(name) is None else str(row[name])

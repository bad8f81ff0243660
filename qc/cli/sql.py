"""``qc sql``: read the facts by a statement of one's own."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Any  # Any: cells of whatever type the statement gives

import click

from qc.cli.exit_codes import ExitCode
from qc.cli.options import actor_option, json_option, lab_option, open_named_lab
from schemas.json_model import JsonModel


@dataclass(frozen=True, slots=True)
class SqlOutput(JsonModel):
    """Rows that a statement gave."""

    columns: list[str]
    """Names of the columns."""
    rows: list[list[Any]]
    """Cells, row by row; a time, a date or a decimal as text."""


@click.command("sql")
@click.argument("statement")
@click.option("--reason", required=True, help="Why; the facts name subjects and visits, and the look is recorded.")
@actor_option
@json_option("qc.cli.sql:SqlOutput")
@lab_option
def command(statement: str, reason: str, actor: str | None, as_json: bool, lab_folder: Path | None) -> int:
    """Run STATEMENT on the facts, read-only, and print its rows as CSV; --json prints them as JSON.

    Never open facts.duckdb with another program: one INSERT from there can erase rows that were acknowledged. Plain
    views: latest_results, open_findings, open_items, latest_samples, latest_subjects. Needs the right to unblind.
    """
    from qc.cli.output import data, say, talk
    from qc.people.unblinding import NOT_RECORDED
    from qc.release.csv_text import csv_text
    from qc.store.read_only import is_read_only

    lab = open_named_lab(lab_folder)
    rows = lab.sql(statement, reason=reason, actor=actor)
    if is_read_only(lab.paths.ledger):
        talk(NOT_RECORDED)
    if as_json:
        data(SqlOutput(rows.columns, [[_plain(cell) for cell in row] for row in rows.iter_rows()]))
    else:
        say(csv_text(rows).rstrip("\n"))
    return ExitCode.CLEAN


def _plain(cell: object) -> object:
    if isinstance(cell, float) and cell != cell:  # NaN has no place in JSON
        return None
    return cell if cell is None or isinstance(cell, str | int | float | bool) else str(cell)

"""``qc queue``: list what waits for a person."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import click

from qc.cli.exit_codes import ExitCode
from qc.cli.options import json_option, lab_option, open_named_lab
from schemas.json_model import JsonModel

if TYPE_CHECKING:
    from qc.decide.queue_and_show import QueueItem


@dataclass(frozen=True, slots=True)
class QueueOutput(JsonModel):
    """What waits for a person."""

    n_waiting: int
    """Items that wait."""
    items: list[QueueItem]
    """The items, gravest first."""


@click.command("queue")
@click.option("--study", default=None, help="Only this study.")
@json_option("qc.cli.queue:QueueOutput")
@lab_option
def command(study: str | None, as_json: bool, lab_folder: Path | None) -> int:
    """List what waits for a person, gravest first, blind to subject and visit.

    Samples carry fixed pseudonyms. What decisions have touched is judged again first. Exit code 1 if anything waits.
    """
    from qc.cli.output import data
    from qc.cli.tables import queue_table

    lab = open_named_lab(lab_folder)
    lab.settle()
    items = lab.queue(study)
    if as_json:
        data(QueueOutput(len(items), items))
    else:
        queue_table(items)
    return ExitCode.WAITS if items else ExitCode.CLEAN

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
    from qc.items.cause_shown import CauseShown
    from qc.triage.warned_items import WarnedItem


@dataclass(frozen=True, slots=True)
class QueueOutput(JsonModel):
    """What waits for a person."""

    n_waiting: int
    """Items that wait."""
    n_causes: int
    """Things to settle: causes that several items share, and items that stand alone."""
    n_results: int
    """Results that wait with them."""
    causes: tuple[CauseShown, ...]
    """What two or more items share, gravest first; the name of a cause stands for all of them."""
    items: list[QueueItem]
    """The items, gravest first."""


@dataclass(frozen=True, slots=True)
class InSpiteOutput(JsonModel):
    """What was approved by rule in spite of a warning."""

    n_approved: int
    """Items."""
    items: list[WarnedItem]
    """The items, by run."""


@click.command("queue")
@click.option("--in-spite", is_flag=True, help="List what was approved by rule in spite of a warning, instead.")
@click.option("--study", default=None, help="Only this study.")
@click.option("--items", "each", is_flag=True, help="Each item by itself, also those that share a cause.")
@json_option("qc.cli.queue:QueueOutput", "qc.cli.queue:InSpiteOutput")
@lab_option
def command(in_spite: bool, study: str | None, each: bool, as_json: bool, lab_folder: Path | None) -> int:
    """List what waits for a person, gravest first, blind to subject and visit.

    Items that share a cause stand in one line with what settles it; 'qc show' lists them, and 'qc decide' takes the
    name of the cause for all of them, '--except' leaves some out.

    Samples carry fixed pseudonyms. What decisions have touched is judged again first. Exit code 1 if anything waits.

    With --in-spite: what a warning speaks against that the profile tolerates, so that nothing waits. 'warnings_wait =
    true' in section [assess] of qc.toml lets it wait. Exit code 0.
    """
    from qc.cli.output import data
    from qc.cli.queue_text import queue_table
    from qc.cli.tables import in_spite_table
    from qc.decide.queue_causes import by_cause, n_results_of

    lab = open_named_lab(lab_folder)
    lab.settle()
    if in_spite:
        warned = lab.approved_in_spite(study)
        data(InSpiteOutput(len(warned), warned)) if as_json else in_spite_table(warned)
        return ExitCode.CLEAN
    items = lab.queue(study)
    if as_json:
        causes = by_cause(items)
        data(QueueOutput(len(items), causes.n_items, n_results_of(items), causes.causes, items))
    else:
        queue_table(items, is_each=each)
    return ExitCode.WAITS if items else ExitCode.CLEAN

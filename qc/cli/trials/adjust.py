"""``qc try adjust``: p-values adjusted for their number."""

from __future__ import annotations

from pathlib import Path

import click

from qc.cli.trials.each_file import FILES, each_file, trial_json_option


@click.command("adjust")
@FILES
@trial_json_option("checks.trials.adjust:AdjustAnswer")
def command(files: tuple[Path, ...], as_json: bool) -> int:
    """Adjust p-values (CSV: name, p; an empty p was not tested) by every customary method."""
    from checks.trials.adjust import adjust as correct

    return each_file(files, correct, as_json=as_json)

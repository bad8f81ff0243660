"""``qc try repeated``: several visits compared."""

from __future__ import annotations

from pathlib import Path

import click

from qc.cli.options import json_option
from qc.cli.trials.each_file import FILES, each_file


@click.command("repeated")
@FILES
@json_option
def command(files: tuple[Path, ...], as_json: bool) -> int:
    """Compare several visits (CSV: subject, time, value; a value may be censored or empty)."""
    from qc.trial.repeated import repeated as compare

    return each_file(files, compare, as_json=as_json)

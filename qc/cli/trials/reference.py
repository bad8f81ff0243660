"""``qc try reference``: reference limits."""

from __future__ import annotations

from pathlib import Path

import click

from qc.cli.trials.each_file import FILES, each_file, trial_json_option


@click.command("reference")
@FILES
@trial_json_option("checks.trials.reference:ReferenceAnswer")
def command(files: tuple[Path, ...], as_json: bool) -> int:
    """Give reference limits (CSV: value, one row a person) with 90 % confidence intervals."""
    from checks.trials.reference import reference

    return each_file(files, reference, as_json=as_json)

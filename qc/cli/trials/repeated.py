"""``qc try repeated``: several visits compared."""

from __future__ import annotations

from pathlib import Path
from typing import Any  # Any: options of the command

import click

from qc.cli.trials.each_file import FILES, each_file, trial_json_option
from qc.cli.trials.stated_bounds import bound_options, words_around


@click.command("repeated")
@FILES
@click.option("--subject", default="", help="Column of the subject, if not 'subject'.")
@click.option("--time", default="", help="Column of the visit, if not 'time'.")
@click.option("--value", default="", help="Column of the values, if not 'value'.")
@click.option("--where", multiple=True, help="Take lines with COLUMN=VALUE alone; may be given several times.")
@bound_options
@trial_json_option("checks.trials.repeated:RepeatedAnswer")
def command(
    files: tuple[Path, ...], as_json: bool, lloq: float | None, lod: float | None, uloq: float | None, **layout: Any
) -> int:
    """Compare several visits (CSV: subject, time, value; a value may be censored or empty)."""
    from checks.trials.pair_columns import Layout, as_visits
    from checks.trials.repeated import repeated as compare

    columns, words = Layout(**layout), words_around()
    bounds = {"lloq": lloq, "lod": lod, "uloq": uloq}
    return each_file(files, lambda text: compare(as_visits(text, columns), words=words, bounds=bounds), as_json=as_json)

"""``qc try repeated``: several visits compared."""

from __future__ import annotations

from pathlib import Path

import click

from qc.cli.trials.each_file import FILES, each_file, trial_json_option


@click.command("repeated")
@FILES
@click.option("--subject", default="", help="Column of the subject, if not 'subject'.")
@click.option("--time", default="", help="Column of the visit, if not 'time'.")
@click.option("--value", default="", help="Column of the values, if not 'value'.")
@click.option("--where", multiple=True, help="Take lines with COLUMN=VALUE alone; may be given several times.")
@trial_json_option("checks.trials.repeated:RepeatedAnswer")
def command(files: tuple[Path, ...], as_json: bool, where: tuple[str, ...], subject: str, time: str, value: str) -> int:
    """Compare several visits (CSV: subject, time, value; a value may be censored or empty)."""
    from checks.trials.pair_columns import Layout, as_visits
    from checks.trials.repeated import repeated as compare

    layout = Layout(subject=subject, time=time, value=value, where=where)
    return each_file(files, lambda text: compare(as_visits(text, layout)), as_json=as_json)

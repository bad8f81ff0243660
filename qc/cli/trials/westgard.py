"""``qc try westgard``: control results judged by Westgard rules."""

from __future__ import annotations

from pathlib import Path

import click

from qc.cli.options import json_option
from qc.cli.trials.each_file import FILES, each_file


@click.command("westgard")
@FILES
@click.option("--rules", default=None, help="Rules, joined by commas; by number of levels if not given.")
@json_option
def command(files: tuple[Path, ...], rules: str | None, as_json: bool) -> int:
    """Judge control results (CSV: run, level and z, or value, mean, sd) by Westgard rules."""
    from checks.arithmetic.westgard import check_rules
    from qc.trial.westgard import westgard as judge

    chosen = [rule.strip() for rule in rules.split(",")] if rules else None
    check_rules(chosen or ())
    return each_file(files, lambda text: judge(text, rules=chosen), as_json=as_json)

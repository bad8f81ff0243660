"""``qc try power``: what so many pairs can show."""

from __future__ import annotations

import click

from qc.cli.exit_codes import ExitCode
from qc.cli.options import json_option
from qc.cli.trials.each_file import print_output


@click.command("power")
@click.option("--n", "n_pairs", type=float, default=None, help="Pairs; left out, it is what is sought.")
@click.option("--sd-diff", type=float, required=True, help="SD of the differences.")
@click.option("--delta", type=float, default=None, help="True mean difference; left out, it is what is sought.")
@click.option("--power", "power", type=float, default=None, help="Power; left out, it is what is sought.")
@click.option("--alpha", type=float, default=0.05, show_default=True, help="Limit of the two-sided p.")
@json_option("checks.trials.power:PowerAnswer")
def command(
    n_pairs: float | None, sd_diff: float, delta: float | None, power: float | None, alpha: float, as_json: bool
) -> int:
    """Say power, minimal detectable difference or pairs needed of a paired t test: give two of the three."""
    from checks.trials.power import power as reckon

    print_output(reckon(n_pairs=n_pairs, sd_diff=sd_diff, delta=delta, power=power, alpha=alpha), as_json=as_json)
    return ExitCode.CLEAN

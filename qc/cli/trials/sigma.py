"""``qc try sigma``: the sigma metric."""

from __future__ import annotations

import click

from qc.cli.exit_codes import ExitCode
from qc.cli.trials.each_file import print_answer, trial_json_option


@click.command("sigma")
@click.option("--tea", type=float, required=True, metavar="PERCENT", help="Allowable total error, in percent.")
@click.option("--bias", type=float, required=True, metavar="PERCENT", help="Bias, in percent.")
@click.option("--cv", type=float, required=True, metavar="PERCENT", help="CV of the method, in percent.")
@trial_json_option("checks.trials.sigma:SigmaAnswer")
def command(tea: float, bias: float, cv: float, as_json: bool) -> int:
    """Give the sigma metric of a method from allowable error, bias and CV, all in percent."""
    from checks.trials.sigma import sigma

    print_answer(sigma(tea, bias, cv), as_json=as_json)
    return ExitCode.CLEAN

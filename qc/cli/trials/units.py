"""``qc try units``: one value in its canonical unit."""

from __future__ import annotations

import click

from qc.cli.exit_codes import ExitCode
from qc.cli.options import json_option
from qc.cli.trials.each_file import print_told


@click.command("units")
@click.argument("value")
@click.argument("unit")
@click.argument("analyte")
@click.argument("matrix")
@json_option
def command(value: str, unit: str, analyte: str, matrix: str, as_json: bool) -> int:
    """Convert VALUE in UNIT to the canonical unit of ANALYTE in MATRIX, and judge it."""
    from qc.trial.units import units as convert
    from schemas.errors import QcError

    try:
        told, code = convert(value, unit, analyte, matrix), ExitCode.CLEAN
    except QcError as error:
        told, code = {"error": str(error)}, ExitCode.REFUSED
    print_told({"gated": False, **told}, as_json=as_json)
    return code

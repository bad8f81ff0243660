"""``qc try units``: one value in its canonical unit."""

from __future__ import annotations

import click

from checks.trials.answer_verdict import is_clean
from qc.cli.exit_codes import ExitCode
from qc.cli.trials.each_file import RefusedFile, exit_code, print_answer, trial_json_option


@click.command("units", context_settings={"ignore_unknown_options": True})
@click.argument("value")
@click.argument("unit")
@click.argument("analyte")
@click.argument("matrix")
@click.option("--method", default="", help="Method that limits are looked up by: elisa, simoa, calculated, ...")
@click.option("--age", type=click.FloatRange(0, 130), default=None, help="Age in years.")
@click.option("--sex", type=click.Choice(["female", "male"]), default=None, help="Sex.")
@trial_json_option("checks.trials.units:UnitsAnswer")
def command(
    value: str, unit: str, analyte: str, matrix: str, *, method: str, age: float | None, sex: str | None, as_json: bool
) -> int:
    """Convert VALUE in UNIT to the canonical unit of ANALYTE in MATRIX, and judge it.

    VALUE may be a bound (<0.5) or negative; analyte and matrix may go by any of their names.
    """
    from checks.trials.units import About
    from checks.trials.units import units as convert
    from schemas.errors import QcError

    about = About(method=method, age_years=age, sex=sex or "")
    try:
        answer = convert(value, unit, analyte, matrix, about)
        code = exit_code(is_clean=is_clean(answer))
    except QcError as error:
        answer, code = RefusedFile(str(error)).as_json(), ExitCode.REFUSED
    print_answer(answer, as_json=as_json)
    return code

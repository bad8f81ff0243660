"""``qc try``: one calculation on one or several files; stores nothing, opens no lab."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import click

from qc.cli.exit_codes import ExitCode
from qc.cli.options import json_option

FILES = click.argument("files", nargs=-1, required=True, type=click.Path(path_type=Path))


@click.group("try")
def command() -> None:
    """Calculate on files without a lab: nothing is stored, and nothing that comes out is gated."""


def _each(files: Sequence[Path], calculate: Callable[[str], dict[str, Any]], *, as_json: bool) -> int:
    from schemas.errors import QcError

    n_failed = 0
    for file in files:
        try:
            told = {"file": str(file), "gated": False, **calculate(_text(file))}
        except QcError as error:
            told, n_failed = {"file": str(file), "gated": False, "error": str(error)}, n_failed + 1
        _print(told, as_json=as_json)
    return ExitCode.REFUSED if n_failed else ExitCode.CLEAN


def _text(file: Path) -> str:
    from schemas.errors import ReaderError

    try:
        return file.read_bytes().decode("utf-8-sig")
    except OSError as error:
        raise ReaderError(f"'{file}' cannot be opened: {error.strerror}.") from error
    except UnicodeDecodeError as error:
        raise ReaderError(f"'{file}' is not UTF-8 text at byte {error.start}.") from error


def _print(told: dict[str, Any], *, as_json: bool) -> None:
    import json

    from qc.cli.output import data, say

    if as_json:
        data(told)
    else:
        say(json.dumps(told, indent=2, ensure_ascii=False, allow_nan=False))


@command.command("westgard")
@FILES
@click.option("--rules", default=None, help="Rules, joined by commas; by number of levels if not given.")
@json_option
def westgard(files: tuple[Path, ...], rules: str | None, as_json: bool) -> int:
    """Judge control results (CSV: run, level and z, or value, mean, sd) by Westgard rules."""
    from qc.trial.westgard import westgard as judge

    chosen = [rule.strip() for rule in rules.split(",")] if rules else None
    return _each(files, lambda text: judge(text, rules=chosen), as_json=as_json)


@command.command("calibrate")
@FILES
@click.option("--model", type=click.Choice(["4pl", "5pl", "auto"]), default="4pl", show_default=True, help="Curve.")
@click.option("--weight", type=click.Choice(["none", "1/y", "1/y2"]), default="1/y2", show_default=True, help="Weight.")
@click.option("--profile", default="m10-lba", show_default=True, help="Acceptance profile.")
@json_option
def calibrate(files: tuple[Path, ...], model: str, weight: str, profile: str, as_json: bool) -> int:
    """Fit a standard curve (CSV: role, name, conc, signal, dilution) and back-calculate samples."""
    from qc.trial.calibrate import calibrate as fit

    return _each(files, lambda text: fit(text, model=model, weight=weight, profile=profile), as_json=as_json)


@command.command("paired")
@FILES
@click.option("--decimals", type=int, default=None, help="Decimals that the laboratory reports.")
@click.option("--zeros", type=click.Choice(["wilcox", "pratt"]), default="wilcox", show_default=True, help="Zeros.")
@click.option("--conf", type=float, default=0.95, show_default=True, help="Level of the intervals.")
@json_option
def paired(files: tuple[Path, ...], decimals: int | None, zeros: str, conf: float, as_json: bool) -> int:
    """Compare pairs (CSV: subject, before, after; a cell may be censored or empty)."""
    from qc.trial.paired import paired as compare

    return _each(files, lambda text: compare(text, decimals=decimals, zeros=zeros, conf=conf), as_json=as_json)


@command.command("adjust")
@FILES
@json_option
def adjust(files: tuple[Path, ...], as_json: bool) -> int:
    """Adjust p-values (CSV: name, p; an empty p was not tested) by Holm and Benjamini-Hochberg."""
    from qc.trial.adjust import adjust as correct

    return _each(files, correct, as_json=as_json)


@command.command("units")
@click.argument("value")
@click.argument("unit")
@click.argument("analyte")
@click.argument("matrix")
@json_option
def units(value: str, unit: str, analyte: str, matrix: str, as_json: bool) -> int:
    """Convert VALUE in UNIT to the canonical unit of ANALYTE in MATRIX, and judge it."""
    from qc.trial.units import units as convert
    from schemas.errors import QcError

    try:
        told, code = convert(value, unit, analyte, matrix), ExitCode.CLEAN
    except QcError as error:
        told, code = {"error": str(error)}, ExitCode.REFUSED
    _print({"gated": False, **told}, as_json=as_json)
    return code


@command.command("read")
@FILES
@click.option("--reader", default=None, help="Reader to use; recognised by content if not given.")
@json_option
def read(files: tuple[Path, ...], reader: str | None, as_json: bool) -> int:
    """Show what a reader makes of a file: runs, wells and what it does not understand."""
    from qc.trial.read import read as look

    refused = 0
    for file in files:
        told = look(file, reader=reader)
        refused += bool(told["error"])
        _print({"file": str(file), "gated": False, **told}, as_json=as_json)
    return ExitCode.REFUSED if refused else ExitCode.CLEAN

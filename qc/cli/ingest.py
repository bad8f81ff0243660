"""``qc ingest``: take files in."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import click

from qc.cli.exit_codes import ExitCode
from qc.cli.options import actor_option, json_option, lab_option, open_named_lab
from schemas.counted import counted
from schemas.json_model import JsonModel

if TYPE_CHECKING:
    from qc.ingest.outcome import Ingested

RUN_SETTINGS = ("run", "study", "matrix", "analyte", "unit", "method", "platform", "instrument", "operator")


@dataclass(frozen=True, slots=True)
class IngestOutput(JsonModel):
    """What became of every file."""

    files: list[Ingested]
    """Deliveries, in the order in which they were taken."""


@click.command("ingest")
@click.argument("files", nargs=-1, required=True, type=click.Path(path_type=Path))
@click.option("--map", "plate_map", type=click.Path(path_type=Path), help="Plate map of the export.")
@click.option("--run-sheet", type=click.Path(path_type=Path), help="Run sheet (TOML) of the export.")
@click.option("--set", "pairs", multiple=True, metavar="KEY=VALUE", help="Setting of the run sheet, such as run=R-12.")
@click.option("--correct", is_flag=True, help="These are corrections: what they change waits until it is accepted.")
@click.option("--reason", default="", help="With --correct: code of reasons.toml; they are accepted in the same act.")
@click.option("--note", default="", help="Free text of that decision.")
@actor_option
@json_option("qc.cli.ingest:IngestOutput")
@lab_option
def command(
    files: tuple[Path, ...],
    plate_map: Path | None,
    run_sheet: Path | None,
    pairs: tuple[str, ...],
    correct: bool,
    reason: str,
    note: str,
    actor: str | None,
    as_json: bool,
    lab_folder: Path | None,
) -> int:
    """Take files and folders in: tables of results, plate exports, sample, subject and control sheets.

    A plate export needs a plate map (P1.map.csv beside P1.txt) and takes what it does not say of its run from a run
    sheet (P1.run.toml) or from --set. The same file twice is known and changes nothing. A bad file goes to quarantine/
    whole, with a reason that names every fault. Exit code 3 if any was refused.

    Rows of a sheet on which stored results rest, and runs that are in already, are not changed by handing them in: what
    would be otherwise waits as a correction (C12), and the old rows count until somebody accepts or refuses it. Exit
    code 1 then.
    """
    from qc.cli.output import data

    if (reason or note) and not correct:
        raise click.UsageError("--reason and --note belong to --correct.")
    settings = _settings(pairs, plate_map, run_sheet)
    outcomes = open_named_lab(lab_folder).ingest(
        *files, correct=correct, reason=reason, note=note, actor=actor, **settings
    )
    if as_json:
        data(IngestOutput(outcomes))
    else:
        for outcome in outcomes:
            _tell(outcome)
    refused = any(outcome.outcome == "quarantined" for outcome in outcomes)
    waits = any(outcome.outcome == "waits" for outcome in outcomes)
    return ExitCode.REFUSED if refused else ExitCode.WAITS if waits else ExitCode.CLEAN


def _settings(pairs: tuple[str, ...], plate_map: Path | None, run_sheet: Path | None) -> dict[str, str]:
    from schemas.errors import ConfigError

    wrong = [pair for pair in pairs if "=" not in pair]
    if wrong:
        raise ConfigError(f"'--set {wrong[0]}' is not of the form KEY=VALUE.")
    settings = dict(pair.split("=", 1) for pair in pairs)
    for key, path in (("map", plate_map), ("run_sheet", run_sheet)):
        if path is not None and not path.is_file():
            raise ConfigError(f"'{path}' is not a file.")
        settings |= {key: str(path)} if path else {}
    return settings


def _tell(outcome: object) -> None:
    from qc.cli.output import say
    from qc.cli.tables import account_lines
    from qc.ingest.outcome import Ingested

    if not isinstance(outcome, Ingested):
        return
    words = {
        "in": f"in: {outcome.kind}, {counted(outcome.n_rows, 'row')}"
        + (f", runs {', '.join(outcome.runs)}" if outcome.runs else "")
        + (f". {outcome.message}" if outcome.message else ""),
        "waits": f"{counted(outcome.n_rows, 'row')} in, {outcome.n_waiting} WAIT. {outcome.message}",
        "known": "known: every byte of it is already in" + (f". {outcome.message}" if outcome.message else ""),
        "quarantined": f"QUARANTINED: {outcome.message}",
    }
    say(f"{outcome.file}: {words[outcome.outcome]}")
    for fault in outcome.faults:
        say(f"    {fault}")
    for line in account_lines(outcome):
        say(f"    {line}")

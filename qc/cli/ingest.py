"""``qc ingest``: take files in."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import click

from qc.cli.exit_codes import ExitCode
from qc.cli.options import json_option, lab_option, open_named_lab
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
@click.option("--correct", is_flag=True, help="Take runs that are already in as corrections: new versions.")
@json_option("qc.cli.ingest:IngestOutput")
@lab_option
def command(
    files: tuple[Path, ...],
    plate_map: Path | None,
    run_sheet: Path | None,
    pairs: tuple[str, ...],
    correct: bool,
    as_json: bool,
    lab_folder: Path | None,
) -> int:
    """Take files and folders in: tables of results, plate exports, sample, subject and control sheets.

    A plate export needs a plate map (P1.map.csv beside P1.txt) and takes what it does not say of its run from a run
    sheet (P1.run.toml) or from --set. The same file twice is known and changes nothing. A bad file goes to quarantine/
    whole, with a reason that names every fault. Exit code 3 if any was refused.
    """
    from qc.cli.output import data
    from qc.ingest.ingest import ingest

    settings = _settings(pairs, plate_map, run_sheet)
    outcomes = ingest(open_named_lab(lab_folder), files, correct=correct, settings=settings)
    if as_json:
        data(IngestOutput(outcomes))
    else:
        for outcome in outcomes:
            _tell(outcome)
    refused = any(outcome.outcome == "quarantined" for outcome in outcomes)
    return ExitCode.REFUSED if refused else ExitCode.CLEAN


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
    from qc.ingest.outcome import Ingested

    if not isinstance(outcome, Ingested):
        return
    words = {
        "in": f"in: {outcome.kind}, {outcome.n_rows} rows"
        + (f", runs {', '.join(outcome.runs)}" if outcome.runs else ""),
        "known": "known: every byte of it is already in",
        "quarantined": f"QUARANTINED: {outcome.message}",
    }
    say(f"{outcome.file}: {words[outcome.outcome]}")
    for fault in outcome.faults:
        say(f"    {fault}")

"""``qc new``: files to fill in."""

from __future__ import annotations

from pathlib import Path

import click

from qc.cli.exit_codes import ExitCode
from qc.cli.near_group import NearGroup
from qc.cli.options import json_option, lab_option


@click.group("new", cls=NearGroup)
def command() -> None:
    """Draw up files to fill in, with everything that is known in its place."""


@command.command("run")
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--kit", default="", help="Kit of kits/ that was used; the one that the export names if not given.")
@json_option("qc.ingest.new_runs.new_run:NewRun")
@lab_option
def run(file: Path, kit: str, as_json: bool, lab_folder: Path | None) -> int:
    """Write the run sheet of FILE and, where it needs one, its plate map, beside it.

    Roles, names, concentrations and dilutions are taken from the export, what it does not say from the kit. What nobody
    has said stays empty: fill it in, and hand the three files in together. Exit code 1 if something is left to be said.
    """
    import os

    from qc.cli.output import data, say
    from qc.ingest.new_runs.new_run import new_run
    from qc.lab.catalogue.catalogue_files import texts_of_folder
    from qc.lab.layout import LabPaths, find_lab
    from qc.lab.words import lab_words
    from schemas.catalogue import load_catalogue, with_lab_words

    paths = LabPaths.of(find_lab(lab_folder, os.environ))
    words = lab_words(paths)
    catalogue = with_lab_words(load_catalogue(texts_of_folder(paths.catalogue)), words)
    made = new_run(file, catalogue, texts_of_folder(paths.kits), words=words, kit=kit)
    if as_json:
        data(made)
    else:
        say(f"Written: {made.run_sheet}" + (f", {made.plate_map} ({made.n_wells} wells)" if made.plate_map else ""))
        for what in made.to_fill_in:
            say(f"TO FILL IN: {what}")
        say(f"Then hand them in together: 'qc ingest {file}', or all of them into inbox/.")
    return ExitCode.WAITS if made.to_fill_in else ExitCode.CLEAN

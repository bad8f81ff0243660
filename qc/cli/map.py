"""``qc map``: what the columns of a foreign table are."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from qc.cli.exit_codes import ExitCode
from qc.cli.options import json_option, lab_option

if TYPE_CHECKING:
    from qc.ingest.mappings.map_file import MapAnswer


@click.command("map")
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--column", "columns", multiple=True, metavar="TITLE=MEANING", help="What a column is; see above.")
@click.option("--set", "pairs", multiple=True, metavar="KEY=VALUE", help="What holds of every row, such as unit=pg/mL.")
@click.option("--accept", is_flag=True, help="The guesses are right: write the mapping.")
@click.option("--name", default="", help="Name of the mapping; that of the file if not given.")
@json_option("qc.ingest.mappings.map_file:MapAnswer")
@lab_option
def command(
    file: Path, columns: tuple[str, ...], pairs: tuple[str, ...], accept: bool, name: str, as_json: bool,
    lab_folder: Path | None,
) -> int:  # fmt: skip
    """Propose what the columns of FILE are, show ten rows of the outcome, and write a mapping for files of its shape.

    For tables that no reader knows. What is known by its name is taken; what is only likely is a guess, and nothing is
    written before you say --accept. The mapping stands in mappings/ of the lab and is used for every file that holds
    its titles in one header, whatever its name.

    --column 'Outcome=value' says that a column is our column; 'FERR=analyte=ferritin' that it holds the results of an
    analyte ('FERR m3=analyte=ferritin|ng/mL|3' with unit and visit); 'Info=-' leaves it aside. Keys of --set are study,
    matrix, analyte, unit, method, platform, instrument and profile. Exit code 1 if something is left to be said, 3 if
    the file cannot be read so.
    """
    from qc.cli.map_text import map_text
    from qc.cli.output import data
    from qc.ingest.mappings.map_file import map_file

    answer = map_file(file, _terms(lab_folder, columns, pairs, accept=accept, name=name))
    if as_json:
        data(answer)
    else:
        map_text(answer)
    return _code(answer)


def _code(answer: MapAnswer) -> int:
    if answer.open_questions:
        return ExitCode.WAITS
    return ExitCode.REFUSED if answer.error else ExitCode.CLEAN


def _terms(lab_folder: Path | None, columns: tuple[str, ...], pairs: tuple[str, ...], *, accept: bool, name: str):  # type: ignore[no-untyped-def]
    import os

    from qc.ingest.mappings.map_file import MapTerms
    from qc.lab.catalogue.catalogue_files import texts_of_folder
    from qc.lab.layout import LabPaths, find_lab
    from qc.lab.mappings import lab_mappings
    from qc.lab.words import lab_words
    from schemas.catalogue import load_catalogue, with_lab_words

    paths = LabPaths.of(find_lab(lab_folder, os.environ))
    words = lab_words(paths)
    return MapTerms(
        words=words,
        catalogue=with_lab_words(load_catalogue(texts_of_folder(paths.catalogue)), words),
        mappings=lab_mappings(paths),
        folder=paths.mappings,
        said=_pairs(columns, "--column", "TITLE=MEANING"),
        run=_pairs(pairs, "--set", "KEY=VALUE"),
        is_accepted=accept,
        name=name,
    )


def _pairs(written: tuple[str, ...], option: str, form: str) -> dict[str, str]:
    wrong = [pair for pair in written if "=" not in pair]
    if wrong:
        raise click.UsageError(f"'{option} {wrong[0]}' is not of the form {form}.")
    parted = [pair.rpartition("=analyte=") if "=analyte=" in pair else pair.rpartition("=") for pair in written]
    return {title: f"analyte={said}" if mark == "=analyte=" else said for title, mark, said in parted}

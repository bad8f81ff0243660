"""``qc catalogue``: which analytes there are, by which limits they are judged, and what is wrong with the files."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import click

from qc.cli.exit_codes import ExitCode
from qc.cli.near_group import NearGroup
from qc.cli.options import json_option, lab_option
from schemas.json_model import JsonModel

if TYPE_CHECKING:
    from qc.lab.layout import LabPaths
    from schemas.catalogue import Catalogue
    from schemas.errors import Fault


@dataclass(frozen=True, slots=True)
class CatalogueCheckOutput(JsonModel):
    """What is wrong with the files of a catalogue."""

    files: list[str]
    """Files of the catalogue that were looked at."""
    suites: list[str]
    """Suites that were looked at."""
    n_faults: int
    """Faults."""
    faults: list[Fault]
    """What is wrong."""


@dataclass(frozen=True, slots=True)
class CatalogueNewOutput(JsonModel):
    """A catalogue file that is filled in, or was."""

    path: str
    """Where it is."""
    n_to_fill_in: int
    """What is missing: numbers and sources."""


@click.group("catalogue", cls=NearGroup, invoke_without_command=True)
@json_option("schemas.limits_view:CatalogueView")
@lab_option
@click.pass_context
def command(ctx: click.Context, as_json: bool, lab_folder: Path | None) -> int:
    """List the analytes: the shipped ones, with the files of the lab's catalogue/ laid over them.

    Works without a lab too; then the shipped catalogue is meant.
    """
    if ctx.invoked_subcommand is not None:
        return ExitCode.CLEAN
    from qc.cli.catalogue_text import list_text
    from qc.cli.output import data
    from schemas.limits_view import catalogue_view

    view = catalogue_view(_catalogue(lab_folder))
    if as_json:
        data(view)
    else:
        list_text(view.as_json())
    return ExitCode.CLEAN


@command.command("show")
@click.argument("analyte")
@json_option("schemas.limits_view:AnalyteView")
@lab_option
def show(analyte: str, as_json: bool, lab_folder: Path | None) -> int:
    """Show everything about ANALYTE (id, name or synonym): units, methods, and every limit with its source."""
    from qc.cli.catalogue_text import analyte_text
    from qc.cli.output import data
    from schemas.errors import ConfigError
    from schemas.limits_view import analyte_view

    catalogue = _catalogue(lab_folder)
    identity = catalogue.analyte_id(analyte)
    if identity is None:
        near = catalogue.suggestion(analyte)
        hint = f" Did you mean '{near}'?" if near else f" Known analytes: {', '.join(catalogue.analytes)}."
        raise ConfigError(f"Analyte '{analyte}' is not in the catalogue.{hint}")
    view = analyte_view(catalogue.analytes[identity])
    if as_json:
        data(view)
    else:
        analyte_text(view.as_json())
    return ExitCode.CLEAN


@command.command("check")
@click.argument("files", nargs=-1, type=click.Path(exists=True, dir_okay=False, path_type=Path))
@json_option("qc.cli.catalogue:CatalogueCheckOutput")
@lab_option
def check(files: tuple[Path, ...], as_json: bool, lab_folder: Path | None) -> int:
    """Check FILES, or the lab's catalogue/ and suites/, and name every fault. Exit code 2 if there is one.

    Told are unknown keys with the nearest known one, reversed or overlapping ranges, missing units and sources, and
    limits that nobody can reach.
    """
    from qc.assess.prepare.chosen_suites import SUFFIXES, suite_faults
    from qc.cli.output import data, say
    from qc.lab.catalogue.catalogue_check import catalogue_faults
    from qc.lab.catalogue.catalogue_files import texts_of, texts_of_folder

    paths = None if files else _paths(lab_folder)
    texts = texts_of(files) if files else texts_of_folder(paths.catalogue) if paths else {}
    suites = texts_of_folder(paths.suites, SUFFIXES) if paths else {}
    faults = catalogue_faults(texts) + suite_faults(suites)
    if as_json:
        data(CatalogueCheckOutput(sorted(texts), sorted(suites), len(faults), faults))
    else:
        for fault in faults:
            say(str(fault))
        said = f"{len(faults)} fault{'' if len(faults) == 1 else 's'}" if faults else "No fault"
        say(f"{said}; looked at: what is shipped, and {', '.join([*texts, *suites]) or 'no file'} of the lab.")
    return ExitCode.USAGE if faults else ExitCode.CLEAN


@command.command("new")
@click.argument("analyte")
@click.option(
    "--like", default="", help="Analyte that it resembles: its units and kinds of limits, none of its numbers."
)
@click.option("--matrix", "matrices", multiple=True, help="Matrix, such as plasma_edta; several may be given.")
@click.option("--called", default="", help="Name that people read; the id if not given.")
@json_option("qc.cli.catalogue:CatalogueNewOutput")
@lab_option
def new(analyte: str, like: str, matrices: tuple[str, ...], called: str, as_json: bool, lab_folder: Path | None) -> int:
    """Write a catalogue file for ANALYTE to fill in: a new one, or a matrix of one that is there.

    It lies in catalogue/ as ANALYTE.toml.draft and counts for nothing until 'qc catalogue add ANALYTE' has found a
    number and a source in every block that is left.
    """
    from qc.cli.output import data, say
    from qc.lab.catalogue.new_entry import draft_entry, faults_of_draft

    folder = _lab_paths(lab_folder).catalogue
    path = draft_entry(folder, _catalogue(lab_folder), analyte, like=like, matrices=matrices, name=called)
    faults = faults_of_draft(path)
    if as_json:
        data(CatalogueNewOutput(str(path), len(faults)))
    else:
        say(
            f"Written: {path}, to fill in ({len(faults)} things). Then 'qc catalogue add {analyte}' puts it into force."
        )
    return ExitCode.CLEAN


@command.command("add")
@click.argument("analyte")
@json_option("qc.cli.catalogue:CatalogueNewOutput")
@lab_option
def add(analyte: str, as_json: bool, lab_folder: Path | None) -> int:
    """Put the catalogue file of ANALYTE that was filled in into force. Exit code 2 if a number or source is missing."""
    from qc.cli.output import data, say
    from qc.lab.catalogue.new_entry import add_draft

    path = add_draft(_lab_paths(lab_folder).catalogue, analyte)
    if as_json:
        data(CatalogueNewOutput(str(path), 0))
    else:
        say(f"In force: {path}. Runs that hold it are judged again by 'qc assess' and the night.")
    return ExitCode.CLEAN


def _lab_paths(lab_folder: Path | None) -> LabPaths:
    import os

    from qc.lab.layout import LabPaths, find_lab

    return LabPaths.of(find_lab(lab_folder, os.environ))


def _catalogue(lab_folder: Path | None) -> Catalogue:
    from qc.lab.catalogue.catalogue_files import texts_of_folder
    from schemas.catalogue import load_catalogue

    paths = _paths(lab_folder)
    return load_catalogue(texts_of_folder(paths.catalogue) if paths else None)


def _paths(lab_folder: Path | None) -> LabPaths | None:
    """Return the folders of the lab that is meant; None if none is named and the working folder lies in none."""
    import os

    from qc.lab.layout import LabPaths, find_lab
    from schemas.errors import ConfigError

    try:
        return LabPaths.of(find_lab(lab_folder, os.environ))
    except ConfigError:
        if lab_folder is not None or os.environ.get("QC_LAB"):
            raise
        return None

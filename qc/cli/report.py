"""``qc report``: write the report of a release."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import click

from qc.cli.options import json_option, lab_option, open_named_lab
from schemas.json_model import JsonModel


@dataclass(frozen=True, slots=True)
class ReportOutput(JsonModel):
    """Files that were written."""

    page: Path
    """The page, or the first of the others."""
    files: dict[str, Path]
    """Each of them by its format."""


@click.command("report")
@click.argument("release", required=False)
@click.option("--out", type=click.Path(dir_okay=False, path_type=Path), help="Where; reports/ of the lab if not given.")
@click.option(
    "--format",
    "formats",
    multiple=True,
    type=click.Choice(["html", "pdf", "csv", "json"]),
    default=["html"],
    show_default=True,
    help="What to write; may be given several times.",
)
@json_option("qc.cli.report:ReportOutput")
@lab_option
def command(
    release: str | None, out: Path | None, formats: tuple[str, ...], as_json: bool, lab_folder: Path | None
) -> int:
    """Write the report of RELEASE and print its path: a page that opens offline, a PDF, tables or data."""
    from qc.cli.output import data, say
    from qc.release.gated_tests import write_reports

    written = write_reports(open_named_lab(lab_folder), release, out, formats=tuple(dict.fromkeys(formats)))
    if as_json:
        page = written.get("html") or next(iter(written.values()))
        data(ReportOutput(page, written))
    else:
        for file in written.values():
            say(str(file))
    return 0

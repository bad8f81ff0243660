"""``qc report``: write the report of a release."""

from __future__ import annotations

from pathlib import Path

import click

from qc.cli.options import json_option, lab_option, open_named_lab


@click.command("report")
@click.argument("release", required=False)
@click.option("--out", type=click.Path(dir_okay=False, path_type=Path), help="Where; reports/ of the lab if not given.")
@json_option
@lab_option
def command(release: str | None, out: Path | None, as_json: bool, lab_folder: Path | None) -> int:
    """Write the report of RELEASE as one HTML page that opens offline, and print its path."""
    from qc.cli.output import data, say
    from qc.gated import write_page

    page = write_page(open_named_lab(lab_folder), release, out)
    if as_json:
        data({"page": str(page)})
    else:
        say(str(page))
    return 0

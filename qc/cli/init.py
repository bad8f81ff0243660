"""``qc init``: make the folder of a lab."""

from __future__ import annotations

from pathlib import Path

import click

from qc.cli.options import json_option


@click.command("init")
@click.argument("folder", type=click.Path(file_okay=False, path_type=Path))
@click.option("--name", default="", help="Name of the lab; the name of the folder if not given.")
@json_option()
def command(folder: Path, name: str, as_json: bool) -> int:
    """Make the folder of a lab: qc.toml, inbox, archive, stores.

    A folder that is a lab already keeps all it has; what is missing is added.
    """
    from qc.api.lab import init_lab
    from qc.cli.output import data, say

    lab = init_lab(folder, name=name)
    if as_json:
        data({"lab": str(lab.paths.root), "name": lab.settings.lab.name})
        return 0
    say(f"The lab '{lab.settings.lab.name}' is in {lab.paths.root}.")
    say("Next: look through qc.toml, put sample, subject and control sheets and exports into inbox/,")
    say(f"and run 'qc nightly --lab {lab.paths.root}'.")
    return 0

"""``qc init``: make the folder of a lab."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import click

from qc.cli.options import json_option
from schemas.json_model import JsonModel


@dataclass(frozen=True, slots=True)
class InitOutput(JsonModel):
    """The lab that was made."""

    lab: Path
    """Its folder."""
    name: str
    """Its name."""


@click.command("init")
@click.argument("folder", type=click.Path(file_okay=False, path_type=Path))
@click.option("--name", default="", help="Name of the lab; the name of the folder if not given.")
@click.option(
    "--anew",
    type=click.Choice(["ledger", "secret", "settings"]),
    multiple=True,
    help="Make this anew, though the lab holds data: it is lost, and there is no backup; settings as they were kept.",
)
@json_option("qc.cli.init:InitOutput")
def command(folder: Path, name: str, anew: tuple[str, ...], as_json: bool) -> int:
    """Make the folder of a lab: qc.toml, inbox, archive, stores.

    A folder that is a lab already keeps all it has; what is missing is added. Where a lab with data has lost its
    ledger, its facts or its secret, it is named with the way back, and nothing empty is made in its place. A qc.toml
    that is lost or broken comes back by --anew settings, as facts were last written by it; a broken one is set aside.
    """
    from qc.api.lab import init_lab
    from qc.cli.output import data, say

    lab = init_lab(folder, name=name, anew=anew)
    if as_json:
        data(InitOutput(lab.paths.root, lab.name))
        return 0
    say(f"The lab '{lab.name}' is in {lab.paths.root}.")
    say("Next: look through qc.toml, put sample, subject and control sheets and exports into inbox/,")
    say(f"and run 'qc nightly --lab {lab.paths.root}'.")
    return 0

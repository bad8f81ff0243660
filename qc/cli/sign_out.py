"""``qc sign-out``: end the session on this terminal."""

from __future__ import annotations

from pathlib import Path

import click

from qc.cli.options import json_option, lab_option, open_named_lab


@click.command("sign-out")
@json_option()
@lab_option
def command(as_json: bool, lab_folder: Path | None) -> int:
    """End the session on this terminal."""
    from qc.cli.output import data, say
    from qc.people.sessions import sign_out

    sign_out(open_named_lab(lab_folder))
    data({"signed_out": True}) if as_json else say("Signed out.")
    return 0

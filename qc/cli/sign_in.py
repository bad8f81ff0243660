"""``qc sign-in``: sign in on this terminal."""

from __future__ import annotations

from pathlib import Path

import click

from qc.cli.options import json_option, lab_option, open_named_lab
from qc.cli.passwords import password_option, read_password


@click.command("sign-in")
@click.argument("name")
@password_option
@json_option()
@lab_option
def command(name: str, from_stdin: bool, as_json: bool, lab_folder: Path | None) -> int:
    """Sign in as NAME on this terminal, until some minutes without an act have passed.

    A failed try is recorded, and after three in a row each further one has to wait longer.
    """
    from qc.cli.output import data, say

    session = open_named_lab(lab_folder).sign_in(name, read_password(name, from_stdin=from_stdin))
    if as_json:
        data({"user": session.user, "until": f"{session.until:%Y-%m-%dT%H:%M:%SZ}"})
    else:
        say(f"{session.user} has signed in, until {session.until:%H:%M} UTC.")
    return 0

"""``qc sign-in``: sign in on this terminal."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

import click

from qc.cli.options import json_option, lab_option, open_named_lab
from qc.cli.passwords import password_option, read_password
from schemas.json_model import TO_THE_SECOND, JsonModel


@dataclass(frozen=True, slots=True)
class SignInOutput(JsonModel):
    """The session that was opened."""

    json_time_format = TO_THE_SECOND

    user: str
    """Account."""
    until: datetime
    """When it ends, in UTC."""


@click.command("sign-in")
@click.argument("name")
@password_option
@json_option("qc.cli.sign_in:SignInOutput")
@lab_option
def command(name: str, from_stdin: bool, as_json: bool, lab_folder: Path | None) -> int:
    """Sign in as NAME on this terminal, until some minutes without an act have passed.

    A failed try is recorded, and after three in a row each further one has to wait longer.
    """
    from qc.cli.output import data, say

    session = open_named_lab(lab_folder).sign_in(name, read_password(name, from_stdin=from_stdin))
    if as_json:
        data(SignInOutput(session.user, session.until))
    else:
        say(f"{session.user} has signed in, until {session.until:%H:%M} UTC.")
    return 0

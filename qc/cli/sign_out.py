"""``qc sign-out``: end the session on this terminal."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Literal

import click

from qc.cli.options import json_option, lab_option, open_named_lab
from schemas.json_model import JsonModel


@dataclass(frozen=True, slots=True)
class SignOutOutput(JsonModel):
    """The session has ended."""

    signed_out: Literal[True] = True
    """Always true."""


@click.command("sign-out")
@json_option("qc.cli.sign_out:SignOutOutput")
@lab_option
def command(as_json: bool, lab_folder: Path | None) -> int:
    """End the session on this terminal."""
    from qc.cli.output import data, say
    from qc.people.sessions import sign_out

    sign_out(open_named_lab(lab_folder))
    data(SignOutOutput()) if as_json else say("Signed out.")
    return 0

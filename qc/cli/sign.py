"""``qc sign``: sign an item, a release or a plan."""

from __future__ import annotations

from pathlib import Path

import click

from qc.cli.options import actor_option, json_option, lab_option, open_named_lab
from qc.cli.passwords import password_option, read_password


@click.command("sign")
@click.argument("about")
@click.option("--meaning", required=True, type=click.Choice(["review", "approval", "responsibility", "authorship"]))
@password_option
@actor_option
@json_option("qc.people.signatures:Signature")
@lab_option
def command(
    about: str, meaning: str, from_stdin: bool, actor: str | None, as_json: bool, lab_folder: Path | None
) -> int:
    """Sign ABOUT: an item with the decision on it (R12.5), a release (ALS-1-R1), or a locked plan (plan:ALS-1).

    The signature is name, time and meaning over the hash of what is signed. The first one asks for the password; later
    ones do not while the session lasts ([people] session_minutes in qc.toml).
    """
    from qc.cli.output import data, say
    from qc.people.sessions import open_session

    lab = open_named_lab(lab_folder)
    session = open_session(lab)
    who = actor or (session.user if session else None)
    needs_password = from_stdin or session is None or session.user != who
    who = who or lab.person().name
    password = read_password(who, from_stdin=from_stdin) if needs_password else None
    signed = lab.sign(about, meaning, password=password, actor=who)
    if as_json:
        data(signed)
    else:
        say(f"{signed.object}: signed by {signed.full_name}, {signed.at:%Y-%m-%d %H:%M:%S} UTC, {signed.meaning}")
        say(f"SHA-256 {signed.signed_sha256} (ledger entry {signed.seq})")
    return 0

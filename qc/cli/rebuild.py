"""``qc rebuild``: make the facts again from the archive and the ledger."""

from __future__ import annotations

from pathlib import Path

import click

from qc.cli.exit_codes import ExitCode
from qc.cli.options import actor_option, json_option, lab_option, open_named_lab


@click.command("rebuild")
@actor_option
@json_option("qc.audit.rebuild:Rebuilt")
@lab_option
def command(actor: str | None, as_json: bool, lab_folder: Path | None) -> int:
    """Make the facts again: read every file of the archive in its order, and judge every run.

    Corrections that were accepted come into force again, and decisions count where what they judged comes out the same.
    Facts that are there are moved to set-aside/. The ledger tells who did it. Of each version of
    a run one judgement is made again, and none before it.
    """
    from qc.audit.rebuild import rebuild
    from qc.cli.output import data, say
    from qc.people.acting_person import acting_person

    lab = open_named_lab(lab_folder)
    made = rebuild(lab, actor=acting_person(lab, actor).name)
    if as_json:
        data(made)
    else:
        if made.set_aside:
            say(f"The facts that were there lie in '{made.set_aside}'.")
        say(f"Made again: {made.n_deliveries} deliveries, {made.n_runs} runs judged. Next: 'qc audit verify --full'.")
    return ExitCode.CLEAN

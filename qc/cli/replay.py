"""``qc replay``: judge history by changed rules, before they are adopted."""

from __future__ import annotations

from pathlib import Path

import click

from qc.cli.exit_codes import ExitCode
from qc.cli.options import json_option, lab_option, open_named_lab


@click.command("replay")
@click.option(
    "--rules",
    required=True,
    type=click.Path(exists=True, file_okay=False, path_type=Path),
    help="Folder with catalogue/*.toml and profiles/*.toml that lie over the lab's own.",
)
@json_option("qc.assess.replay:Replay")
@lab_option
def command(rules: Path, as_json: bool, lab_folder: Path | None) -> int:
    """Judge every run by changed rules, store nothing, and show whose verdict would change.

    A profile may extend the one of its own name and state only what changes. To adopt the rules, copy the folders into
    the lab and run 'qc assess'. Exit code 1 if a verdict would change.
    """
    from qc.assess.replay import replay
    from qc.cli.output import data, say

    replayed = replay(open_named_lab(lab_folder), rules)
    if as_json:
        data(replayed)
    else:
        for one in replayed.changes:
            why = [*(f"+{rule}" for rule in one.rules_new), *(f"-{rule}" for rule in one.rules_gone)]
            moves = f"{one.verdict}, {one.state} -> {one.new_verdict}, {one.new_state}"
            say(f"{one.item:<9} {one.run:<20} {one.analyte:<12} {moves}  {' '.join(why)}".rstrip())
        n = len(replayed.changes)
        changed = "no verdict would change" if not n else f"{n} verdicts would change"
        say(f"{replayed.n_runs} runs and {replayed.n_results} results judged again: {changed}. Nothing was stored.")
    return ExitCode.WAITS if replayed.changes else ExitCode.CLEAN

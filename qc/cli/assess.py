"""``qc assess``: judge every run that is new or has changed."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import click

from qc.cli.exit_codes import ExitCode
from qc.cli.options import json_option, lab_option, open_named_lab
from schemas.json_model import JsonModel

if TYPE_CHECKING:
    from qc.assess.judge.assessment import Assessed


@dataclass(frozen=True, slots=True)
class AssessOutput(JsonModel):
    """What was judged."""

    assessed: list[Assessed]
    """Runs that were judged."""


@click.command("assess")
@click.option("--all", "everything", is_flag=True, help="Judge runs again whose inputs are the same.")
@click.option("--touched", is_flag=True, help="Only what decisions have touched: no new run, and no new limits.")
@click.option("--why", "run", metavar="RUN", help="Judge nothing: say whether RUN must be judged, and because of what.")
@json_option("qc.cli.assess:AssessOutput", "qc.assess.why_judge:WhyJudge")
@lab_option
def command(everything: bool, touched: bool, run: str | None, as_json: bool, lab_folder: Path | None) -> int:
    """Judge every run that is new, or that looked at something which has changed since it was judged.

    Each run gets a new assessment; the old ones stay. What passes everything is approved by itself, the rest waits.
    A run looks at its sheets, at limits and rules, at controls and summaries of earlier runs, at results of its
    subjects in other runs, and at what people have decided on those. Exit code 5 if a fault of the program
    stopped a rule, else 1 if anything waits.
    """
    from qc.assess.assess import assess
    from qc.assess.work_left import judge_work_left_in_turn
    from qc.cli.output import data, say

    if run is not None:
        return _say_why(run, as_json, lab_folder)
    if touched and everything:
        raise click.UsageError("'--touched' judges only what decisions have touched: leave '--all' out.")
    lab = open_named_lab(lab_folder)
    judged = judge_work_left_in_turn(lab) if touched else assess(lab, everything=everything)
    if as_json:
        data(AssessOutput(judged))
    else:
        for one in judged:
            say(one.line())
            for fault in one.faults:
                say(f"  FAULT {fault}")
        say(f"{len(judged)} runs assessed.")
    if any(one.faults for one in judged):
        return ExitCode.FAULT
    return ExitCode.WAITS if any(one.n_waiting or one.is_held for one in judged) else ExitCode.CLEAN


def _say_why(run: str, as_json: bool, lab_folder: Path | None) -> int:
    from qc.assess.why_judge import why_judge
    from qc.cli.output import data, say

    why = why_judge(open_named_lab(lab_folder), run)
    if as_json:
        data(why)
    else:
        say(f"{why.item} {why.run}: {'must be judged' if why.is_stale else 'is judged as it now stands'}.")
        for reason in why.reasons:
            runs = f" Runs: {', '.join(reason.runs)}." if reason.runs else ""
            say(f"  {reason.sentence}{runs}")
        for sentence in why.judged_for:
            say(f"  It was judged the last time because of this: {sentence}")
    return ExitCode.WAITS if why.is_stale else ExitCode.CLEAN

"""``qc demo``: a demo lab, taken through the whole job."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import click

from qc.cli.options import json_option
from schemas.json_model import JsonModel

if TYPE_CHECKING:
    from checks.contrasts.planned_tests import PairedReport
    from qc.api.lab import Lab
    from qc.decide.request import Decided
    from qc.nights.night import Night
    from qc.release.gate import Gate


@dataclass(frozen=True, slots=True)
class DecidedDemo(JsonModel):
    """What followed the scripted decisions."""

    decisions: list[Decided]
    """The decisions."""
    release: str
    """Name of the release."""
    release_sha256: str
    """Hash to cite."""
    paired: PairedReport
    """Paired tests."""
    report: Path
    """Page of the report."""
    audit_holds: bool
    """Whether the trail holds."""


@dataclass(frozen=True, slots=True)
class DemoOutput(JsonModel):
    """A demo lab and what became of it."""

    json_keys = "lab night gate *decided"

    lab: Path
    """Folder of the lab."""
    night: Night
    """Its night."""
    gate: Gate
    """Its gate, before anybody has decided."""
    decided: DecidedDemo | None
    """What followed the decisions; None if nobody decided."""


@click.command("demo")
@click.argument("folder", required=False, default="demo-lab", type=click.Path(file_okay=False, path_type=Path))
@click.option("--decide", is_flag=True, help="Go on with scripted decisions to the report.")
@click.option("--force", is_flag=True, help="Replace a demo lab that is there.")
@json_option("qc.cli.demo:DemoOutput")
def command(folder: Path, decide: bool, force: bool, as_json: bool) -> int:
    """Make a demo lab in FOLDER (demo-lab) from a SYNTHETIC study and run the night on it.

    Shows what was approved by rule, what waits for a person and why, and the closed gate. With --decide, decisions by
    a script (labelled so in the ledger) open the gate, and release, paired tests and report follow.
    """
    from qc.api.demo import make_demo_lab
    from qc.cli.output import data, talk

    talk("SYNTHETIC data: made by a seeded program, chosen to show a pattern, evidence of nothing.\n")
    lab = make_demo_lab(folder, force=force)
    night = _night(lab)
    looked = lab.gate()
    if as_json:
        data(DemoOutput(folder, night, looked, _decided(lab) if decide else None))
        return 0
    _tell_night(night)
    _tell_gate(lab)
    if decide:
        _tell_decided(lab)
    else:
        _tell_next(folder)
    return 0


def _night(lab: Lab) -> Night:
    from qc.cli.progress_bars import progress_bars

    with progress_bars("ingest", "assess") as progress:
        return lab.nightly(progress=progress)


def _tell_night(night: Night) -> None:
    from qc.cli.night_text import night_text
    from qc.cli.output import say
    from qc.cli.queue_text import queue_table

    say()
    night_text(night)
    say("\nWhat waits for a person, and why")
    queue_table(night.waiting)
    for item in night.waiting[:3]:
        say(f"\n  {item.shown.item}: {item.findings[0].sentence}")


def _tell_gate(lab: Lab) -> None:
    from qc.cli.output import say
    from qc.cli.tables import gate_text

    say()
    gate_text(lab.gate())


def _tell_decided(lab: Lab) -> None:
    from checks.contrast_words.text_table import contrast_table
    from qc.api.demo import ACTOR, decide_all
    from qc.cli.output import say

    decided = decide_all(lab)
    say(f"\n'{ACTOR}' decides {len(decided)} items, each labelled DEMO in the ledger.")
    _tell_gate(lab)
    lab.lock_plan(lab.paths.root / "plan.toml", actor=ACTOR)
    made = lab.release(actor=ACTOR)
    say(f"\nRelease {made.name}: {made.manifest['n_approved']} results, {made.manifest['n_set_aside']} set aside")
    say(f"SHA-256 {made.sha256}\n")
    say(contrast_table(lab.paired()))
    faults = lab.verify()
    say(f"\nReport: {lab.report()}")
    say("Audit: " + ("all holds" if not faults else "; ".join(str(fault) for fault in faults)))


def _decided(lab: Lab) -> DecidedDemo:
    from qc.api.demo import ACTOR, decide_all

    decided = decide_all(lab)
    lab.lock_plan(lab.paths.root / "plan.toml", actor=ACTOR)
    made = lab.release(actor=ACTOR)
    return DecidedDemo(decided, made.name, made.sha256, lab.paired(), lab.report(), not lab.verify())


def _tell_next(folder: Path) -> None:
    from qc.cli.output import say

    say("\nNext, look at one of them and decide:")
    say(f"  qc queue --lab {folder}")
    say(f"  qc show ITEM --lab {folder}")
    say(f"  qc decide approve|reject|repeat ITEM --reason CODE --lab {folder}")
    say(f"or let a script decide all of them: qc demo --decide --force {folder}")

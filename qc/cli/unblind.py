"""``qc unblind``: look behind the blind, audited."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import click

from qc.cli.options import actor_option, json_option, lab_option, open_named_lab
from schemas.json_model import JsonModel

if TYPE_CHECKING:
    from qc.decide.unblind import Unblinded


@dataclass(frozen=True, slots=True)
class UnblindOutput(JsonModel):
    """What stands behind the blind."""

    unblinded: list[Unblinded]
    """Items that were asked for."""


@click.command("unblind")
@click.argument("items", nargs=-1, required=True)
@click.option("--reason", required=True, help="Why; an auditor reads it.")
@actor_option
@json_option("qc.cli.unblind:UnblindOutput")
@lab_option
def command(items: tuple[str, ...], reason: str, actor: str | None, as_json: bool, lab_folder: Path | None) -> int:
    """Tell sample code, subject, visit and the subject's other results of ITEMS (R12.5, or a sample S-7K3QX).

    The look is in the ledger, with its reason, before anything is told. It needs the right 'unblind'.
    """
    from qc.cli.output import data, say
    from qc.decide.unblind import unblind
    from qc.people.unblinding import NOT_RECORDED

    unblinded = unblind(open_named_lab(lab_folder), items, reason=reason, actor=actor)
    if as_json:
        data(UnblindOutput(unblinded))
        return 0
    for one in unblinded:
        say(f"{one.item}: sample {one.sample}, subject {one.subject}, visit {one.visit}, {one.matrix}")
        for other in one.others:
            number = f"{other.value:g}" if other.value is not None else "no number"
            say(f"  visit {other.visit}: {other.item}  {other.censor}{number} {other.unit}")
        for finding in one.findings:
            say(f"  {finding.verdict.value}  {finding.rule}: {finding.sentence}")
        say(f"The look is ledger entry {one.seq}." if one.seq else NOT_RECORDED)
    return 0

"""``qc decide``: approve, reject, ask for a repeat or a dilution, comment, undo."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

import click

from qc.cli.options import actor_option, json_option, lab_option, open_named_lab
from schemas.json_model import JsonModel

if TYPE_CHECKING:
    from qc.api.lab import Lab
    from qc.decide.request import Decided
    from qc.decide.undo import Undone
    from qc.triage.decide_filtered import FilteredDecision

_MOST_TOLD = 40  # decisions that are told one by one
ACTS = ("approve", "reject", "repeat", "dilute", "comment", "undo", "accept", "refuse")


@dataclass(frozen=True, slots=True)
class DecideOutput(JsonModel):
    """What was recorded."""

    decisions: list[Decided] | list[Undone]
    """Decisions that were recorded, or taken back."""


@dataclass(frozen=True, slots=True)
class DecideFilteredOutput(JsonModel):
    """What was recorded of all that fits a filter."""

    filter: str
    """Filter."""
    n_decided: int
    """Items that it fitted."""
    first_seq: int
    """Number of the first ledger entry."""
    last_seq: int
    """Number of the last ledger entry."""
    needs_second: bool
    """Whether they count only when a second person has confirmed them."""
    decisions: tuple[Decided, ...] = ()
    """Always empty: there may be very many."""

    json_keys = "decisions filter n_decided first_seq last_seq needs_second"


@click.command("decide")
@click.argument("act", type=click.Choice(ACTS))
@click.argument("items", nargs=-1)
@click.option("--filter", "text", default=None, help="All that fits this filter of 'qc review', instead of ITEMS.")
@click.option("--count", type=int, default=None, help="How many items the filter must fit, as you have seen it.")
@click.option("--reason", default="", help="Code of reasons.toml; needed for all but a plain approval and an undo.")
@click.option("--note", default="", help="Free text.")
@click.option("--except", "exceptions", multiple=True, metavar="ITEM", help="Item left out on purpose; recorded.")
@click.option("--expires", type=click.DateTime(), default=None, help="UTC; when an approval over a failure ends.")
@click.option("--supersede", is_flag=True, help="Replace a decision that somebody else has made.")
@actor_option
@json_option("qc.cli.decide:DecideOutput", "qc.cli.decide:DecideFilteredOutput")
@lab_option
def command(
    act: str,
    items: tuple[str, ...],
    text: str | None,
    count: int | None,
    reason: str,
    note: str,
    exceptions: tuple[str, ...],
    expires: datetime | None,
    supersede: bool,
    actor: str | None,
    as_json: bool,
    lab_folder: Path | None,
) -> int:
    """Record one decision on one or several ITEMS, all or none of them.

    ITEM is a cause (K7F3QX) for all that wait for it, a run (R12), an analyte in a run (R12/ferritin), a result
    with its replicate wells (R12.5), a well (R12@B7), a sample by its code (S-7K3QX), or a sample's results of one
    analyte (S-7K3QX/ferritin). A rejected well is left out of its result. What a decision touches is judged again
    with it, or in the background where it is much. A correction (C12), what a delivery would change of rows on
    which results rest, is accepted or refused with a reason; until then the old rows count.

    An approval over a failure keeps the failure in sight and needs a reason; one over a warning keeps the warning in
    sight and asks for a note: release, report and trace show both. A decision on several items needs one
    cause. A decision lapses when the values that it was about change, an approval also when something new or worse is
    said, a rejection also when nothing of what it rested on is said any more; the item waits again then. 'undo'
    takes back the decision that counts; both stay in the ledger. Exit code 1 if somebody else has decided already.

    With --filter the items are looked up at the act: all that waits and fits, but for the exceptions. Their number must
    be said with --count, and nothing is decided where another number fits.
    """
    from qc.cli.output import data

    lab = open_named_lab(lab_folder)
    if (text is None) == (not items) or (text is not None and (act == "undo" or supersede or expires)):
        raise click.UsageError("Name ITEMS; or a --filter, without 'undo', '--supersede' and '--expires'.")
    if text is not None:
        fitting = lab.decide_fitting(
            text, act, n_items=count, reason=reason, note=note, exceptions=exceptions, actor=actor
        )
        _tell_fitting(text, act, fitting, as_json=as_json)
        _settle(lab)
        return 0
    if act == "undo":
        undone = lab.undo(items, note=note, actor=actor)
        data(DecideOutput(undone)) if as_json else _tell_undone(undone)
        _settle(lab)
        return 0
    decided = lab.decide(
        items,
        act,
        reason=reason,
        note=note,
        actor=actor,
        exceptions=exceptions,
        expires_at=expires.replace(tzinfo=UTC) if expires else None,
        supersede=supersede,
    )
    data(DecideOutput(decided)) if as_json else _tell(decided, reason, note)
    if act != "comment":
        _settle(lab)
    return 0


def _settle(lab: Lab) -> None:
    """Have judged again what was touched: at once where it is little, beside everything else where it is much."""
    from qc.assess.work_left import FEW, n_runs_left
    from qc.cli.output import talk
    from qc.triage.child_command import start_command
    from schemas.errors import QcError

    try:
        n_runs = n_runs_left(lab)
    except QcError as error:
        talk(f"Recorded; what it touches is judged by the next look at queue or gate. {error}")
        return
    if n_runs > FEW:
        start_command(lab.paths.root, "assess", "--touched")
        talk(f"{n_runs} runs are judged again in the background; queue and gate wait for them.")
    elif n_runs:
        lab.settle()


def _tell_fitting(text: str, act: str, decided: FilteredDecision, *, as_json: bool) -> None:
    from qc.cli.output import data, say

    if as_json:
        data(DecideFilteredOutput(text, decided.n_items, decided.first_seq, decided.last_seq, decided.needs_second))
    else:
        say(f"{decided.n_items:,} items: {act} (ledger entries {decided.first_seq} to {decided.last_seq})")


def _tell(decided: list[Decided], reason: str, note: str) -> None:
    from qc.cli.output import say

    if len(decided) > _MOST_TOLD:
        say(f"{len(decided):,} items: {decided[0].act.value} (ledger entries {decided[0].seq} to {decided[-1].seq})")
        return
    for one in decided:
        over = f" over {', '.join(one.over)}" if one.over else ""
        covers = f", {one.n_covered} results" if one.n_covered else ""
        say(f"{one.item}: {one.act.value}{over}{covers} (ledger entry {one.seq})")
        if one.over and not reason and not note:
            say(f"  why? 'qc decide comment {one.item} --note ...' writes it into the release and its report")
        if one.supersedes:
            say(f"  takes the place of entry {one.supersedes}")
        if one.confirms:
            say(f"  confirms entry {one.confirms} as a second person")
        if one.needs_second:
            say("  counts when a second person has confirmed it")


def _tell_undone(undone: list[Undone]) -> None:
    from qc.cli.output import say

    for one in undone:
        again = f"entry {one.counts_again} counts again" if one.counts_again else "nothing is decided on it now"
        say(f"{one.item}: '{one.act.value}' of entry {one.undoes} is undone (ledger entry {one.seq}); {again}")

"""Review: what waits, why, and what a person decides about it; blind to subject and visit."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from qc.assess.changes.causes import lapsed_because, reasons_to_judge_again
from qc.assess.links.set_aside import set_aside_now
from qc.decide.code_hints import with_code_hints
from qc.decide.correction_view import CorrectionShown, look_at_correction, queued_corrections, touching_sentence
from qc.ingest.stored_accounts import accounts_of_item
from qc.items.blinded_item import FindingShown, ItemShown, NamedFinding, findings_by_item, items_shown
from qc.items.control_view import ControlShown, EventShown, controls_shown, events_shown
from qc.items.decisions import Decision, decisions_on, newest_decisions
from qc.items.names import name_of_run, parse_item
from qc.items.near_items import near_item
from qc.items.repeat_view import RepeatsShown, repeats_shown
from qc.items.seen_item import Seen, held_items_seen, seen_items
from qc.items.states import APPROVED, AUTO_APPROVED, EVIDENCE, GRAVITY, WAITING, ItemState, item_states
from qc.readers.closed_account import ClosedAccount
from qc.store.frames import first_row
from schemas.correction_name import is_correction
from schemas.errors import ConfigError
from schemas.finding import Verdict, worst
from schemas.json_model import JsonModel

if TYPE_CHECKING:
    from qc.lab.folder import LabFolder
    from qc.store.connection import Connection


@dataclass(frozen=True, slots=True)
class QueueItem(JsonModel):
    """One item that waits for a person."""

    json_keys = "*shown cause verdict lapsed=has_lapsed why *seen findings"

    shown: ItemShown
    """Which item it is, blinded."""
    findings: tuple[FindingShown, ...]
    """Findings that hold it, gravest first."""
    has_lapsed: bool
    """Whether a decision on it has lapsed, because data or verdicts have changed since, or its time has passed."""
    why: str
    """Why it waits although somebody has decided; empty otherwise."""
    seen: Seen
    """What a decision on it names; hand the whole line to ``lab.decide``."""

    @property
    def cause(self) -> str:
        """Name of the cause that it shares with other items; empty where it stands alone."""
        return self.seen.cause

    @property
    def verdict(self) -> Verdict:
        """Gravest verdict of its findings."""
        return worst(finding.verdict for finding in self.findings)


@dataclass(frozen=True, slots=True)
class Shown(JsonModel):
    """One item with everything that was found and decided."""

    json_keys = """*shown state lapsed=has_lapsed why controls events corrects *seen findings=named_findings decisions
        repeats correction accounts"""

    shown: ItemShown
    """Which item it is, blinded."""
    state: str
    """``auto_approved``, ``evidence``, ``waiting``, ``approved``, ``rejected`` or ``repeat_requested``."""
    has_lapsed: bool
    """Whether a decision on it has lapsed."""
    why: str
    """Why it waits although somebody has decided; empty otherwise."""
    seen: Seen
    """What a decision on it names; hand the whole to ``lab.decide``."""
    corrects: str
    """Run that this one is a newer version of; empty if it is the first."""
    findings: tuple[tuple[str, FindingShown], ...]
    """All findings with the item that they speak about: its own, those of its run and analyte, and those below it."""
    decisions: tuple[Decision, ...]
    """Decisions and comments, oldest first."""
    controls: tuple[ControlShown, ...] = ()
    """Controls of its run (of its analyte, if it has one) with the targets they were judged by."""
    events: tuple[EventShown, ...] = ()
    """The last events that were recorded before its run, newest first."""
    repeats: RepeatsShown | None = None
    """What counts of several results of its sample; None for a sample with one, and for a run or an analyte."""
    correction: CorrectionShown | None = None
    """Old and new side by side, of a correction; None for anything else."""
    accounts: tuple[ClosedAccount, ...] = ()
    """What became of the cells of each file of a run, without their texts; none for a result or an analyte."""

    @property
    def named_findings(self) -> list[NamedFinding]:
        """Return all findings with the item that they speak about: its own, those around it, and those below it."""
        return [NamedFinding(item, finding) for item, finding in self.findings]


def queue(lab: LabFolder, study: str | None = None) -> list[QueueItem]:
    """List what waits for a person, gravest first.

    Parameters
    ----------
    study : str, optional
        Only this study; None means all.
    """
    as_of = lab.ledger.head()[0]
    decisions = newest_decisions(lab.ledger)
    with lab.facts.reading() as con:
        states = item_states(con, decisions, datetime.now(UTC))
        waiting = [item for item, state in states.items() if state.state == WAITING]
        findings = _with_hints(lab, con, findings_by_item(con, waiting))
        shown = items_shown(lab, con, waiting)
        seen_by_item = held_items_seen(con, as_of)
        seen_by_item |= seen_items(lab, con, [name for name in waiting if name not in seen_by_item], as_of)
        pending = reasons_to_judge_again(con, set_aside_now(lab, con, states))
        why = lapsed_because(con, {name: states[name] for name in waiting}, decisions)
        corrections = queued_corrections(con, decisions, as_of, study)
    items = [
        QueueItem(
            shown[name],
            tuple(finding for finding in findings[name] if finding.holds),
            states[name].has_lapsed,
            why.get(name) or pending.get(parse_item(name).run_id, ""),
            seen_by_item[name],
        )
        for name in waiting
        if name in shown and name in seen_by_item and (study is None or shown[name].study == study)
    ]
    # What results mean comes before what is said of them.
    first = [QueueItem(one.shown, (one.finding,), False, "", one.seen) for one in corrections]
    return [*first, *sorted(items, key=_gravest_first)]


def _with_hints(
    lab: LabFolder, con: Connection, findings: dict[str, list[FindingShown]]
) -> dict[str, list[FindingShown]]:
    hinted: dict[str, list[FindingShown]] = defaultdict(list)
    for item, finding in with_code_hints(lab, con, ((item, one) for item, found in findings.items() for one in found)):
        hinted[item].append(finding)
    return hinted


def _gravest_first(item: QueueItem) -> tuple[int, int, int, int]:
    parsed = parse_item(item.shown.item)
    rank = ("run", "analyte", "result").index(parsed.scope)
    return -item.verdict.severity, rank, parsed.run_id, parsed.ordinal


def show(lab: LabFolder, name: str) -> Shown:
    """Show one item with all its findings and decisions.

    Returns
    -------
    Shown
        The item, with the findings on its run and analyte that hold it too.

    Raises
    ------
    ConfigError
        If there is no such item.
    """
    if is_correction(name):
        return _shown_correction(lab, name)
    as_of = lab.ledger.head()[0]
    decisions = newest_decisions(lab.ledger)
    with lab.facts.reading() as con:
        name = _name_of(con, name)
        states = item_states(con, decisions, datetime.now(UTC))
        shown = items_shown(lab, con, [name])
        seen = seen_items(lab, con, [name], as_of)
        if name not in shown or name not in seen:
            raise ConfigError(
                f"There is no item '{name}' in this lab.{near_item(con, name)} 'qc queue' lists what waits."
            )
        own = [name, *_above(name, shown[name].analyte)]
        below = _below(con, name)
        findings = _with_hints(lab, con, findings_by_item(con, [*own, *below]))
        controls = controls_shown(con, parse_item(name), shown[name].analyte)
        events = events_shown(con, parse_item(name))
        repeats = repeats_shown(con, parse_item(name))
        pending = reasons_to_judge_again(con, set_aside_now(lab, con, states))
        why = lapsed_because(con, {name: states[name]} if name in states else {}, decisions)
        touching = touching_sentence(con, decisions, name)
        accounts = accounts_of_item(con, parse_item(name))
        corrects = first_row(con, "SELECT supersedes FROM runs WHERE run_id = ?", [parse_item(name).run_id])
    own_decisions = decisions_on(lab.ledger, own)
    found = tuple((item, finding) for item in [*own, *below] for finding in findings[item])
    is_evidence = repeats is not None and repeats.role == EVIDENCE
    undecided = ItemState(EVIDENCE if is_evidence else AUTO_APPROVED, None, has_lapsed=False)
    own_state = states.get(name, undecided)
    stands = _stands([name, *below], {name: own_state, **states})
    stands, held = _with_above(stands, own[1:], states)
    again = why.get(name) or pending.get(parse_item(name).run_id, "")
    return Shown(
        shown=shown[name],
        state=WAITING if touching and stands in (APPROVED, AUTO_APPROVED) else stands,
        has_lapsed=own_state.has_lapsed,
        why=" ".join(word for word in (again, touching, held) if word),
        seen=seen[name],
        corrects=name_of_run(corrects[0]) if corrects and corrects[0] else "",
        findings=found,
        decisions=tuple(own_decisions),
        controls=controls,
        events=events,
        repeats=repeats,
        accounts=accounts,
    )


def _shown_correction(lab: LabFolder, name: str) -> Shown:
    looked = look_at_correction(lab, name)
    return Shown(
        shown=looked.shown,
        state=looked.state,
        has_lapsed=False,
        why="",
        seen=looked.seen,
        corrects="",
        findings=((name, looked.finding),),
        decisions=looked.decisions,
        correction=looked.correction,
    )


def _below(con: Connection, name: str) -> list[str]:
    item = parse_item(name)
    if item.scope == "result":
        return []
    sql = "SELECT DISTINCT item, result_id, analyte FROM open_findings WHERE run_id = ? AND item <> ? ORDER BY 2, 1"
    rows = con.execute(sql, [item.run_id, name]).fetchall()
    return [below for below, _, analyte in rows if item.scope == "run" or (analyte == item.analyte and "." in below)]


def _stands(names: Sequence[str], states: Mapping[str, ItemState]) -> str:
    known = [states[name].state for name in names if name in states]
    own = states[names[0]].state if names[0] in states else AUTO_APPROVED
    return WAITING if WAITING in known and own in (APPROVED, AUTO_APPROVED) else own


def _with_above(stands: str, above: Sequence[str], states: Mapping[str, ItemState]) -> tuple[str, str]:
    """Return the state of an item beside that of its analyte and its run: what they hold is not approved.

    The sentence says which of them gives it; empty where none does.
    """
    if stands not in (APPROVED, AUTO_APPROVED):
        return stands, ""
    held = {states[one].state: one for one in reversed(above) if one in states and states[one].state in GRAVITY}
    gravest = max(held, key=GRAVITY.__getitem__, default=APPROVED)
    if gravest == APPROVED:
        return stands, ""
    return gravest, f"{held[gravest]} is {gravest.replace('_', ' ')}, and with it all its results."


def _name_of(con: Connection, name: str) -> str:
    found = first_row(con, "SELECT max(run_id) FROM runs WHERE run = ?", [name])
    if found and found[0] is not None:
        return name_of_run(found[0])
    try:
        return str(parse_item(name))
    except ConfigError as error:
        raise ConfigError(f"{error}{near_item(con, name)}") from None


def _above(name: str, analyte: str) -> list[str]:
    item = parse_item(name)
    run = name_of_run(item.run_id)
    return {"run": [], "analyte": [run], "result": [f"{run}/{analyte}", run]}[item.scope]

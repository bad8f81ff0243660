"""Review: what waits, why, and what a person decides about it; blind to subject and visit."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

from qc.actor import actor_or_user
from qc.decisions import Act, Decision, all_decisions, newest_decisions
from qc.items import parse_item
from qc.judged import judged_hashes
from qc.reviewing.shown import FindingShown, ItemShown, findings_by_item, items_shown
from qc.states import APPROVED, WAITING, ItemState, item_states
from qc.store.frames import first_row
from schemas.errors import ConfigError, Fault
from schemas.finding import Verdict, worst

if TYPE_CHECKING:
    import duckdb

    from qc.lab import Lab


@dataclass(frozen=True, slots=True)
class QueueItem:
    """One item that waits for a person."""

    shown: ItemShown
    """Which item it is, blinded."""
    findings: tuple[FindingShown, ...]
    """Findings that hold it, gravest first."""
    has_lapsed: bool
    """Whether a decision on it has lapsed, because data or verdicts have changed since."""

    @property
    def verdict(self) -> Verdict:
        """Gravest verdict of its findings."""
        return worst(finding.verdict for finding in self.findings)

    def as_json(self) -> dict[str, Any]:
        """Return the item as a mapping of JSON values."""
        told = self.shown.as_json() | {"verdict": self.verdict.value, "lapsed": self.has_lapsed}
        return told | {"findings": [finding.as_json() for finding in self.findings]}


@dataclass(frozen=True, slots=True)
class Shown:
    """One item with everything that was found and decided."""

    shown: ItemShown
    """Which item it is, blinded."""
    state: str
    """``waiting``, ``approved``, ``rejected`` or ``repeat_requested``."""
    has_lapsed: bool
    """Whether a decision on it has lapsed."""
    findings: tuple[tuple[str, FindingShown], ...]
    """All findings with the item that they speak about: its own, those of its run and analyte, and those below it."""
    decisions: tuple[Decision, ...]
    """Decisions and comments, oldest first."""

    def as_json(self) -> dict[str, Any]:
        """Return the item as a mapping of JSON values."""
        told = self.shown.as_json() | {"state": self.state, "lapsed": self.has_lapsed}
        told["findings"] = [{"item": item, **finding.as_json()} for item, finding in self.findings]
        return told | {"decisions": [decision.as_json() for decision in self.decisions]}


@dataclass(frozen=True, slots=True)
class Decided:
    """One decision that was recorded."""

    item: str
    """Name of the item."""
    act: Act
    """What was said."""
    over: tuple[str, ...]
    """Rules that an approval went over."""
    seq: int
    """Number of the ledger entry."""

    def as_json(self) -> dict[str, Any]:
        """Return the decision as a mapping of JSON values."""
        return {"item": self.item, "act": self.act.value, "over": list(self.over), "seq": self.seq}


def queue(lab: Lab, study: str | None = None) -> list[QueueItem]:
    """List what waits for a person, gravest first.

    Parameters
    ----------
    lab : Lab
        The lab.
    study : str, optional
        Only this study; None means all.

    Returns
    -------
    list of QueueItem
        Runs before analytes before results of the same verdict.
    """
    decisions = newest_decisions(lab.ledger)
    with lab.facts.reading() as con:
        states = item_states(con, decisions)
        waiting = [item for item, state in states.items() if state.state == WAITING]
        findings = findings_by_item(con, waiting)
        shown = items_shown(lab, con, waiting)
    items = [
        QueueItem(shown[name], tuple(finding for finding in findings[name] if finding.holds), states[name].has_lapsed)
        for name in waiting
        if name in shown and (study is None or shown[name].study == study)
    ]
    return sorted(items, key=_gravest_first)


def _gravest_first(item: QueueItem) -> tuple[int, int, int, int]:
    parsed = parse_item(item.shown.item)
    rank = ("run", "analyte", "result").index(parsed.scope)
    return -item.verdict.severity, rank, parsed.run_id, parsed.ordinal


def show(lab: Lab, name: str) -> Shown:
    """Show one item with all its findings and decisions.

    Parameters
    ----------
    lab : Lab
        The lab.
    name : str
        Name of the item, or of a run.

    Returns
    -------
    Shown
        The item, with the findings on its run and analyte that hold it too.

    Raises
    ------
    ConfigError
        If there is no such item.
    """
    decisions = newest_decisions(lab.ledger)
    with lab.facts.reading() as con:
        name = _name_of(con, name)
        states = item_states(con, decisions)
        shown = items_shown(lab, con, [name])
        if name not in shown:
            raise ConfigError(f"There is no item '{name}' in this lab. 'qc queue' lists what waits.")
        own = [name, *_above(name, shown[name].analyte)]
        below = _below(con, name)
        findings = findings_by_item(con, [*own, *below])
    told = all_decisions(lab.ledger, own)
    found = tuple((item, finding) for item in [*own, *below] for finding in findings[item])
    lapsed = name in states and states[name].has_lapsed
    return Shown(shown[name], _stands([name, *below], states), lapsed, found, tuple(told))


def _below(con: duckdb.DuckDBPyConnection, name: str) -> list[str]:
    item = parse_item(name)
    if item.scope == "result":
        return []
    sql = "SELECT DISTINCT item, result_id, analyte FROM open_findings WHERE run_id = ? AND item <> ? ORDER BY 2, 1"
    rows = con.execute(sql, [item.run_id, name]).fetchall()
    return [below for below, _, analyte in rows if item.scope == "run" or (analyte == item.analyte and "." in below)]


def _stands(names: Sequence[str], states: Mapping[str, ItemState]) -> str:
    known = [states[name].state for name in names if name in states]
    own = states[names[0]].state if names[0] in states else APPROVED
    return WAITING if WAITING in known and own == APPROVED else own


def _name_of(con: duckdb.DuckDBPyConnection, name: str) -> str:
    found = first_row(con, "SELECT max(run_id) FROM runs WHERE run = ?", [name])
    return f"R{found[0]}" if found and found[0] is not None else str(parse_item(name))


def _above(name: str, analyte: str) -> list[str]:
    item = parse_item(name)
    run = f"R{item.run_id}"
    return {"run": [], "analyte": [run], "result": [f"{run}/{analyte}", run]}[item.scope]


def decide(
    lab: Lab, names: Sequence[str], act: str, *, reason: str = "", note: str = "", actor: str | None = None
) -> list[Decided]:
    """Record one decision on one or several items, all or none of them.

    Parameters
    ----------
    lab : Lab
        The lab.
    names : sequence of str
        Names of items.
    act : str
        ``approve``, ``reject``, ``repeat`` or ``comment``.
    reason : str
        Code of ``reasons.toml``. Mandatory but for a comment and for the approval of an item that nothing but
        warnings hold.
    note : str
        Free text; mandatory for a comment.
    actor : str, optional
        Who decides; None means the operating-system user.

    Returns
    -------
    list of Decided
        The decisions; each names the assessment and a hash of what was judged.

    Raises
    ------
    ConfigError
        If an item is not there, or a reason is missing, unknown or not meant for the act; all faults are named.
    """
    if act not in list(Act):
        raise ConfigError(f"'{act}' is not a decision. Expected one of: {', '.join(Act)}.")
    wanted = [str(parse_item(name)) for name in dict.fromkeys(names)]
    with lab.facts.reading() as con:
        hashes = judged_hashes(con, wanted)
        shown = items_shown(lab, con, wanted)
        findings = findings_by_item(con, wanted)
    over = {name: _over(findings[name]) for name in wanted} if act == Act.APPROVE else defaultdict(tuple)
    _refuse(lab, wanted, shown, act, reason, note, over)
    return _record(lab, wanted, shown, hashes, over, {"act": act, "reason": reason, "note": note}, actor)


def _over(findings: Sequence[FindingShown]) -> tuple[str, ...]:
    grave = [finding for finding in findings if finding.holds and finding.verdict is not Verdict.WARN]
    return tuple(dict.fromkeys(finding.rule for finding in grave))


def _refuse(
    lab: Lab,
    names: Sequence[str],
    shown: Mapping[str, ItemShown],
    act: str,
    reason: str,
    note: str,
    over: Mapping[str, tuple[str, ...]],
) -> None:
    faults = [Fault(name, "There is no such item.") for name in names if name not in shown]
    faults += _reason_faults(lab, act, reason, any(over[name] for name in names))
    if act == Act.COMMENT and not note:
        faults.append(Fault("note", "A comment needs a text."))
    if faults:
        raise ConfigError("Nothing was decided.", faults)


def _reason_faults(lab: Lab, act: str, reason: str, goes_over: bool) -> list[Fault]:
    from qc.config import read_reasons

    reasons = read_reasons(lab.paths.reasons)
    needed = {Act.REJECT: "reject", Act.REPEAT: "repeat", Act.APPROVE: "approve_over" if goes_over else ""}.get(
        Act(act), ""
    )
    fitting = sorted(code for code, entry in reasons.items() if not needed or needed in entry.acts)
    if reason and reason not in reasons:
        return [Fault("reason", f"'{reason}' is not in reasons.toml. Expected one of: {', '.join(fitting)}.")]
    if needed and not reason:
        what = "an approval over a failure" if needed == "approve_over" else f"'{act}'"
        return [Fault("reason", f"A reason is needed for {what}: one of {', '.join(fitting)}.")]
    if needed and reason not in fitting:
        return [Fault("reason", f"'{reason}' is not meant for '{needed}'. Expected one of: {', '.join(fitting)}.")]
    return []


def _record(
    lab: Lab,
    names: Sequence[str],
    shown: Mapping[str, ItemShown],
    hashes: Mapping[str, str],
    over: Mapping[str, tuple[str, ...]],
    said: Mapping[str, str],
    actor: str | None,
) -> list[Decided]:
    from qc.store.ledger import Draft, Kind

    who = actor_or_user(actor)
    drafts = [
        Draft(
            Kind.DECISION,
            name,
            {**said, **_about(shown[name]), "over": list(over[name]), "judged_sha256": hashes[name]},
            who,
        )
        for name in names
    ]
    entries = lab.ledger.append(drafts, at=datetime.now(UTC))
    return [Decided(entry.object, Act(said["act"]), tuple(entry.body["over"]), entry.seq) for entry in entries]


def _about(shown: ItemShown) -> dict[str, Any]:
    return {"scope": shown.scope, "run": shown.run, "study": shown.study, "assessment_id": shown.assessment_id}

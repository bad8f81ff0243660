"""What speaks against an act: every fault, and what somebody else has done meanwhile."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from typing import TYPE_CHECKING

from qc.decide.request import DecisionRequest
from qc.items.decisions import Act, Decision, touched_items
from qc.items.seen_item import CORRECTION, is_passing
from qc.items.states import WAITING, refusal_of, state_of_seen
from qc.lab.reasons import Reason, read_reasons
from schemas.errors import ConfigError, ConflictError, Fault
from schemas.names import did_you_mean

if TYPE_CHECKING:
    from qc.items.seen_item import Seen
    from qc.lab.folder import LabFolder
    from qc.people.acting_person import Person
    from qc.store.entry import Entry

REJECT_PASSING = "reject_passing"
"""Kind of the reasons for which somebody rejects what no check speaks against."""
_REASON_KINDS = {Act.REJECT: "reject", Act.REPEAT: "repeat", Act.DILUTE: "repeat"}


def refuse_faulty(
    lab: LabFolder, request: DecisionRequest, items: Sequence[Seen], *, goes_over: bool, now: datetime
) -> None:
    """Refuse an act that is not complete, with every fault.

    Parameters
    ----------
    lab : LabFolder
        Lab whose ``reasons.toml`` lists the reasons.

    Raises
    ------
    ConfigError
        If a reason, a note or a cause is missing, or an expiry does not fit.
    """
    kind = reason_kind(request.act, items, goes_over=goes_over)
    faults = _reason_faults(lab, request, kind)
    if kind == REJECT_PASSING and not request.note.strip():
        faults.append(Fault("note", "No check speaks against it: a note must say what does, and where it is written."))
    if request.act is Act.COMMENT and not request.note:
        faults.append(Fault("note", "A comment needs a text."))
    if (len(items) > 1 or request.exceptions) and not request.cause:
        faults.append(Fault("reason", "A decision on several items needs one cause: a reason, or a note."))
    if request.expires_at is not None and not (request.act is Act.APPROVE and goes_over):
        faults.append(Fault("expires_at", "Only an approval over a failure can expire."))
    if request.expires_at is not None and request.expires_at <= now:
        faults.append(
            Fault("expires_at", f"'{request.expires_at:%Y-%m-%d %H:%M}' UTC is past: a later day is expected.")
        )
    both = sorted({seen.item for seen in items} & set(request.exceptions))
    faults += [Fault(name, "It is among the exceptions and among the items.") for name in both]
    if faults:
        raise ConfigError("Nothing was decided.", faults)


def reason_kind(act: Act, items: Iterable[Seen], *, goes_over: bool) -> str:
    """Return the act of ``reasons.toml`` that a reason must be meant for; empty where none is needed."""
    ones = list(items)
    # One that passes among others that fail is a passing one all the same: it is rejected by itself.
    if act is not Act.COMMENT and any(seen.scope == CORRECTION for seen in ones):
        return "correct"
    if act is Act.REJECT and any(is_passing(seen) for seen in ones):
        return REJECT_PASSING
    return _REASON_KINDS.get(act, "approve_over" if act is Act.APPROVE and goes_over else "")


def fitting_reasons(reasons: Mapping[str, Reason], kind: str) -> list[str]:
    """Return the codes that are meant for a kind of act, sorted; all of a list that is older than the kind."""
    older = {"correct": list(reasons), REJECT_PASSING: [code for code, one in reasons.items() if "reject" in one.acts]}
    fitting = [code for code, one in reasons.items() if not kind or kind in one.acts]
    return sorted(fitting or older.get(kind, []))


def _reason_faults(lab: LabFolder, request: DecisionRequest, needed: str) -> list[Fault]:
    reasons = read_reasons(lab.paths.reasons)
    fitting = fitting_reasons(reasons, needed)
    if request.reason and request.reason not in reasons:
        said = f"'{request.reason}' is not in reasons.toml.{did_you_mean(request.reason, fitting)} "
        said += f"Expected one of: {', '.join(fitting)}."
        return [Fault("reason", said)]
    if needed and not request.reason:
        whats = {
            "approve_over": "an approval over a failure",
            "correct": "a decision on a correction",
            REJECT_PASSING: "the rejection of what no check speaks against",
        }
        what = whats.get(needed, f"'{request.act}'")
        return [Fault("reason", f"A reason is needed for {what}: one of {', '.join(fitting)}.")]
    if needed and request.reason not in fitting:
        why = "No check speaks against it: " if needed == REJECT_PASSING else ""
        said = f"{why}'{request.reason}' is not meant for '{needed}'. Expected one of: {', '.join(fitting)}."
        return [Fault("reason", said)]
    return []


def legal_parts(
    request: DecisionRequest, items: Iterable[Seen], in_force: Mapping[str, Decision], person: Person, now: datetime
) -> list[Seen]:
    """Return the items with what of them the act may be said of.

    Parameters
    ----------
    in_force : mapping of str to Decision
        Decision that counts, by item.

    Returns
    -------
    list of Seen
        The items; of a sample, only those results whose state allows the act.

    Raises
    ------
    ConfigError
        If the state of an item, or of every result of a sample, does not allow the act; each is named with the reason.
    """
    faults: list[Fault] = []
    legal: list[Seen] = []
    for seen in items:
        parts = seen.covers or (seen,)
        objections = {part.item: _why_illegal(request, part, in_force.get(part.item), person, now) for part in parts}
        allowed_parts = tuple(part for part in parts if not objections[part.item])
        legal.append(replace(seen, covers=allowed_parts) if seen.covers else seen)
        if not allowed_parts:
            faults += [Fault(item, said) for item, said in objections.items()]
    if faults:
        raise ConfigError("Nothing was decided.", faults)
    return legal


def _why_illegal(request: DecisionRequest, seen: Seen, decision: Decision | None, person: Person, now: datetime) -> str:
    if request.act is Act.COMMENT:
        return ""
    if seen.scope == "well":
        return "" if request.act is Act.REJECT else "A well can be rejected (left out of its result) or commented on."
    state = state_of_seen(seen, decision, now)
    waits_for_second = state.state == WAITING and state.decision is not None
    if request.act is Act.APPROVE and waits_for_second and decision and decision.actor == person.name:
        return "Nobody confirms their own approval: somebody else must."
    if request.act is Act.APPROVE and waits_for_second and seen.operator == person.name:
        return "Nobody confirms a run of their own: somebody else must."
    can_be_extended = request.expires_at is not None and decision is not None and decision.expires_at is not None
    if request.act is Act.APPROVE and can_be_extended and not state.has_lapsed:
        return ""
    return refusal_of(state.state, request.act)


def refuse_others(
    request: DecisionRequest, items: Iterable[Seen], in_force: Mapping[str, Decision], person: Person
) -> None:
    """Tell of decisions of somebody else that would be replaced unseen.

    Parameters
    ----------
    items : iterable of Seen
        What was looked up just now, by name: whoever decides has not been shown it.
    in_force : mapping of str to Decision
        Decision that counts, by item.

    Raises
    ------
    ConflictError
        If there are any; each is named.
    """
    if request.supersedes or request.act is Act.COMMENT:
        return
    faults = [
        Fault(seen.item, f"'{d.actor}' said '{d.act}' at {d.at:%Y-%m-%d %H:%M} UTC (entry {d.seq}).")
        for seen in items
        if (d := in_force.get(seen.item))
        and d.actor != person.name
        and (d.judged_sha256 == seen.judged_sha256 or d.seq == seen.stands)
        if not (request.act is Act.APPROVE and d.needs_second and not d.confirms)
    ]
    if faults:
        raise ConflictError("Somebody else has decided already. To replace it, say so (--supersede).", faults)


def refuse_newer(newer: Sequence[Entry], items: Iterable[Seen]) -> None:
    """Tell of what others did to the same items since they were looked at.

    Raises
    ------
    ConflictError
        If an entry is about one of the items; each is named, and nothing is written.
    """
    as_of = {seen.item: seen.as_of for seen in items}
    faults = [
        Fault(name, f"'{e.actor}' said '{e.body.get('act', 'undo')}' at {e.at:%H:%M:%S} UTC (entry {e.seq}).")
        for e in newer
        if e.kind in ("decision", "undo")
        for name in sorted(touched_items(e) & set(as_of))
        if e.seq > as_of[name] and e.body.get("act") != Act.COMMENT
    ]
    if faults:
        raise ConflictError("Somebody else has acted since you looked: nothing of yours was recorded.", faults)

"""Decide: one act on one or several items, all of them recorded or none."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any, Protocol

from qc.decide.decide_correction import are_corrections, decide_corrections
from qc.decide.refused_requests import legal_parts, refuse_faulty, refuse_newer, refuse_others
from qc.decide.request import Decided, DecisionRequest, right_of
from qc.items.decisions import Act, Decision, counting, decisions_on
from qc.items.names import parse_target
from qc.items.near_items import near_item
from qc.items.seen_item import Seen, is_passing, seen_items
from qc.people.acting_person import Person, allowed_person
from schemas.canonical import utc_text
from schemas.errors import ConfigError, Fault

if TYPE_CHECKING:
    from qc.lab.folder import LabFolder
    from qc.store.entry import Draft, Entry


# Python looks up a member of an enumeration each time: these are asked for by each of very many items.
_APPROVE, _COMMENT, _REJECT = Act.APPROVE, Act.COMMENT, Act.REJECT


class HasSeen(Protocol):
    """Something that carries what was seen of an item: a line of the queue, an item as it is shown."""

    @property
    def seen(self) -> Seen:
        """What was seen."""


def decide(
    lab: LabFolder, items: Sequence[str | Seen | HasSeen], request: DecisionRequest, *, actor: str | None = None
) -> list[Decided]:
    """Record one act on one or several items, all or none of them.

    What was seen (a line of the queue, a shown item) is decided on as it was seen, and the facts are not opened: a
    decision never waits for a bulk load. What is only named is looked up first.

    Parameters
    ----------
    actor : str, optional
        Who acts; None means whoever has signed in, else the operating-system user.

    Returns
    -------
    list of Decided
        The decisions; each names the assessment and a hash of what was judged.

    Raises
    ------
    ConfigError
        If an item is not there, its state does not allow the act, or a reason is missing, unknown or not meant for it.
    RightsError
        If the person may not do it.
    ConflictError
        If somebody else has acted on an item since it was seen; nothing is recorded then.
    """
    names = [item if isinstance(item, str) else _seen_of(item).item for item in items]
    with lab.ledger.kept_open():
        if are_corrections(names):
            corrections = [item if isinstance(item, str) else _seen_of(item) for item in items]
            return decide_corrections(lab, corrections, request, actor=actor)
        return _decide(lab, items, request, actor)


def _decide(
    lab: LabFolder, items: Sequence[str | Seen | HasSeen], request: DecisionRequest, actor: str | None
) -> list[Decided]:
    now = datetime.now(UTC)
    named = [str(parse_target(item)) for item in items if isinstance(item, str)]
    looked_up = _look_up(lab, named)
    seen = _unique([looked_up[_name(item)] if isinstance(item, str) else _seen_of(item) for item in items])
    goes_over = request.act is Act.APPROVE and any(one.over for one in seen)
    person = allowed_person(lab, actor, right_of(request.act, goes_over=goes_over))
    refuse_faulty(lab, request, seen, goes_over=goes_over, now=now)
    known = lab.ledger.head()[0]
    earlier_decisions = decisions_on(lab.ledger, [one.item for one in _with_covered(seen)])
    in_force = counting(earlier_decisions)
    # A decision that came after the look is a conflict, told as one; it does not change what was legal at the look.
    then = {d.item: d for one in _with_covered(seen) if (d := in_force.get(one.item)) and d.seq <= one.as_of}
    refuse_others(request, _with_covered(looked_up.values()), then, person)
    refuse_newer(_newer(lab, seen, earlier_decisions), _with_covered(seen))
    seen = legal_parts(request, seen, then, person, now)
    bulk = _bulk(request, seen)
    decided = [_decided(lab, one, request, then.get(one.item), person) for one in seen]
    first_seq = lab.ledger.append_many(
        (_draft(one, said, request, person, bulk) for one, said in zip(seen, decided, strict=True)),
        at=now,
        after=known,
        check=lambda newer: refuse_newer(newer, _with_covered(seen)),
    )
    return [one.numbered(seq) for seq, one in enumerate(decided, start=first_seq)]


def _name(item: str) -> str:
    return str(parse_target(item))


def _look_up(lab: LabFolder, names: Sequence[str]) -> dict[str, Seen]:
    if not names:
        return {}
    as_of = lab.ledger.head()[0]
    with lab.facts.reading() as con:
        seen = seen_items(lab, con, names, as_of)
        missing = [
            Fault(name, f"There is no such item, or its run waits for 'qc assess'.{near_item(con, name)}")
            for name in names
            if name not in seen
        ]
    if missing:
        raise ConfigError("Nothing was decided.", list(dict.fromkeys(missing)))
    return seen


def _seen_of(item: Seen | HasSeen) -> Seen:
    return item if isinstance(item, Seen) else item.seen


def _unique(seen: Sequence[Seen]) -> list[Seen]:
    if not seen:
        raise ConfigError("Nothing was decided: no item was named.")
    return list({one.item: one for one in seen}.values())


def _with_covered(seen: Iterable[Seen]) -> list[Seen]:
    ones = list(seen)
    return [*ones, *(part for one in ones for part in one.covers)]


def _newer(lab: LabFolder, seen: Sequence[Seen], earlier_decisions: Iterable[Decision]) -> Sequence[Entry]:
    from qc.store.entry import Kind

    oldest = min(one.as_of for one in seen)
    if not any(d.undone_by > oldest or (d.seq > oldest and d.act is not Act.COMMENT) for d in earlier_decisions):
        return []
    return lab.ledger.entries(kinds=[Kind.DECISION, Kind.UNDO], after=oldest)


def _bulk(request: DecisionRequest, seen: Sequence[Seen]) -> dict[str, Any] | None:
    if len(seen) == 1 and not request.exceptions:
        return None
    return {"n": len(seen), "cause": request.cause, "exceptions": list(request.exceptions)}


def _decided(lab: LabFolder, seen: Seen, request: DecisionRequest, before: Decision | None, person: Person) -> Decided:
    """Return a decision before it has a number."""
    goes_over = request.act is _APPROVE and bool(seen.over)
    is_pending = before is not None and before.needs_second and not before.confirms
    confirms = before.seq if before and is_pending and request.act is _APPROVE and before.actor != person.name else 0
    needs_two = "approve_over" in lab.settings.people.four_eyes and goes_over
    return Decided(
        seen.item,
        request.act,
        tuple(_over(seen, request)),
        0,
        before.seq if before and not confirms and request.act is not _COMMENT else 0,
        confirms,
        needs_two and not confirms,
        len(seen.covers),
    )


def _draft(
    seen: Seen, decided: Decided, request: DecisionRequest, person: Person, bulk: dict[str, Any] | None
) -> Draft:
    from qc.store.entry import Draft, Kind

    body: dict[str, Any] = {
        "act": request.act.value,
        "reason": request.reason,
        "note": request.note,
        "scope": seen.scope,
        "run": seen.run,
        "study": seen.study,
        "assessment_id": seen.assessment_id,
        "over": list(decided.over),
        "judged_sha256": seen.judged_sha256,
        "values_sha256": seen.values_sha256,
        "expires_at": utc_text(request.expires_at) if request.expires_at else None,
        "supersedes": decided.supersedes,
        "confirms": decided.confirms,
        "needs_second": decided.needs_second,
        "bulk": bulk,
    }
    if request.act is _REJECT and is_passing(seen):
        body["passing"] = True
    if seen.covers:
        body["covers"] = {part.item: _covered(part, request) for part in seen.covers}
    return Draft(Kind.DECISION, seen.item, body, person.name)


def _covered(part: Seen, request: DecisionRequest) -> dict[str, Any]:
    judged: dict[str, Any] = {"assessment_id": part.assessment_id, "judged_sha256": part.judged_sha256}
    judged |= {"values_sha256": part.values_sha256}
    return judged | {"over": _over(part, request)}


def _over(seen: Seen, request: DecisionRequest) -> list[str]:
    """Return the rules that an act goes over: failures, and warnings too, so that a release can show them."""
    return [*seen.over, *seen.warned] if request.act is _APPROVE else []

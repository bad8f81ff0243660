"""Accept or refuse corrections: the entry of the ledger is the commit, and what was accepted is taken into force."""

from __future__ import annotations

import json
from collections.abc import Sequence
from contextlib import suppress
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any  # Any: JSON values

from qc.decide.refused_requests import refuse_faulty, refuse_newer
from qc.decide.request import Decided, DecisionRequest
from qc.ingest.corrections.apply import apply_accepted
from qc.ingest.corrections.correction import Correction, known_correction
from qc.ingest.corrections.touched import Touched, touched_of
from qc.items.decisions import Act, newest_on
from qc.items.seen_item import Seen
from qc.people.acting_person import allowed_person
from qc.people.rights import Right
from schemas.correction_name import is_correction, number_of_correction
from schemas.errors import ConfigError, ConflictError, Fault, StoreBusyError

if TYPE_CHECKING:
    from qc.lab.folder import LabFolder
    from qc.store.entry import Draft

_ACTS = (Act.APPROVE, Act.REJECT, Act.COMMENT)


def are_corrections(names: Sequence[str]) -> bool:
    """Tell whether items are corrections.

    Raises
    ------
    ConfigError
        If some are and some are not: what becomes of a result may hang on the correction, which comes first.
    """
    found = [name for name in names if is_correction(name)]
    if found and len(found) < len(names):
        others = sorted(set(names) - set(found))
        text = "Corrections are decided on first, and by themselves."
        raise ConfigError("Nothing was decided.", [Fault(name, text) for name in others])
    return bool(found)


def decide_corrections(
    lab: LabFolder, items: Sequence[str | Seen], request: DecisionRequest, *, actor: str | None = None
) -> list[Decided]:
    """Accept, refuse or comment on corrections, all or none of them.

    Parameters
    ----------
    items : sequence of str or Seen
        Names, or what was seen of them: what has changed since is told and not decided on.
    actor : str, optional
        Who acts; None means whoever has signed in, else the operating-system user.

    Returns
    -------
    list of Decided
        The decisions. What was accepted is in force when this returns, or, where another process holds the facts, with
        the next command that judges.

    Raises
    ------
    ConfigError
        If there is no such correction, it is in force already, or a reason is missing or unknown.
    RightsError
        If the person may not do it.
    ConflictError
        If it has changed, or somebody else has acted on it, since it was seen.
    """
    now, as_of = datetime.now(UTC), lab.ledger.head()[0]
    person = allowed_person(lab, actor, Right.COMMENT if request.act is Act.COMMENT else Right.CORRECT)
    wanted = {item.item if isinstance(item, Seen) else item: item for item in items}
    known = _known(lab, list(wanted))
    _refuse_illegal(known, request)
    _refuse_changed(known, wanted)
    seen = [seen_of(one, touched, as_of) for one, touched in known.values()]
    refuse_faulty(lab, request, seen, goes_over=False, now=now)
    drafts = [_draft(one, touched, request, person.name, len(known)) for one, touched in known.values()]
    entries = lab.ledger.append(drafts, at=now, after=as_of, check=lambda newer: refuse_newer(newer, seen))
    if request.act is Act.APPROVE:
        with suppress(StoreBusyError):  # the entry stands: whoever judges next takes it into force
            apply_accepted(lab)
    return [Decided(e.object, request.act, (), e.seq, e.body["supersedes"]) for e in entries]


def _known(lab: LabFolder, names: Sequence[str]) -> dict[str, tuple[Correction, Touched]]:
    decisions = newest_on(lab.ledger, names)
    found = {}
    with lab.facts.reading() as con:
        for name in names:
            one = known_correction(con, number_of_correction(name) or 0, decisions)
            if one is not None:
                found[name] = (one, touched_of(con, one))
    missing = [Fault(name, "There is no such correction: 'qc queue' lists what waits.") for name in names]
    if len(found) < len(names):
        raise ConfigError("Nothing was decided.", [fault for fault in missing if fault.where not in found])
    return found


def _refuse_illegal(known: dict[str, tuple[Correction, Touched]], request: DecisionRequest) -> None:
    faults = [Fault(name, why) for name, (one, _) in known.items() if (why := _why_illegal(one, request))]
    if faults:
        raise ConfigError("Nothing was decided.", faults)


def _why_illegal(one: Correction, request: DecisionRequest) -> str:
    if request.act not in _ACTS:
        return "A correction is accepted or refused ('approve' or 'reject'), or commented on."
    if request.expires_at is not None or request.act is Act.COMMENT:
        return "" if request.act is Act.COMMENT else "An accepted correction does not expire."
    if one.state == "approved":
        return "It is in force: hand the old rows in again with 'qc ingest --correct' to go back."
    if one.state == "in force":
        return "Nothing is left to decide: the rows are in force already."
    return "It is refused already." if one.state == "rejected" and request.act is Act.REJECT else ""


def _refuse_changed(known: dict[str, tuple[Correction, Touched]], wanted: dict[str, str | Seen]) -> None:
    changed = [
        Fault(name, "The rows in force are others than when you looked: look again.")
        for name, item in wanted.items()
        if isinstance(item, Seen) and item.judged_sha256 != known[name][0].judged_sha256
    ]
    if changed:
        raise ConflictError("Nothing was decided.", changed)


def seen_of(one: Correction, touched: Touched, as_of: int) -> Seen:
    """Return what somebody has seen of a correction.

    Parameters
    ----------
    as_of : int
        Number of the newest ledger entry, read before.
    """
    return Seen(
        item=one.name,
        scope="correction",
        study=touched.studies[0] if len(touched.studies) == 1 else "",
        run="",
        analyte="",
        assessment_id=0,
        judged_sha256=one.judged_sha256,
        values_sha256=one.judged_sha256,
        over=(),
        is_held=True,
        as_of=as_of,
    )


def _draft(one: Correction, touched: Touched, request: DecisionRequest, actor: str, n_items: int) -> Draft:
    from qc.store.entry import Draft, Kind

    seen = seen_of(one, touched, 0)
    body: dict[str, Any] = {
        "act": request.act.value,
        "reason": request.reason,
        "note": request.note,
        "scope": seen.scope,
        "run": "",
        "study": seen.study,
        "assessment_id": 0,
        "over": [],
        "judged_sha256": seen.judged_sha256,
        "values_sha256": seen.values_sha256,
        "expires_at": None,
        "supersedes": one.decision.seq if one.decision and request.act is not Act.COMMENT else 0,
        "confirms": 0,
        "needs_second": False,
        "bulk": {"n": n_items, "cause": request.cause, "exceptions": []} if n_items > 1 else None,
        "correction": _entry_of(one, touched),
    }
    return Draft(Kind.DECISION, one.name, body, actor)


def _entry_of(one: Correction, touched: Touched) -> dict[str, Any]:
    rows = [
        {"table": row.table, "line": row.line}
        | {name: json.loads(getattr(row, name)) for name in ("key", "before", "after")}
        for row in one.rows
    ]
    return {
        "file": one.file,
        "sha256": one.sha256,
        "delivered_by": one.delivered_by,
        "delivered_at": f"{one.delivered_at:%Y-%m-%dT%H:%M:%SZ}",
        "studies": list(touched.studies),
        "n_results": touched.n_results,
        "n_pairs": touched.n_pairs,
        "rows": rows,
    }

"""Audit review: what auditors look for in a ledger, each with the entries that show it."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from itertools import islice, pairwise, takewhile
from typing import TYPE_CHECKING

from qc.audit.again.entry_times import strange_times
from qc.items.decisions import Act, touched_items
from qc.items.names import Item, name_of_result, parse_target
from qc.release.looks import looks_before
from qc.store.entry import Entry, Kind
from qc.store.facts_heads import MADE_AGAIN
from schemas.correction_name import is_correction
from schemas.json_model import JsonModel

if TYPE_CHECKING:
    from qc.lab.folder import LabFolder
    from qc.store.connection import Connection
    from qc.store.ledger import Ledger

_BURST = timedelta(minutes=1)  # `[audit] burst_decisions` is by the minute
_TRIES = timedelta(hours=1)  # `[audit] failed_sign_ins` is by the hour


@dataclass(frozen=True, slots=True)
class Remark(JsonModel):
    """One thing that an auditor would ask about."""

    what: str
    """Kind of remark: ``odd_hours``, ``burst``, ``self_approval``, ``repeats_until_pass`` and so on."""
    actor: str
    """Who acted; empty where several did."""
    object: str
    """What it is about; empty where it is about several things."""
    entries: tuple[int, ...]
    """Numbers of the entries that show it."""
    sentence: str
    """What was seen."""


def review(lab: LabFolder) -> list[Remark]:
    """Point out what auditors look for; none of it need be wrong, all of it needs an answer.

    Returns
    -------
    list of Remark
        By kind, then by entry.
    """
    entries = lab.ledger.entries()
    decisions = [entry for entry in entries if entry.kind is Kind.DECISION and entry.body["act"] != Act.COMMENT]
    with lab.facts.reading() as con:
        operators = dict(con.execute("SELECT run_id, operator FROM runs WHERE operator <> ''").fetchall())
        repeats = list(_repeats_until_pass(con, decisions))
    limits = lab.settings.audit
    return [
        *_odd_hours(entries, limits.day_begins, limits.day_ends),
        *_bursts(decisions, limits.burst_decisions),
        *_self_approvals(decisions, operators),
        *repeats,
        *_overrides(decisions),
        *_undone(entries),
        *_superseded(decisions),
        *_after_unblinding(entries),
        *_failed_sign_ins(entries, limits.failed_sign_ins),
        *_plans_after_release(entries),
        *_releases_after_looks(lab.ledger, entries),
        *_rejected_passing(decisions),
        *_corrections(entries),
        *_strange_times(entries),
        *_late_heads(entries),
        *_made_again(entries),
    ]


def _strange_times(entries: Sequence[Entry]) -> Iterator[Remark]:
    for before, entry, sentence in strange_times(entries, datetime.now(UTC)):
        yield Remark("strange_time", entry.actor, entry.object, (before.seq, entry.seq), sentence)


def _made_again(entries: Sequence[Entry]) -> Iterator[Remark]:
    for entry in entries:
        if entry.kind is Kind.FACTS and entry.body["act"] == MADE_AGAIN:
            text = f"'{entry.actor}' had the facts made again from archive and ledger."
            yield Remark("facts_made_again", entry.actor, entry.object, (entry.seq,), text)


def _late_heads(entries: Sequence[Entry]) -> Iterator[Remark]:
    for entry in entries:
        if entry.kind is Kind.FACTS and entry.body["n_late"]:
            text = (
                f"{entry.body['n_late']} groups of rows were entered late: whoever wrote them was cut off, or went by."
            )
            yield Remark("late_head", entry.actor, entry.object, (entry.seq,), text)


def _odd_hours(entries: Sequence[Entry], begins: int, ends: int) -> Iterator[Remark]:
    odd: dict[tuple[str, str], list[Entry]] = defaultdict(list)
    # Heads of the facts are entered by whoever writes, and that is the nightly job.
    for entry in (one for one in entries if one.kind is not Kind.FACTS):
        local = entry.at.astimezone()
        if entry.kind is Kind.DELIVERY and not entry.body["correct"]:
            continue  # files come in at night: that is what the night is for
        if not begins <= local.hour < ends or local.weekday() > 4:
            odd[entry.actor, f"{local:%Y-%m-%d}"].append(entry)
    for (actor, day), found in odd.items():
        hours = f"{min(e.at.astimezone() for e in found):%H:%M} to {max(e.at.astimezone() for e in found):%H:%M}"
        sentence = f"{len(found)} acts of '{actor}' on {day} from {hours}, outside of the working day or at a weekend."
        yield Remark("odd_hours", actor, "", tuple(e.seq for e in found), sentence)


def _bursts(decisions: Sequence[Entry], least: int) -> Iterator[Remark]:
    by_actor: dict[str, list[Entry]] = defaultdict(list)
    for entry in decisions:
        if not entry.body.get("bulk"):
            by_actor[entry.actor].append(entry)
    for actor, own in by_actor.items():
        start = 0
        while start < len(own):
            limit = own[start].at + _BURST
            window = list(takewhile(lambda entry: entry.at <= limit, islice(own, start, None)))  # noqa: B023
            if len(window) >= least:
                when = f"{window[0].at:%Y-%m-%d %H:%M} UTC"
                sentence = f"'{actor}' made {len(window)} single decisions within a minute, at {when}."
                yield Remark("burst", actor, "", tuple(entry.seq for entry in window), sentence)
                start += len(window)
            else:
                start += 1


def _self_approvals(decisions: Sequence[Entry], operators: dict[int, str]) -> Iterator[Remark]:
    for entry in decisions:
        target = None if is_correction(entry.object) else parse_target(entry.object)
        own = isinstance(target, Item) and operators.get(target.run_id) == entry.actor
        if own and entry.body["act"] == Act.APPROVE:
            sentence = f"'{entry.actor}' approved '{entry.object}' of a run that the same person measured."
            yield Remark("self_approval", entry.actor, entry.object, (entry.seq,), sentence)


_SEVERAL = """
    SELECT sample, analyte, matrix, list(result_id ORDER BY result_id) AS ids, list(verdict ORDER BY result_id)
    FROM latest_results GROUP BY study, sample, analyte, matrix HAVING count(*) > 1 ORDER BY ids
"""


def _repeats_until_pass(con: Connection, decisions: Sequence[Entry]) -> Iterator[Remark]:
    # "Repeat, repeat, got lucky": every measurement of one sample and analyte is counted, whatever became of it.
    by_item: dict[str, list[Entry]] = defaultdict(list)
    for entry in decisions:
        for name in touched_items(entry):
            by_item[name].append(entry)
    for _, analyte, matrix, ids, verdicts in con.execute(_SEVERAL).fetchall():
        names = [name_of_result(result_id) for result_id in ids]
        seqs = tuple(sorted({entry.seq for name in names for entry in by_item[name]}))
        repeat_decisions = [
            e for name in names for e in by_item[name] if e.body["act"] in (Act.REPEAT, Act.DILUTE, Act.REJECT)
        ]
        if repeat_decisions and len(names) > 1:
            outcome = ", ".join(f"{name} {verdict}" for name, verdict in zip(names, verdicts, strict=True))
            sentence = f"{analyte} in {matrix} was measured {len(names)} times in one sample: {outcome}."
            yield Remark("repeats_until_pass", "", names[0], seqs, sentence)


def _overrides(decisions: Sequence[Entry]) -> Iterator[Remark]:
    for entry in decisions:
        if entry.body["over"]:
            ends = f", good until {entry.body['expires_at'][:10]}" if entry.body.get("expires_at") else ""
            sentence = f"'{entry.actor}' approved '{entry.object}' over {', '.join(entry.body['over'])}{ends}."
            why = entry.body["reason"] or entry.body["note"]
            reasoned = f"{sentence} Reason: {why}." if why else f"{sentence} No reason was given."
            yield Remark("override", entry.actor, entry.object, (entry.seq,), reasoned)


def _undone(entries: Sequence[Entry]) -> Iterator[Remark]:
    by_seq = {entry.seq: entry for entry in entries}
    for entry in entries:
        if entry.kind is Kind.UNDO:
            first = by_seq[int(entry.body["undoes"])]
            sentence = f"'{entry.actor}' took back what '{first.actor}' had said of '{entry.object}'."
            yield Remark("undone", entry.actor, entry.object, (first.seq, entry.seq), sentence)


def _superseded(decisions: Sequence[Entry]) -> Iterator[Remark]:
    by_seq = {entry.seq: entry for entry in decisions}
    for entry in decisions:
        first = by_seq.get(entry.body.get("supersedes", 0))
        if first is not None and first.actor != entry.actor:
            said = f"'{entry.body['act']}' took the place of '{first.body['act']}' by '{first.actor}'"
            sentence = f"On '{entry.object}', {said}; '{entry.actor}' decided."
            yield Remark("superseded", entry.actor, entry.object, (first.seq, entry.seq), sentence)


def _after_unblinding(entries: Sequence[Entry]) -> Iterator[Remark]:
    looked: dict[tuple[str, str], int] = {}
    for entry in entries:
        if entry.kind is Kind.UNBLINDING:
            looked[entry.actor, entry.object] = entry.seq
        if entry.kind is Kind.DECISION and entry.body["act"] != Act.COMMENT:
            for name in sorted(touched_items(entry)):
                if (entry.actor, name) in looked:
                    sentence = f"'{entry.actor}' decided on '{name}' after looking behind its blind."
                    shown_by = (looked[entry.actor, name], entry.seq)
                    yield Remark("decided_unblinded", entry.actor, name, shown_by, sentence)


def _failed_sign_ins(entries: Sequence[Entry], least: int) -> Iterator[Remark]:
    failed: dict[str, list[Entry]] = defaultdict(list)
    for entry in entries:
        if entry.kind is Kind.SIGN_IN and entry.body["outcome"] == "refused":
            failed[entry.object].append(entry)
    for name, tries in failed.items():
        is_dense = any(last.at - first.at <= _TRIES for first, last in zip(tries, tries[least - 1 :], strict=False))
        if is_dense:
            sentence = f"{len(tries)} failed sign-ins of '{name}', {least} or more of them within an hour."
            yield Remark("failed_sign_ins", "", name, tuple(entry.seq for entry in tries), sentence)


def _plans_after_release(entries: Sequence[Entry]) -> Iterator[Remark]:
    acts = [entry for entry in entries if entry.kind in (Kind.PLAN_LOCK, Kind.RELEASE)]
    for before, after in pairwise(acts):
        if before.kind is Kind.RELEASE and after.kind is Kind.PLAN_LOCK and before.body["study"] == after.object:
            sentence = f"A plan of study '{after.object}' was locked after release '{before.object}' was made."
            yield Remark("plan_after_release", after.actor, after.object, (before.seq, after.seq), sentence)


def _releases_after_looks(ledger: Ledger, entries: Sequence[Entry]) -> Iterator[Remark]:
    for entry in entries:
        if entry.kind is Kind.RELEASE:
            seen = looks_before(ledger, entry.body["study"], entry.seq)
            if seen["looks"]:
                shown_by = (*(one["seq"] for one in seen["looks"]), entry.seq)
                sentence = f"'{entry.object}': {' '.join(seen['sentences'])}"
                yield Remark("released_after_look", entry.actor, entry.object, shown_by, sentence)


def _rejected_passing(decisions: Sequence[Entry]) -> Iterator[Remark]:
    for entry in decisions:
        if entry.body["act"] == Act.REJECT and entry.body.get("passing"):
            sentence = f"'{entry.actor}' rejected '{entry.object}', against which no check spoke."
            reasoned = f"{sentence} Reason: {entry.body['reason']}. {entry.body['note']}".strip()
            yield Remark("rejected_passing", entry.actor, entry.object, (entry.seq,), reasoned)


def _corrections(entries: Sequence[Entry]) -> Iterator[Remark]:
    released: dict[str, str] = {}
    for entry in entries:
        if entry.kind is Kind.RELEASE:
            released[entry.body["study"]] = entry.object
        if entry.kind is Kind.DECISION and is_correction(entry.object) and entry.body["act"] != Act.COMMENT:
            yield _correction(entry, released)


def _correction(entry: Entry, released: Mapping[str, str]) -> Remark:
    correction, did = entry.body["correction"], "accepted" if entry.body["act"] == Act.APPROVE else "refused"
    by = "by the same person" if correction["delivered_by"] == entry.actor else f"by '{correction['delivered_by']}'"
    rests = f"{correction['n_results']} results and {correction['n_pairs']} pairs rest on it"
    after = [released[study] for study in correction["studies"] if study in released]
    late = f", after release {', '.join(after)} was made" if after else ""
    sentence = f"'{entry.actor}' {did} '{entry.object}' ({correction['file']}, handed in {by}): {rests}{late}."
    return Remark("correction", entry.actor, entry.object, (entry.seq,), f"{sentence} Reason: {entry.body['reason']}.")

"""Proofs: decisions against what they judged, signatures against what they signed, facts against the archive."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from typing import TYPE_CHECKING, Any  # Any: a row holds whatever its columns do

from qc.ingest.delivery_journal import delivery_records
from qc.ingest.read_again import take_again
from qc.items.decisions import Decision, all_decisions
from qc.items.judged_content import judged_of
from qc.items.names import Item, parse_item
from qc.people.signatures import Signature, signatures
from qc.release.recount import covers
from qc.store.connection import Connection, in_memory
from qc.store.entry import Entry, HasEntries, Kind
from qc.store.facts_heads import MADE_AGAIN, first_assessment
from qc.store.seals import broken_seals
from schemas.canonical import canonical_json, sha256_text
from schemas.errors import Fault, QcError

if TYPE_CHECKING:
    from qc.lab.folder import LabFolder

_FINDINGS = """
    SELECT assessment_id, item, rule, version, verdict, key, observed FROM findings
    WHERE assessment_id IN (SELECT unnest(?)) ORDER BY assessment_id, ordinal
"""
_RESULTS = """
    SELECT assessment_id, result_id, analyte, value, unit, censor, censor_limit FROM results
    WHERE assessment_id IN (SELECT unnest(?)) ORDER BY assessment_id, result_id
"""

_NEWEST = """
    SELECT run_id, max(assessment_id) FROM assessments WHERE run_id IN (SELECT unnest(?)) GROUP BY run_id
"""


_SIGNED = (Kind.DECISION, Kind.RELEASE, Kind.PLAN_LOCK)


def decision_faults(ledger: HasEntries, con: Connection) -> Iterator[Fault]:
    """Recompute what each decision judged from the facts of the assessment that it names.

    Yields
    ------
    Fault
        One for each decision whose assessment does not show what was judged. Wells are proved by their seals.
    """
    first = first_assessment(ledger.entries_of(Kind.FACTS))
    # Where the facts were made again, what was judged before is not there: its hash alone says what counts.
    decisions = [one for one in _result_decisions(ledger) if one.assessment_id >= first]
    shown = _shown(con, [(parse_item(one.item), one.assessment_id) for one in decisions])
    for decision in decisions:
        if shown[decision.item, decision.assessment_id] != decision.judged_sha256:
            text = f"Assessment {decision.assessment_id} does not show what decision {decision.seq} judged."
            yield Fault(f"entry {decision.seq}, item '{decision.item}'", text)


def _result_decisions(ledger: HasEntries) -> list[Decision]:
    return [one for one in all_decisions(ledger) if one.item.startswith("R") and "@" not in one.item]


def decisions_before(ledger: HasEntries, con: Connection, run_ids: Sequence[int]) -> Iterator[str]:
    """Say how many decisions on runs judged what went when the facts were made again, and how many see it again.

    Yields
    ------
    str
        A sentence, where the facts were made again.
    """
    made_again = [one for one in ledger.entries_of(Kind.FACTS) if one.body["act"] == MADE_AGAIN]
    if not made_again:
        return
    entry, first = made_again[-1], first_assessment(made_again)
    newest = dict(con.execute(_NEWEST, [list(run_ids)]).fetchall())
    gone = [(one, parse_item(one.item)) for one in _result_decisions(ledger) if one.assessment_id < first]
    gone = [(one, item) for one, item in gone if item.run_id in newest]
    shown = _shown(con, [(item, newest[item.run_id]) for _, item in gone])
    n_same = sum(shown[one.item, newest[item.run_id]] == one.judged_sha256 for one, item in gone)
    when = f"on {entry.at:%Y-%m-%d %H:%M} UTC by '{entry.actor}' (entry {entry.seq})"
    yield (
        f"The facts were made again {when}: {len(gone)} decisions judged what was there before, and {n_same} of them "
        "see the same values and findings in what is there now."
    )


def _shown(con: Connection, judged: Sequence[tuple[Item, int]]) -> dict[tuple[str, int], str]:
    """Return the hash of what assessments show of items, by item and assessment."""
    ids = sorted({assessment_id for _, assessment_id in judged})
    findings: dict[tuple[int, str], list[Any]] = defaultdict(list)
    for assessment_id, item, *said in con.execute(_FINDINGS, [ids]).fetchall():
        findings[assessment_id, item].append(said)
    values: dict[int, list[Any]] = defaultdict(list)
    for assessment_id, *value in con.execute(_RESULTS, [ids]).fetchall():
        values[assessment_id].append(value)
    shown = {}
    for item, assessment_id in judged:
        own = [value for value in values[assessment_id] if covers(item, value)]
        shown[str(item), assessment_id], _ = judged_of(item, findings[assessment_id, str(item)], own)
    return shown


def signature_faults(ledger: HasEntries) -> Iterator[Fault]:
    """Recompute each signature and look up what it names.

    Parameters
    ----------
    ledger : Ledger
        The ledger, or a part of one that holds what was signed.

    Yields
    ------
    Fault
        One for each signature whose hash, or what it was put on, is not what it was.
    """
    signed = signatures(ledger)
    by_seq = {entry.seq: entry for entry in ledger.entries_of(*_SIGNED)} if signed else {}
    for one in signed:
        if sha256_text(canonical_json(one.what)) != one.signed_sha256:
            yield Fault(f"entry {one.seq}", f"The signature of '{one.user}' is not over what it names.")
        elif not _stands(one, by_seq):
            yield Fault(f"entry {one.seq}", f"What '{one.user}' signed as '{one.object}' is not in the ledger.")


def _stands(signed: Signature, by_seq: Mapping[int, Entry]) -> bool:
    what = signed.what
    if what["kind"] == "item":
        entry = by_seq.get(int(what["decision_seq"]))
        return entry is not None and entry.hash == what["decision_hash"]
    kinds = {"release": (Kind.RELEASE, "manifest_sha256"), "plan": (Kind.PLAN_LOCK, "plan_sha256")}
    kind, key = kinds[what["kind"]]
    before = [entry for seq, entry in by_seq.items() if seq < signed.seq and entry.kind is kind]
    return any(entry.body[key] == what[key] for entry in before)


_SEALS = """
    SELECT * FROM seals WHERE key_column <> 'assessment_id' AND table_name <> 'sources' ORDER BY seal_id
"""
_BEFORE_METHODS_CHOSE = """
    SELECT r.run_id FROM runs r JOIN seals s ON s.table_name = 'runs' AND s.key = r.source_id
    WHERE NOT contains(s.columns, '"reagent_expires_on"') AND r.{} = ?
"""


def archive_against_facts(lab: LabFolder, con: Connection) -> Iterator[Fault]:
    """Read every file of the archive again and compare the rows with those of the facts.

    Yields
    ------
    Fault
        One for each file that gives other rows now, or none. A file that another reader read is named, not compared.
        Columns that a later version has added are not compared.
    """
    from qc.store.migration import shipped_migrations

    with in_memory() as copy:
        for step in shipped_migrations():
            copy.execute(step.sql)
        yield from _read_again(lab, con, copy)
        _take_older_defaults(con, copy)
        copy.execute("DELETE FROM seals")
        seals = con.execute(_SEALS).fetchall()
        if seals:
            copy.executemany(f"INSERT INTO seals VALUES ({', '.join('?' * len(seals[0]))})", seals)  # noqa: S608 - marks
        places = {fault.where for fault in broken_seals(copy) if "table 'sources'" not in fault.where}
    for place in sorted(places):
        yield Fault(place, "The archive, read again, gives other rows.")


def _take_older_defaults(con: Connection, copy: Connection) -> None:
    # Before method files could choose the curve, a run without a word on it was stored with the default itself.
    for column, default in (("model", "4pl"), ("weight", "1/y2")):
        sql = _BEFORE_METHODS_CHOSE.format(column)
        older = [run_id for (run_id,) in con.execute(sql, [default]).fetchall()]
        filled = f"UPDATE runs SET {column} = ? WHERE {column} = '' AND run_id IN (SELECT unnest(?))"  # noqa: S608
        copy.execute(filled, [default, older])


def _read_again(lab: LabFolder, con: Connection, copy: Connection) -> Iterator[Fault]:
    for record in delivery_records(con):
        try:
            take_again(copy, lab.paths.archive, record, default_study=lab.settings.lab.default_study)
        except (QcError, KeyError):
            _, main, _ = record.parts[0]
            yield Fault(f"archive, source {record.source_id}", f"'{main}' cannot be read again.")

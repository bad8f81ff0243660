"""Proofs: decisions against what they judged, signatures against what they signed, facts against the archive."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import replace
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any  # Any: a row holds whatever its columns do

from qc.ingest.correction_rows import corrections_of
from qc.ingest.delivery import Delivery, Part
from qc.ingest.delivery_read import read_intake
from qc.ingest.delivery_write import take_accepted, take_in
from qc.ingest.handed_in import HandedIn, Recorded
from qc.ingest.stored_sheets import written_rows
from qc.items.decisions import all_decisions
from qc.items.judged_content import judged_of
from qc.items.names import parse_item
from qc.people.signatures import Signature, signatures
from qc.release.recount import covers
from qc.store.connection import Connection, in_memory
from qc.store.entry import Entry, HasEntries, Kind
from qc.store.tables import SHEET_TABLES
from schemas.canonical import canonical_json, sha256_text
from schemas.errors import Fault, QcError

if TYPE_CHECKING:
    from qc.lab.folder import LabFolder
    from qc.readers.intake import Intake

_FINDINGS = """
    SELECT assessment_id, item, rule, version, verdict, key, observed FROM findings
    WHERE assessment_id IN (SELECT unnest(?)) ORDER BY assessment_id, ordinal
"""
_RESULTS = """
    SELECT assessment_id, result_id, analyte, value, unit, censor, censor_limit FROM results
    WHERE assessment_id IN (SELECT unnest(?)) ORDER BY assessment_id, result_id
"""


_SIGNED = (Kind.DECISION, Kind.RELEASE, Kind.PLAN_LOCK)


def decision_faults(ledger: HasEntries, con: Connection) -> Iterator[Fault]:
    """Recompute what each decision judged from the facts of the assessment that it names.

    Yields
    ------
    Fault
        One for each decision whose assessment does not show what was judged. Wells are proved by their seals.
    """
    result_decisions = [d for d in all_decisions(ledger) if d.item.startswith("R") and "@" not in d.item]
    ids = sorted({decision.assessment_id for decision in result_decisions})
    findings: dict[tuple[int, str], list[Any]] = defaultdict(list)
    for assessment_id, item, *said in con.execute(_FINDINGS, [ids]).fetchall():
        findings[assessment_id, item].append(said)
    values: dict[int, list[Any]] = defaultdict(list)
    for assessment_id, *value in con.execute(_RESULTS, [ids]).fetchall():
        values[assessment_id].append(value)
    for decision in result_decisions:
        item = parse_item(decision.item)
        own = [value for value in values[decision.assessment_id] if covers(item, value)]
        judged_sha256, _ = judged_of(item, findings[decision.assessment_id, decision.item], own)
        if judged_sha256 != decision.judged_sha256:
            text = f"Assessment {decision.assessment_id} does not show what decision {decision.seq} judged."
            yield Fault(f"entry {decision.seq}, item '{decision.item}'", text)


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


_SOURCES = """
    SELECT source_id, sha256, delivery_sha256, part, file_name, applies FROM sources ORDER BY source_id
"""
_STUDIES = """
    SELECT source_id, study FROM runs UNION SELECT source_id, study FROM samples
    UNION SELECT source_id, study FROM subjects UNION SELECT source_id, study FROM corrections WHERE study <> ''
    ORDER BY 1, 2
"""
_WITH_RUNS = "SELECT source_id FROM runs UNION SELECT source_id FROM corrections WHERE table_name = 'runs'"
_SEALS = """
    SELECT table_name, key_column, key, n_rows, sha256 FROM seals
    WHERE key_column <> 'assessment_id' AND table_name <> 'sources' ORDER BY seal_id
"""


def archive_against_facts(lab: LabFolder, con: Connection) -> Iterator[Fault]:
    """Read every file of the archive again and compare the rows with those of the facts.

    Yields
    ------
    Fault
        One for each file that gives other rows now, or none. A file that another reader read is named, not compared.
    """
    from qc.store.migration import shipped_migrations

    stored = {tuple(row[:3]): tuple(row[3:]) for row in con.execute(_SEALS).fetchall()}
    with in_memory() as copy:
        for step in shipped_migrations():
            copy.execute(step.sql)
        yield from _read_again(lab, con, copy)
        again = {tuple(row[:3]): tuple(row[3:]) for row in copy.execute(_SEALS).fetchall()}
    for place in sorted(set(stored) | set(again)):
        if stored.get(place) != again.get(place):
            table, key, number = place
            where = f"facts, table '{table}', {key.removesuffix('_id')} {number}"
            yield Fault(where, "The archive, read again, gives other rows.")


def _read_again(lab: LabFolder, con: Connection, copy: Connection) -> Iterator[Fault]:
    studies = {row[0]: row[1] for row in con.execute(_STUDIES).fetchall()}
    with_runs = {row[0] for row in con.execute(_WITH_RUNS).fetchall()}
    deliveries: dict[tuple[str, int | None], list[tuple[Any, ...]]] = {}
    for source_id, sha256, delivery, part, name, applies in con.execute(_SOURCES).fetchall():
        deliveries.setdefault((delivery, applies), []).append((source_id, sha256, part, name))
    for (_, applies), parts in deliveries.items():
        found: dict[str, Part] = {}
        for _, sha256, part, name in parts:
            path = lab.paths.archive / sha256
            found[part] = Part(part, name, path.read_bytes() if path.is_file() else b"")
        first, _, _, main = parts[0]
        try:
            delivery = Delivery.of(found)
            study = studies.get(first, lab.settings.lab.default_study)
            intake = read_intake(delivery, default_study=study)
            if intake.runs and first not in with_runs:
                sheets = {name: rows for name, rows in intake.tables.items() if name in SHEET_TABLES}
                intake = replace(intake, runs=(), tables=sheets)  # every row of it was in already
            _take_again(con, copy, delivery, intake, first, applies)
        except (QcError, KeyError):
            yield Fault(f"archive, source {first}", f"'{main}' cannot be read again.")


def _take_again(
    con: Connection, copy: Connection, delivery: Delivery, intake: Intake, source_id: int, applies: int | None
) -> None:
    now = datetime.now(UTC)
    if applies is not None:
        rows = corrections_of(copy, [applies]).get(applies, [])
        take_accepted(copy, rows, intake if intake.runs else None, now=now, by="", applies=applies)
        return
    waited = {(row.table, row.key) for row in corrections_of(con, [source_id]).get(source_id, [])}
    recorded = Recorded(written_rows(con, source_id), waited)
    take_in(copy, delivery, intake, now=now, handed_in=HandedIn(by="", recorded=recorded))

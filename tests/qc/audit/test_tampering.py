"""Change any byte of what is kept, and verify must name it."""

from __future__ import annotations

import random
import shutil
import sqlite3
import string
from contextlib import closing, suppress
from datetime import UTC, datetime, timedelta

import pytest

import qc
from qc.api.demo import decide_all, make_demo_lab
from qc.audit.again.changed_rules import rule_faults
from qc.audit.anchor import write_anchor
from qc.audit.verify import archive_faults
from qc.ingest.delivery_journal import JOURNAL
from qc.ingest.journal_check import journal_faults
from qc.release.recorded_reports import report_faults
from qc.release.recount import recounted
from qc.release.release import release_faults
from qc.store.entry import ENTRY_COLUMNS
from qc.store.facts_heads import head_faults
from qc.store.ledger import Draft, Kind
from qc.store.ledger_checks import TRIGGERS
from qc.store.seals import broken_seals, seal, sealed_tables


class _Restored(Exception):
    """Ends a transaction that must leave nothing behind."""


@pytest.fixture(scope="module")
def kept(released_demo, tmp_path_factory):
    folder = tmp_path_factory.mktemp("tampered") / "lab"
    shutil.copytree(released_demo, folder)
    lab = qc.open_lab(folder)
    lab.report()
    return lab


@pytest.fixture(scope="module")
def small(tmp_path_factory):
    """Lab of two plates, decided, released and reported: what is changed in it is sought at once."""
    lab = make_demo_lab(tmp_path_factory.mktemp("small") / "lab", force=False)
    for path in [*lab.paths.inbox.glob("plates/*"), *lab.paths.inbox.glob("results/*")]:
        if not path.name.startswith(("serum-tnf-1.", "csf-tnf-1.")):
            path.unlink()
    lab.nightly()
    decide_all(lab)
    lab.lock_plan(lab.paths.root / "plan.toml", actor="tester")
    lab.release(actor="tester")
    lab.report()
    return lab


def _altered(dice, value):
    if isinstance(value, str) and value:
        place = dice.randrange(len(value))
        other = dice.choice([letter for letter in string.printable if letter != value[place]])
        return value[:place] + other + value[place + 1 :]
    return "x" if isinstance(value, str) else value + dice.choice([-1, 1, 100])


def _alter_entry(path, seq, column, value):
    con = sqlite3.connect(path, isolation_level=None)
    for name in TRIGGERS:
        con.execute(f"DROP TRIGGER {name}")
    con.execute(f"UPDATE entries SET {column} = ? WHERE seq = ?", [value, seq])
    for name, text in TRIGGERS.items():
        con.execute(f"CREATE TRIGGER {name} {text}")
    con.close()


def _copy_ledger(lab, path):
    path.unlink(missing_ok=True)
    with closing(sqlite3.connect(lab.paths.ledger)) as kept, closing(sqlite3.connect(path)) as copy:
        kept.backup(copy)


def _tamper_ledger(dice, lab, work):
    _copy_ledger(lab, work / "ledger.sqlite")
    changed = qc.store.ledger.Ledger(work / "ledger.sqlite")
    entry = dice.choice(lab.ledger.entries())
    column = dice.choice(ENTRY_COLUMNS)
    con = sqlite3.connect(work / "ledger.sqlite")
    (before,) = con.execute(f"SELECT {column} FROM entries WHERE seq = ?", [entry.seq]).fetchone()
    con.close()
    after = _altered(dice, before)
    if column == "seq" and any(other.seq == after for other in lab.ledger.entries()):
        after = 1000 + entry.seq
    _alter_entry(work / "ledger.sqlite", entry.seq, column, after)
    return changed.verify()


def _flipped(dice, path):
    content = path.read_bytes()
    place = dice.randrange(len(content))
    path.write_bytes(content[:place] + bytes([content[place] ^ (1 << dice.randrange(8))]) + content[place + 1 :])
    return content


def _tamper_archive(dice, lab, _):
    path = dice.choice(sorted(path for path in lab.paths.archive.iterdir() if len(path.name) == 64))
    before = _flipped(dice, path)
    faults = archive_faults(lab)
    path.write_bytes(before)
    assert [fault.where for fault in faults] == [f"archive/{path.name}"]
    return faults


def _tamper_release(dice, lab, _):
    (folder,) = [path for path in lab.paths.releases.iterdir() if path.is_dir()]
    path = dice.choice(sorted(path for path in folder.rglob("*") if path.is_file() and path.stat().st_size))
    before = _flipped(dice, path)
    faults = release_faults(lab, folder.name)
    path.write_bytes(before)
    assert [fault.where for fault in faults] == [f"{folder.name}/{path.relative_to(folder)}"]
    return faults


def _tamper_facts(dice, lab, _):
    faults = []
    with suppress(_Restored), lab.facts.writing() as con, qc.store.facts.transaction(con):
        table = dice.choice([t for t in sealed_tables(con) if con.execute(f"FROM {t} LIMIT 1").fetchall()])
        column = dice.choice(sealed_tables(con)[table][1])
        rowid, before = dice.choice(con.execute(f"SELECT rowid, {column} FROM {table}").fetchall())
        after = _other_value(dice, con, table, column, before)
        con.execute(f'UPDATE "{table}" SET {column} = ? WHERE rowid = ?', [after, rowid])
        faults = list(broken_seals(con))
        raise _Restored
    assert faults, (table, column, before, after)
    return faults


def _other_value(dice, con, table, column, before):
    if isinstance(before, bool):
        return not before
    if isinstance(before, int | float):
        return before + dice.choice([1_000_000, 2_000_000])  # beyond every key that is there
    if isinstance(before, str) and before:
        return _altered(dice, before)
    if isinstance(before, datetime):
        return before + timedelta(seconds=1)
    sql = "SELECT data_type FROM duckdb_columns() WHERE table_name = ? AND column_name = ?"
    kind = con.execute(sql, [table, column]).fetchall()[0][0]
    return {"VARCHAR": "x", "TIMESTAMP": datetime(2020, 1, 1), "BOOLEAN": True}.get(kind, 1)


def _told(con, lab):
    return [*broken_seals(con), *recounted(con), *head_faults(con, lab.ledger.entries(kinds=[Kind.FACTS]))]


def _tamper_rows(dice, lab, tables, seals_anew=False):
    faults = []
    with suppress(_Restored), lab.facts.writing() as con, qc.store.facts.transaction(con):
        table = dice.choice(tables or [t for t in sealed_tables(con) if con.execute(f"FROM {t} LIMIT 1").fetchall()])
        column = dice.choice([row[1] for row in con.execute(f"PRAGMA table_info('{table}')").fetchall()])
        rowid, before = dice.choice(con.execute(f"SELECT rowid, {column} FROM {table}").fetchall())
        after = _other_value(dice, con, table, column, before)
        con.execute(f'UPDATE "{table}" SET {column} = ? WHERE rowid = ?', [after, rowid])
        if seals_anew:
            _seal_anew(con, table)
        faults = _told(con, lab)
        raise _Restored
    assert faults, (table, column, before, after)
    return faults


def _seal_anew(con, table):
    key = sealed_tables(con)[table][0]
    con.execute("DELETE FROM seals WHERE table_name = ?", [table])
    seal(con, {key: [one for (one,) in con.execute(f"SELECT DISTINCT {key} FROM {table}").fetchall()]}, tables=[table])


def _tamper_file(dice, lab, paths, faults_of):
    path = dice.choice(sorted(path for path in paths if path.is_file() and path.stat().st_size))
    before = _flipped(dice, path)
    faults = list(faults_of(lab))
    path.write_bytes(before)
    assert [fault.where for fault in faults] == [str(path.relative_to(lab.paths.root))]
    return faults


def _tamper_journal(dice, lab, _):
    def faults_of(lab):
        with lab.facts.reading() as con:
            return list(journal_faults(lab.paths.archive, con))

    return _tamper_file(dice, lab, [lab.paths.archive / JOURNAL], faults_of)


def _tamper_rules(dice, lab, _):
    root = lab.paths.root
    paths = [root / "qc.toml", root / "plan.toml", root / "words.toml", *(root / "catalogue").iterdir()]
    return _tamper_file(dice, lab, [*paths, *(lab.paths.archive / "rules").iterdir()], rule_faults)


def _tamper_report(dice, lab, _):
    return _tamper_file(dice, lab, lab.paths.reports.glob("ALS-1-R1*"), report_faults)


KINDS = {
    "ledger": _tamper_ledger,
    "archive": _tamper_archive,
    "release": _tamper_release,
    "facts": _tamper_facts,
    "facts sealed anew": lambda dice, lab, _: _tamper_rows(dice, lab, (), seals_anew=True),
    "derived tables": lambda dice, lab, _: _tamper_rows(dice, lab, ("run_states", "held_groups", "held_items")),
    "seals": lambda dice, lab, _: _tamper_rows(dice, lab, ("seals",)),
    "rules": _tamper_rules,
    "report": _tamper_report,
    "journal": _tamper_journal,
}


@pytest.mark.parametrize("kind", KINDS)
def test_a_random_change_of_what_is_kept_is_named(small, kind, is_long, tmp_path):
    dice = random.Random(f"{kind} 20260304")

    unseen = [number for number in range(200 if is_long else 8) if not KINDS[kind](dice, small, tmp_path)]

    assert unseen == []
    assert small.verify() == []


AIMED = (
    "UPDATE results SET value = value * 1.6 WHERE analyte = 'tnf_alpha'",
    "UPDATE results SET censor = '<', censor_limit = value WHERE rowid = 3",
    "UPDATE results SET unit = 'ng/mL' WHERE rowid = 5",
    "UPDATE results SET sample = (SELECT sample FROM results WHERE rowid = 9) WHERE rowid = 8",
    "UPDATE results SET state = 'auto_approved' WHERE state = 'waiting'",
    "UPDATE results SET verdict = 'pass'",
    "DELETE FROM results WHERE rowid = 11",
    "UPDATE samples SET visit = CASE visit WHEN '0' THEN '3' ELSE '0' END WHERE subject = 'ALS-01'",
    "UPDATE samples SET subject = 'ALS-02' WHERE subject = 'ALS-01'",
    "UPDATE samples SET haemolysis_index = 0",
    "UPDATE subjects SET birth_year = 1950",
    "UPDATE wells SET signal = signal * 2 WHERE role = 'control'",
    "UPDATE wells SET dilution = 2 WHERE run_id = 3 AND role = 'sample'",
    "UPDATE wells SET name = 'x' WHERE rowid = 30",
    "UPDATE reported SET text = '1' WHERE rowid = 4",
    "UPDATE controls SET target = target * 1.1",
    "UPDATE runs SET study = 'ALS-2' WHERE run_id = 2",
    "UPDATE runs SET supersedes = 3 WHERE run_id = 4",
    "UPDATE sources SET file_name = 'other.csv' WHERE source_id = 1",
    "UPDATE findings SET verdict = 'warn', holds = false WHERE holds",
    "DELETE FROM findings WHERE ordinal = 1",
    "UPDATE held_items SET judged_sha256 = values_sha256",
    "DELETE FROM held_items WHERE scope = 'result'",
    "UPDATE control_results SET z = 0",
    "UPDATE assessments SET rule_set_sha256 = '0'",
    "UPDATE held_items SET item = 'Rk' || item[2:] WHERE rowid = 0",
)
"""What somebody who knows the tables would change; with and without sealing anew, 52 in all."""


@pytest.mark.parametrize("is_resealed", [False, True], ids=["as it is", "sealed anew"])
def test_an_aimed_change_is_named(kept, is_resealed, is_long):
    unseen = []
    for statement in AIMED if is_long else AIMED[::5]:
        with suppress(_Restored), kept.facts.writing() as con, qc.store.facts.transaction(con):
            con.execute(statement)
            if is_resealed:
                _seal_anew(con, statement.split()[2 if statement.startswith("DELETE") else 1])
            if not _told(con, kept):
                unseen.append(statement)
            raise _Restored

    assert unseen == []


def test_the_first_broken_link_is_named_first(kept, tmp_path):
    _copy_ledger(kept, tmp_path / "ledger.sqlite")
    _alter_entry(tmp_path / "ledger.sqlite", 3, "actor", "somebody else")
    _alter_entry(tmp_path / "ledger.sqlite", 9, "actor", "somebody else")

    faults = qc.store.ledger.Ledger(tmp_path / "ledger.sqlite").verify()

    assert [fault.where for fault in faults] == ["entry 3", "entry 9"]


@pytest.fixture
def own(released_demo, tmp_path):
    shutil.copytree(released_demo, tmp_path / "lab")
    return qc.open_lab(tmp_path / "lab")


def test_a_tail_that_was_cut_is_seen_against_an_anchor_alone(own, tmp_path):
    write_anchor(own, tmp_path / "anchor.json")
    con = sqlite3.connect(own.paths.ledger, isolation_level=None)
    con.execute("DROP TRIGGER entries_are_never_deleted")
    con.execute("DELETE FROM entries WHERE seq > (SELECT max(seq) - 1 FROM entries)")
    con.execute(f"CREATE TRIGGER entries_are_never_deleted {TRIGGERS['entries_are_never_deleted']}")
    con.close()

    assert own.ledger.verify() == []
    assert any("The anchor names it" in str(fault) for fault in own.verify(anchor=tmp_path / "anchor.json"))


def test_a_ledger_that_was_written_anew_is_seen_against_an_anchor(own, tmp_path):
    write_anchor(own, tmp_path / "anchor.json")
    entries = own.ledger.entries()
    for path in own.paths.root.glob("ledger.sqlite*"):
        path.unlink()
    own.ledger.create()
    for entry in entries:
        own.ledger.append([Draft(entry.kind, entry.object, entry.body, "somebody else")], at=entry.at)

    assert own.ledger.verify() == []
    assert any("written anew" in str(fault) for fault in own.verify(anchor=tmp_path / "anchor.json"))


def test_facts_that_were_sealed_anew_are_seen_against_an_anchor_and_against_the_archive(own, tmp_path):
    write_anchor(own, tmp_path / "anchor.json")
    with own.facts.writing() as con:
        con.execute("UPDATE wells SET signal = signal + 1 WHERE run_id = 3")
        con.execute("DELETE FROM seals WHERE table_name = 'wells' AND key = 3")
        seal(con, {"run_id": [3]})

    assert list(broken_seals_of(own)) == []
    by_anchor = [str(fault) for fault in own.verify(anchor=tmp_path / "anchor.json")]
    assert any("anchor" in text for text in by_anchor)
    told = [str(fault) for fault in own.verify(reads_again=True)]
    assert "facts, table 'wells', run 3: The archive, read again, gives other rows." in told
    assert any("changed and sealed anew" in text for text in told)


def broken_seals_of(lab):
    with lab.facts.reading() as con:
        return list(broken_seals(con))


def test_a_judged_value_that_was_changed_and_sealed_anew_is_seen_by_the_decision_on_it(own):
    from qc.items.decisions import newest_decisions

    ids = [newest_decisions(own.ledger)["R9.5"].assessment_id]
    with own.facts.writing() as con:
        changed = "UPDATE results SET value = value + 1 WHERE result_id = ? AND assessment_id = ?"
        con.execute(changed, [(9 << 20) + 5, *ids])
        con.execute("DELETE FROM seals WHERE key_column = 'assessment_id' AND key = ?", ids)
        seal(con, {"assessment_id": ids})

    told = [str(fault) for fault in own.verify()]

    by_decisions = [text for text in told if "sealed anew" not in text]
    assert any("item 'R9.5'" in text for text in by_decisions)
    assert all("item 'R9" in text for text in by_decisions)  # who decided on the whole run saw the value too


def test_a_row_that_was_added_is_seen(own):
    with own.facts.writing() as con:
        con.execute("INSERT INTO results BY NAME SELECT * REPLACE (777777 AS assessment_id) FROM results LIMIT 1")

    assert [str(fault) for fault in own.verify()] == [
        "facts, table 'results', assessment 777777: Rows stand here that were not written when all others were."
    ]


def test_everything_holds_when_the_archive_is_read_again(kept):
    assert kept.verify(reads_again=True) == []


def test_the_request_for_a_time_stamp_is_one_of_rfc_3161_over_the_anchor(own, tmp_path):
    import hashlib

    from rfc3161_client import HashAlgorithm  # noqa: F401  the library that a verifier uses

    write_anchor(own, tmp_path / "anchor.json", request=tmp_path / "anchor.tsq")
    content = (tmp_path / "anchor.tsq").read_bytes()

    assert content[0] == 0x30  # a DER sequence, as section 2.4.1 asks
    assert hashlib.sha512((tmp_path / "anchor.json").read_bytes()).digest() in content


def test_an_answer_that_is_no_time_stamp_proves_nothing(own, tmp_path):
    from qc.audit.anchor import stamp_faults

    write_anchor(own, tmp_path / "anchor.json")
    (tmp_path / "answer.tsr").write_bytes(b"no stamp")
    (tmp_path / "roots.pem").write_bytes(b"no certificate")

    (fault,) = stamp_faults(tmp_path / "anchor.json", tmp_path / "answer.tsr", tmp_path / "roots.pem")

    assert "does not prove" in fault.text


def test_a_signature_on_something_else_is_named(own):
    body = {
        "full_name": "A",
        "meaning": "review",
        "what": {"kind": "plan", "plan_sha256": "0"},
        "signed_sha256": "1",
        "by": "x",
    }
    own.ledger.append([Draft(Kind.SIGNATURE, "plan:ALS-1", body, "anna")], at=datetime.now(UTC))

    assert ["is not over what it names" in fault.text for fault in own.verify()] == [True]

from __future__ import annotations

import os
import pwd
import shutil
from pathlib import Path

import pytest

import qc
import qc.ingest.outcome as ingesting
from qc.ingest.ingest import recover
from qc.people.account_changes import add_account, change_account
from qc.people.sessions import sign_out
from qc.store.entry import Kind
from schemas.errors import ConfigError, RightsError

STUDY = Path(__file__).resolve().parents[3] / "sample_runs" / "study"
PASSWORD = "a very long password"
USER = pwd.getpwuid(os.geteuid()).pw_name
SAMPLES = "study,sample,subject,visit,matrix,collected_at\nS,A0,P1,0,serum,2025-01-02T09:00\n"


@pytest.fixture(scope="module")
def with_people(tmp_path_factory):
    folder = tmp_path_factory.mktemp("brought") / "lab"
    lab = qc.init_lab(folder, name="test")
    (folder / "inbox" / "samples.csv").write_text(SAMPLES)
    lab.nightly()
    add_account(lab, "root", roles=["admin"], password=PASSWORD)
    lab.sign_in("root", PASSWORD)
    add_account(lab, "anna", roles=["lab_manager"], password=PASSWORD)
    add_account(lab, "stat", roles=["statistician"], password=PASSWORD)
    sign_out(lab)
    return folder


@pytest.fixture
def lab(with_people, tmp_path):
    shutil.copytree(with_people, tmp_path / "lab")
    return qc.open_lab(tmp_path / "lab")


def told(lab):
    return [
        (entry.actor, one) for entry in lab.ledger.entries(kinds=[Kind.DELIVERY]) for one in entry.body["deliveries"]
    ]


def test_a_delivery_is_an_entry_with_who_and_the_hash_of_each_part(lab):
    ((actor, one),) = told(lab)

    assert (actor, one["kind"], one["n_rows"]) == (USER, "samples", 1)
    assert all((lab.paths.archive / part["sha256"]).is_file() for part in one["parts"])
    assert lab.verify() == []


@pytest.mark.parametrize("act", ["ingest", "nightly"])
def test_nobody_brings_files_without_an_account(lab, act, monkeypatch):
    monkeypatch.setenv("LOGNAME", "anna")

    with pytest.raises(RightsError, match="nobody has signed in"):
        lab.ingest(STUDY / "subjects.csv") if act == "ingest" else lab.nightly()

    assert len(told(lab)) == 1


def test_who_has_no_right_brings_no_files(lab):
    lab.sign_in("stat", PASSWORD)

    with pytest.raises(RightsError, match="may not bring files"):
        lab.ingest(STUDY / "subjects.csv")


def test_a_service_brings_files_changes_no_row_and_does_nothing_else(lab):
    lab.sign_in("root", PASSWORD)
    with pytest.raises(ConfigError, match="A service has no other role"):
        add_account(lab, "night", roles=["service", "qa"], os_user=USER)
    add_account(lab, "night", roles=["service"], os_user=USER)
    change_account(lab, "stat", os_user=USER)
    sign_out(lab)
    (lab.paths.inbox / "samples.csv").write_text(SAMPLES.replace("P1,0", "P2,3"))

    (change,) = lab.nightly().ingested

    assert (change.outcome, change.n_waiting) == ("waits", 1)
    assert [actor for actor, _ in told(lab)] == [USER, "night"]
    with pytest.raises(RightsError, match="may not bring, accept or refuse a correction"):
        lab.decide(change.correction, "accept", reason="clerical")
    with pytest.raises(RightsError, match="may not bring, accept or refuse a correction"):
        lab.ingest(STUDY / "subjects.csv", correct=True)


@pytest.mark.parametrize("moment", ["keep", "take_in", "record_deliveries", "settle"])
def test_a_kill_between_facts_and_ledger_is_recovered_once(lab, moment, monkeypatch):
    class Killed(BaseException):
        pass

    def die(*_, **__):
        raise Killed

    lab.sign_in("anna", PASSWORD)
    monkeypatch.setattr(ingesting, moment, die)
    with pytest.raises(Killed):
        lab.ingest(STUDY / "subjects.csv", STUDY / "controls.csv")
    monkeypatch.undo()
    sign_out(lab)

    recover(lab)
    recover(lab)

    names = [(actor, one["parts"][0]["name"]) for actor, one in told(lab)[1:]]
    kept = {"keep": 0, "take_in": 1, "record_deliveries": 2, "settle": 2}[moment]
    assert sorted(names) == sorted([("anna", "controls.csv"), ("anna", "subjects.csv")][:kept])
    assert not list((lab.paths.archive / "pending").glob("*.json"))
    assert lab.verify() == []


def test_rows_of_which_no_entry_tells_are_named(lab):
    with lab.facts.writing() as con:
        con.execute("INSERT INTO sources SELECT * REPLACE (9 AS source_id, 'f' AS delivery_sha256) FROM sources")

    assert [fault.where for fault in lab.verify() if "who brought it" in fault.text] == [
        "facts, delivery 9 ('samples.csv')"
    ]

from __future__ import annotations

import json
import random
import shutil
import zipfile

import pytest

import qc
import qc.audit.evidence.pack as pack_module
from qc.audit.evidence.pack import write_pack
from qc.audit.evidence.pack_check import PackChecked, check_pack
from qc.people.guarded_settings import enter_settings
from schemas.canonical import canonical_json, sha256_file
from schemas.errors import ConfigError, RightsError


@pytest.fixture(scope="module")
def packed(released_demo, tmp_path_factory):
    folder = tmp_path_factory.mktemp("evidence")
    shutil.copytree(released_demo, folder / "lab")
    lab = qc.open_lab(folder / "lab")
    write_pack(lab, "ALS-1-R1", folder / "release", reason="audit")
    write_pack(lab, "serum-tnf-1", folder / "run.zip", reason="audit")
    shutil.rmtree(folder / "lab")
    return folder


@pytest.fixture
def pack(packed, tmp_path):
    shutil.copytree(packed / "release", tmp_path / "pack")
    return tmp_path / "pack"


def test_evidence_of_a_release_and_of_a_run_verify_without_the_lab(packed):
    assert check_pack(packed / "release") == PackChecked("ALS-1-R1", [], [])
    assert check_pack(packed / "run.zip") == PackChecked("serum-tnf-1", [], [])


def test_any_changed_byte_of_evidence_is_named(pack, is_long):
    dice = random.Random(7)
    files = sorted(path for path in pack.rglob("*") if path.is_file() and path.stat().st_size)

    for _ in range(200 if is_long else 12):
        path = dice.choice(files)
        before = path.read_bytes()
        place = dice.randrange(len(before))
        path.write_bytes(before[:place] + bytes([before[place] ^ 1]) + before[place + 1 :])
        try:
            assert check_pack(pack).faults, path
        except ConfigError:
            assert path.name == "evidence.json"
        path.write_bytes(before)


def _made_to_fit(pack, name):
    index = json.loads((pack / "evidence.json").read_text())
    index["files"][name] = sha256_file(pack / name)
    (pack / "evidence.json").write_text(canonical_json(index))


def test_a_row_that_was_changed_and_hashed_anew_is_seen_by_its_seal(pack):
    import polars as pl

    rows = pl.read_parquet(pack / "facts" / "results.parquet")
    rows.with_columns(pl.col("value") + 1).write_parquet(pack / "facts" / "results.parquet")
    _made_to_fit(pack, "facts/results.parquet")

    assert any("not what was written" in fault.text for fault in check_pack(pack).faults)


def test_an_entry_that_was_changed_and_hashed_anew_is_seen_by_the_chain(pack):
    text = (pack / "ledger.jsonl").read_text()
    (pack / "ledger.jsonl").write_text(text.replace('"actor":"demo-script"', '"actor":"somebody"', 1))
    _made_to_fit(pack, "ledger.jsonl")

    assert any("it was altered" in fault.text for fault in check_pack(pack).faults)


def test_what_speaks_of_accounts_stays_at_home(demo_folder, tmp_path):
    from qc.people.account_changes import add_account

    lab = qc.open_lab(demo_folder)
    lab.decide("R15.22", "approve")
    text = lab.paths.settings.read_text().replace("os_users = false", "os_users = true")
    text = text.replace('unblind = ["qa", "statistician"]', 'unblind = ["qa", "admin"]')
    lab.paths.settings.write_text(text)
    from qc.lab.actor import actor_or_user

    add_account(lab, "root", roles=["admin"], os_user=actor_or_user(None), password="a very long password")
    enter_settings(qc.open_lab(demo_folder), "root")
    write_pack(qc.open_lab(demo_folder), "R15", tmp_path / "pack", reason="audit")

    entries = [json.loads(line) for line in (tmp_path / "pack" / "ledger.jsonl").read_text().splitlines()]
    shown = [entry for entry in entries if set(entry) != {"seq", "prev_hash", "hash"}]
    assert [entry["kind"] for entry in shown] == ["decision"]
    assert b"argon2" not in b"".join(path.read_bytes() for path in (tmp_path / "pack").rglob("*") if path.is_file())
    assert check_pack(tmp_path / "pack").faults == []


def test_taking_evidence_needs_the_right_and_is_recorded(demo_folder, tmp_path):
    lab = qc.open_lab(demo_folder)
    write_pack(lab, "R15", tmp_path / "pack", reason="audit")
    assert lab.ledger.entries(objects=["evidence:R15"])[0].body == {"reason": "audit"}

    text = lab.paths.settings.read_text().replace('unblind = ["qa", "statistician"]', "unblind = []")
    lab.paths.settings.write_text(text)
    with pytest.raises(RightsError, match="may not unblind"):
        write_pack(qc.open_lab(demo_folder), "R15", tmp_path / "again", reason="audit")


@pytest.mark.parametrize("name", ["pack", "pack.zip"])
def test_evidence_that_is_cut_off_can_be_made_again(released_demo, tmp_path, monkeypatch, name):
    shutil.copytree(released_demo, tmp_path / "lab")
    lab = qc.open_lab(tmp_path / "lab")

    def cut_off(*_):
        raise KeyboardInterrupt

    with monkeypatch.context() as cut:
        cut.setattr(pack_module, "_write_index", cut_off)
        with pytest.raises(KeyboardInterrupt):
            write_pack(lab, "R15", tmp_path / "out" / name, reason="audit")
    assert not any(path.name.startswith("pack") for path in (tmp_path / "out").iterdir())

    write_pack(lab, "R15", tmp_path / "out" / name, reason="audit")

    assert [path.name for path in (tmp_path / "out").iterdir()] == [name]
    assert check_pack(tmp_path / "out" / name).faults == []


def test_a_zip_that_leads_out_of_itself_is_refused(tmp_path):
    with zipfile.ZipFile(tmp_path / "bad.zip", "w") as pack:
        pack.writestr("../out.txt", "x")

    with pytest.raises(ConfigError, match="lead out of it"):
        check_pack(tmp_path / "bad.zip")


def test_evidence_says_what_became_of_the_cells_of_each_file_and_a_changed_count_is_named(pack):
    path = pack / "files.json"
    accounts = json.loads(path.read_text())

    assert accounts
    for account in accounts:
        assert account["n_cells"] == account["n_used"] + account["n_flagged"] + account["n_left"] > 0

    accounts[0]["n_used"] += 1
    path.write_text(canonical_json(accounts))
    _made_to_fit(pack, "files.json")

    assert [fault.where for fault in check_pack(pack).faults] == ["files.json"]

from __future__ import annotations

import csv
import json
import shutil
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path
from threading import Thread

import pytest

import qc
from qc.cli.main import _outcome
from qc.lab.heartbeat import beat, last_backup, note_backup, still
from qc.nights.notices.notice import Notice
from qc.nights.notices.of_status import notices_of_status
from qc.nights.notices.send import send
from qc.triage.lab_status import lab_status

STUDY = Path(__file__).resolve().parents[3] / "sample_runs" / "study"
ALL = ("new_rejects", "files_refused", "night_failed", "night_late", "watcher_silent", "lot_expires", "backup_old")


@contextmanager
def receiver(status=200):
    """A service on the loopback address that keeps what it is told."""
    told = []

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self):
            told.append(json.loads(self.rfile.read(int(self.headers["Content-Length"]))))
            self.send_response(status)
            self.end_headers()

        def log_message(self, *words):
            pass

    server = HTTPServer(("127.0.0.1", 0), Handler)
    Thread(target=server.serve_forever, daemon=True).start()
    try:
        yield f"json://127.0.0.1:{server.server_port}/", told
    finally:
        server.shutdown()
        server.server_close()


def telling(root, url, rules=ALL, **settings):
    """Let a lab tell one address of some rules."""
    (root / "notify.toml").write_text(f'manager = "{url}"\n')
    (root / "notify.toml").chmod(0o600)
    toml = (root / "qc.toml").read_text()
    wanted = {"notify.addresses_file": '"notify.toml"'} | {f"notify.{rule}": '["manager"]' for rule in rules} | settings
    for name, value in wanted.items():
        section, key = name.split(".")
        head, _, tail = toml.partition(f"[{section}]")
        lines = [f"{key} = {value}" if line.startswith(f"{key} =") else line for line in tail.split("\n")]
        toml = f"{head}[{section}]" + "\n".join(lines)
    (root / "qc.toml").write_text(toml)
    return qc.open_lab(root)


@pytest.fixture(scope="module")
def troubled(made_once):
    """A lab before a night that will reject and refuse."""

    def make(folder):
        lab = qc.init_lab(folder, name="told", settings={"lab.default_study": "ALS-1"})
        for path in [*STUDY.glob("s*s.csv"), STUDY / "controls.csv", *(STUDY / "plates").glob("serum-ferritin-1.*")]:
            shutil.copyfile(path, lab.paths.inbox / path.name)
        sample = next(csv.DictReader((STUDY / "samples.csv").open()))["sample"]
        (lab.paths.inbox / f"{sample}.csv").write_text(f"sample,analyte,value,unit\n{sample},iron\n")

    return made_once("troubled", make)


def test_a_night_tells_of_rejects_and_refused_files_and_names_no_sample(troubled, tmp_path):
    root = tmp_path / "lab"
    shutil.copytree(troubled, root)
    rows = list(csv.DictReader((STUDY / "samples.csv").open()))
    names = {row["sample"] for row in rows} | {row["subject"] for row in rows}

    with receiver() as (url, told):
        night = telling(root, url).nightly()
        qc.open_lab(root).nightly()

    assert night.faults == ()
    assert [one["title"] for one in told] == ["told: 1 file refused", "told: 1 new reject"]
    assert "qc show" in told[1]["message"]
    assert [name for name in names if any(name in json.dumps(one) for one in told)] == []
    log = [json.loads(line) for line in (root / "logs" / "night.log").read_text().splitlines()]
    assert [one["rule"] for one in log if one["event"] == "notice"] == ["files_refused", "new_rejects"]


def test_a_night_that_stops_tells_so_and_raises_what_stopped_it(fresh_lab, monkeypatch):
    with receiver() as (url, told):
        lab = telling(fresh_lab.paths.root, url)
        monkeypatch.setattr("qc.nights.nightly.queue", lambda lab: 1 / 0)
        with pytest.raises(ZeroDivisionError):
            lab.nightly()

    assert [one["title"] for one in told] == ["test: the night failed"]


def test_what_lasts_is_told_once_a_day_and_anew_when_it_comes_again(fresh_lab):
    one = Notice(rule="watcher_silent", key="watch", title="silent", text="It is silent.")
    now = datetime(2026, 3, 1, tzinfo=UTC)

    with receiver() as (url, told):
        lab = telling(fresh_lab.paths.root, url)
        n_told = []
        for hours, notices in [(0, [one]), (1, [one]), (25, [one]), (26, []), (27, [one])]:
            send(lab, notices, now=now + timedelta(hours=hours))
            n_told.append(len(told))

    assert n_told == [1, 1, 2, 2, 3]


def test_what_a_service_does_not_take_is_a_fault_and_is_sent_again(fresh_lab):
    one = Notice(rule="backup_old", key="backup", title="old", text="It is old.")

    with receiver(status=500) as (url, told):
        lab = telling(fresh_lab.paths.root, url, ["backup_old", "night_failed"])
        sent = [send(lab, [one])[0].is_delivered for _ in range(2)]
    assert (sent, len(told)) == ([False, False], 2)


@pytest.mark.parametrize("fault", ["mode", "unknown", "missing", "number"])
def test_faulty_addresses_are_named_and_the_night_stands(fresh_lab, fault, capsys):
    root = fresh_lab.paths.root
    telling(root, "json://127.0.0.1:9/", ["new_rejects"])
    path = root / "notify.toml"
    if fault == "mode":
        path.chmod(0o644)
    elif fault == "unknown":
        path.write_text('other = "json://127.0.0.1:9/"\n')
    elif fault == "missing":
        path.unlink()
    else:
        path.write_text("manager = 5\n")

    night = qc.open_lab(root).nightly()
    code = _outcome(["status", "--test-address", "manager", "--lab", str(root)])

    words = {"mode": "mode 600", "unknown": "faults", "missing": "cannot be read", "number": "faults"}[fault]
    assert words in night.faults[0]
    assert code == 2
    assert list((root / "reports" / "nightly").iterdir())
    assert "notify.toml" in capsys.readouterr().err


def test_status_tells_of_lots_that_end_old_backups_and_silent_watchers(judged_demo, tmp_path):
    root = tmp_path / "demo"
    shutil.copytree(judged_demo, root)
    lab = qc.open_lab(root)
    with lab.facts.writing() as con:
        con.execute(
            "UPDATE controls SET expires_on = TIMESTAMP '2026-03-10' WHERE material = 'SYN-TNF-CTRL' AND level = 'L1'"
        )
        con.execute("UPDATE sources SET ingested_at = TIMESTAMP '2026-01-01'")
    now = datetime(2026, 3, 1, tzinfo=UTC)
    beat(root, "watch", every_s=10, now=now - timedelta(seconds=21))
    beat(root, "listen", every_s=10, now=now - timedelta(seconds=19))

    with lab.facts.reading() as con:
        status = lab_status(lab, con, now=now)
    note_backup(root)
    still(root, "watch")
    with lab.facts.reading() as con:
        later = lab_status(lab, con, now=datetime.now(UTC))

    by_rule = {notice.rule: notice for notice in notices_of_status(status)}
    assert set(by_rule) == {"lot_expires", "backup_old", "watcher_silent"}
    assert "SYN-TNF-CTRL L1 ends in 9 days" in by_rule["lot_expires"].text
    assert status.silent == ["watch"]
    assert status.backup_age_h is None
    assert "No backup was ever made" in by_rule["backup_old"].text
    assert sum(status.n_waiting_by_age.values()) == status.n_waiting > 0
    assert (later.silent, later.backup_age_h < 1, last_backup(tmp_path)) == (["listen"], True, None)

from __future__ import annotations

import os
from dataclasses import replace
from pathlib import Path

import pytest

import qc
import qc.ingest.delivery as delivery_module
from qc.ingest.delivery import DeliveryPaths
from qc.ingest.reading_limits import limits_of
from qc.ingest.reading_team import ReadDelivery, Terms, reading_team

SHEET = "study,sample,subject,visit,matrix\nS,A{},P1,0,serum\n"


def held(lab):
    return sorted(path.parent.name.partition("-")[2] for path in lab.paths.quarantine.glob("*/reason.json"))


@pytest.fixture(scope="module")
def night(tmp_path_factory):
    lab = qc.init_lab(tmp_path_factory.mktemp("hostile") / "lab", name="test")
    outside = lab.paths.root.parent / "outside.csv"
    outside.write_text(SHEET.format(9))
    inbox = lab.paths.inbox
    os.mkfifo(inbox / "pipe.csv")
    os.mkfifo(inbox / "alone.run.toml")
    os.mkfifo(inbox / "half.run.toml")
    (inbox / "link.csv").symlink_to(outside)
    (inbox / "dangling.csv").symlink_to("/nowhere/at/all.csv")
    (inbox / "zero.csv").symlink_to("/dev/zero")
    (inbox / "folder").symlink_to("/etc")
    (inbox / "a.csv").write_text(SHEET.format(1))
    (inbox / "half.csv").write_text(SHEET.format(4))
    (inbox / "half.map.csv").symlink_to(outside)
    (inbox / f"{'é' * 125}.csv").write_text("nothing\nof use\n")
    Path(os.fsdecode(os.fsencode(inbox) + b"/b\xff.csv")).write_text(SHEET.format(2))
    (inbox / "c.csv").write_text(SHEET.format(3))
    return lab, lab.nightly()


def test_nothing_in_the_inbox_stops_the_night(night):
    lab, done = night

    assert sorted(one.file for one in done.taken_in) == ["a.csv", "b\\xff.csv", "c.csv"]
    assert done.faults == ()
    with lab.facts.reading() as con:
        assert con.execute("SELECT DISTINCT sample FROM samples ORDER BY 1").fetchall() == [("A1",), ("A2",), ("A3",)]


def test_what_is_no_file_is_told_with_its_reason_and_not_opened(night):
    lab, done = night

    reasons = {one.file: str(one.faults[0].text) for one in done.failed if one.faults}
    assert reasons["pipe.csv"].startswith("It is a pipe")
    assert reasons["zero.csv"].startswith("It is a link to 'zero'")
    assert {"pipe.csv", "link.csv", "dangling.csv", "zero.csv", "folder"} <= set(held(lab))
    assert len(held(lab)) == len(done.failed)


def test_the_next_night_finds_what_cannot_come_in_without_its_other_half_and_nothing_else(night):
    lab, _ = night

    (told,) = lab.nightly().ingested

    assert (told.file, told.outcome) == ("half.csv", "quarantined")
    assert [fault.where for fault in told.faults] == ["half.map.csv", "half.run.toml"]
    assert sorted(path.name for path in lab.paths.inbox.iterdir()) == ["half.csv", "half.map.csv", "half.run.toml"]


def _read_greedily(deliveries, terms):
    with limits_of(terms.memory_mb, terms.seconds):
        for files in deliveries:
            if files.main.name == "greedy.csv":
                return [bytearray(10_000_000_000)]
            if files.main.name == "endless.csv":
                while True:
                    pass
    from qc.ingest.reading_team import read_deliveries

    return read_deliveries(deliveries, terms)


@pytest.mark.parametrize("name", ["greedy.csv", "endless.csv"])
def test_a_file_that_takes_too_much_is_refused_and_its_neighbours_are_read(tmp_path, monkeypatch, own_processes, name):
    import qc.ingest.reading_team as team_module

    monkeypatch.setattr(team_module, "read_within_limits", _read_greedily)
    for file in ("one.csv", name):
        (tmp_path / file).write_text(SHEET.format(1))
    terms = replace(Terms("S", frozenset(), 1e9), memory_mb=500, seconds=2)
    (tmp_path / "later.csv").write_text(SHEET.format(2))
    *places, later = [DeliveryPaths(tmp_path / file) for file in ("one.csv", name, "later.csv")]

    with reading_team(terms, workers=2) as team:
        team.begin(places)
        good, bad = (team.read(files) for files in places)
        team.begin([later])
        assert isinstance(team.read(later), ReadDelivery)

    assert isinstance(good, ReadDelivery)
    assert good.intake is not None
    assert "500 MB of memory or 2 s" in str(bad.refusal)


def test_what_belongs_to_what_among_thousands_of_files_is_found_at_once(tmp_path, monkeypatch):
    for number in range(300):
        (tmp_path / f"p{number}.csv").touch()
        (tmp_path / f"s{number}.run.toml").write_text(f'[plate]\nexport = "p{number}.csv"\n')
    n_read = []
    read = delivery_module.content_of
    monkeypatch.setattr(delivery_module, "content_of", lambda path: n_read.append(path) or read(path))

    found = delivery_module.deliveries_in([tmp_path])

    assert {(one.main.stem[1:], one.run_sheet.name[1:-9]) for one in found} == {(str(n), str(n)) for n in range(300)}
    assert len(n_read) < 5 * 300  # each sheet a few times, and not once for every other file

from __future__ import annotations

import json
import os
import shutil
import time
from contextlib import contextmanager
from contextvars import copy_context
from datetime import UTC, datetime
from pathlib import Path
from threading import Event, Thread

import pytest

import qc
import qc.ingest.outcome
from qc.ingest.delivery import DeliveryPaths
from qc.lab.heartbeat import heartbeats
from qc.nights.live.watch import watch
from qc.nights.stillness import Stillness, is_unfinished, remove_taken, standing
from schemas.errors import ConfigError

HEAD = "run,role,sample,analyte,matrix,value,unit\n"
LONG = time.time() - 5_000_000


def export(run, n_rows):
    return HEAD + "".join(f"{run},sample,X{row:03},iron,serum,{60 + row},ug/dL\n" for row in range(n_rows))


@pytest.fixture
def lab(fresh_lab):
    toml = (fresh_lab.paths.root / "qc.toml").read_text()
    toml = toml.replace("still_s = 10.0", "still_s = 0.6").replace("beat_s = 60.0", "beat_s = 0.4")
    (fresh_lab.paths.root / "qc.toml").write_text(toml)
    return qc.open_lab(fresh_lab.paths.root)


@contextmanager
def watched(lab, *, poll_s=None):
    stop, nights, refused = Event(), [], []
    thread = Thread(
        target=copy_context().run,  # on the processes that all tests share
        args=(watch, lambda: qc.open_lab(lab.paths.root)),
        kwargs={"stop": stop, "told": nights.append, "refused": refused.append, "poll_s": poll_s},
    )
    thread.start()
    try:
        yield nights
    finally:
        stop.set()
        thread.join(30)
    assert refused == []


def until(happened, seconds=60):
    end = time.monotonic() + seconds
    while not happened() and time.monotonic() < end:
        time.sleep(0.05)


def rows_by_run(lab):
    with lab.facts.reading() as con:
        return dict(con.execute("SELECT run, count(*) FROM reported JOIN runs USING (run_id) GROUP BY 1").fetchall())


@pytest.mark.parametrize("poll_s", [None, 0.15], ids=["events", "polling"])
def test_however_a_file_comes_it_is_taken_in_once_and_whole(lab, poll_s, tmp_path):
    inbox, whole = lab.paths.inbox, export("chunks", 20).splitlines(keepends=True)

    with watched(lab, poll_s=poll_s) as nights:
        (inbox / "renamed.csv.part").write_text(export("renamed", 5)[:90])
        with (inbox / "chunks.csv").open("w") as slow:
            for line in whole:
                slow.write(line)
                slow.flush()
                os.utime(inbox / "chunks.csv", (LONG, LONG))  # as `cp -p` leaves it
                time.sleep(0.1)
        (inbox / "renamed.csv.part").write_text(export("renamed", 5))
        (inbox / "renamed.csv.part").rename(inbox / "renamed.csv")
        for name in ("one.csv", "two.csv"):
            (inbox / name).write_text(export("twice", 3))
        (inbox / "half.csv").write_text(export("replaced", 4)[:-20])
        (tmp_path / "new.csv").write_text(export("replaced", 7))
        shutil.move(tmp_path / "new.csv", inbox / "half.csv")
        until(lambda: not list(inbox.iterdir()))

    assert rows_by_run(lab) == {"chunks": 20, "renamed": 5, "twice": 3, "replaced": 7}
    outcomes = [one.outcome for night in nights for one in night.ingested]
    assert sorted(outcomes) == ["in"] * 4 + ["known"]
    assert list(lab.paths.quarantine.iterdir()) == []
    assert heartbeats(lab.paths.root) == ()
    log = [json.loads(line)["event"] for line in (lab.paths.root / "logs" / "watch.log").read_text().splitlines()]
    assert log == ["watch began", "watch ended"]


def test_a_watcher_beats_and_a_second_one_is_refused(lab):
    with watched(lab, poll_s=0.1):
        until(lambda: heartbeats(lab.paths.root))
        first = heartbeats(lab.paths.root)[0]
        until(lambda: heartbeats(lab.paths.root)[0].at > first.at)

        with pytest.raises(ConfigError, match="watched already"):
            watch(lambda: lab, stop=Event(), told=print, refused=print, poll_s=0.1)

        assert not heartbeats(lab.paths.root)[0].is_silent(datetime.now(UTC))


@pytest.mark.parametrize("change", ["grows", "is replaced", "is replaced by a like one"])
@pytest.mark.parametrize("moment", ["while it is read", "after its commit"])
def test_what_changes_under_the_hands_of_a_night_is_not_lost_and_not_taken_half(fresh_lab, monkeypatch, change, moment):
    path, first, second = fresh_lab.paths.inbox / "a.csv", export("a", 3), export("a", 6)
    path.write_text(first)
    named = "_read" if moment == "while it is read" else "write_all"
    original = getattr(qc.ingest.outcome, named)

    def changed_behind(*words, **more):
        done = original(*words, **more)
        if change == "grows":
            with path.open("a") as more_of_it:
                more_of_it.write(second[len(first) :])
        else:
            new = path.with_name(".new")
            new.write_text(second if change == "is replaced" else first.replace("60", "61"))
            new.rename(path)
        monkeypatch.setattr(qc.ingest.outcome, named, original)
        return done

    monkeypatch.setattr(qc.ingest.outcome, named, changed_behind)
    nights = [fresh_lab.nightly(), fresh_lab.nightly()]

    outcomes = [one.outcome for night in nights for one in night.ingested]
    assert outcomes[0] == ("left" if moment == "while it is read" else "in")
    assert outcomes[1] in ("in", "waits")
    assert list(fresh_lab.paths.inbox.iterdir()) == []
    kept = {one.read_text() for one in fresh_lab.paths.archive.iterdir() if one.is_file() and one.suffix == ""}
    assert (second in kept) != (change == "is replaced by a like one")


def test_a_file_is_still_by_our_clock_and_what_was_tried_is_not_tried_at_once(tmp_path):
    path = tmp_path / "a.csv"
    path.write_text("a")
    delivery, stillness = [DeliveryPaths(path)], Stillness(10, retry_s=100)

    seen = [bool(stillness.look(delivery, now)) for now in (0, 5, 9.9, 10)]
    path.write_text("ab")
    seen += [bool(stillness.look(delivery, now)) for now in (11, 20.9, 21)]
    stillness.tried(delivery, 21)
    seen += [bool(stillness.look(delivery, now)) for now in (22, 120, 121)]

    assert seen == [False, False, False, True, False, False, True, False, False, True]


def test_only_what_was_taken_is_removed(tmp_path):
    path = tmp_path / "a.csv"
    path.write_text("a")
    taken = standing(path)

    assert not remove_taken(path, (*taken[:2], taken[2] + 1))
    assert path.exists()
    assert remove_taken(path, taken)
    assert list(tmp_path.iterdir()) == []
    assert remove_taken(path, taken)
    assert [is_unfinished(Path(name)) for name in ("a.csv.part", "~$a.xlsx", "a.csv", "part.csv")] == [
        True, True, False, False,
    ]  # fmt: skip

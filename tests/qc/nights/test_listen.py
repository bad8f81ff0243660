from __future__ import annotations

import errno
import json
import os
import pty
import random
import re
import shutil
import socket
import subprocess
import sys
import time
import tty
from contextlib import contextmanager
from pathlib import Path
from threading import Event, Thread

import pytest
from hl7.client import MLLPClient

import qc
import qc.nights.live.spool as spool
from qc.lab.heartbeat import heartbeats
from qc.nights.live.astm_receiver import ACK, ENQ, EOT, NAK, AstmReceiver
from qc.nights.live.listen import Lines, listen
from schemas.errors import ConfigError

HERE = Path(__file__).parent
ORU = (
    "MSH|^~\\&|AU|LAB|QC|LAB|20260301093000||ORU^R01|{}|P|2.5\rPID|1||P1\rOBR|1||S1|PANEL\r"
    "OBX|1|NM|IRON||80|ug/dL|||||F\r"
)


def frames_of(texts):
    bodies = [str((n + 1) % 8).encode() + text.encode() + b"\r\x03" for n, text in enumerate(texts)]
    return [b"\x02" + body + f"{sum(body) % 256:02X}".encode() + b"\r\n" for body in bodies]


@contextmanager
def listening(lab, **more):
    """Listen in a thread; yields the ports by protocol."""
    stop, is_ready, places = Event(), Event(), []
    lines = Lines(**({"host": "127.0.0.1", "hl7_port": 0, "astm_port": 0} | more))

    def ready(found):
        places.extend(found)
        is_ready.set()

    thread = Thread(target=listen, args=(lab, lines), kwargs={"stop": stop, "ready": ready})
    thread.start()
    assert is_ready.wait(20)
    try:
        yield {place.split()[0]: int(re.search(r"(\d+)\)$", place)[1]) for place in places if place.endswith(")")}
    finally:
        stop.set()
        thread.join(20)


def with_settings(lab, **settings):
    toml = (lab.paths.root / "qc.toml").read_text()
    head, _, tail = toml.partition("[listen]")
    for key, value in settings.items():
        tail = re.sub(rf"^{key} = \S+", f"{key} = {value}", tail, count=1, flags=re.MULTILINE)
    (lab.paths.root / "qc.toml").write_text(f"{head}[listen]{tail}")
    return qc.open_lab(lab.paths.root)


class Memory:
    """A message that is kept in memory, with a disk that fails when it is told to."""

    def __init__(self, kept, fails):
        self.own, self.kept, self.fails, self.n_bytes = [], kept, fails, 0

    def add(self, frame):
        if self.fails():
            raise OSError(errno.ENOSPC, "full")
        self.own.append(frame)
        self.n_bytes += len(frame)

    def end(self):
        if self.own:
            self.kept.append(self.own)
            return Path("kept")
        return None


def in_pieces(chance, receiver, data):
    """Hand bytes in as a line does, and return what was answered."""
    answer, at = b"", 0
    while at < len(data):
        step = chance.randint(1, len(data))
        answer += receiver.feed(data[at : at + step])
        at += step
    return answer


def damaged(chance, frame, fault):
    sent = bytearray(frame)
    if fault == "flip":
        sent[chance.randrange(2, len(sent) - 5)] ^= 1 << chance.randrange(0, 3)
    elif fault == "cut":
        del sent[chance.randrange(1, len(sent) - 4) :]
    return (b"\r\n" if fault == "noise" else b"") + bytes(sent)


def faulty_line(chance, receiver, frames):
    """Send one message over a line that damages it, as LIS1-A says; return the frames that were acknowledged."""
    acknowledged = []
    if in_pieces(chance, receiver, ENQ) != ACK:
        return acknowledged
    for frame in frames:
        for _ in range(6):
            fault = chance.choice(["none", "none", "flip", "cut", "lost answer", "noise"])
            answer = in_pieces(chance, receiver, damaged(chance, frame, fault))
            assert len(answer) <= 1
            if answer == ACK and acknowledged[-1:] != [frame]:
                acknowledged.append(frame)
            if answer == ACK and fault != "lost answer":
                break
        else:
            break
    if chance.random() < 0.8:
        assert in_pieces(chance, receiver, EOT) == b""
    return acknowledged


@pytest.mark.parametrize("seed", range(60))
def test_over_any_faulty_line_every_acknowledged_frame_is_kept_exactly_once(seed):
    chance, kept, told = random.Random(seed), [], []
    receiver = AstmReceiver(
        begin=lambda: Memory(kept, lambda: chance.random() < 0.05), ended=told.append, largest_bytes=10_000
    )
    messages = [
        [f"H|\\^&|||{seed}|{n}", *(f"R|{row}|{n}" for row in range(chance.randint(0, 12))), "L|1|N"] for n in range(8)
    ]

    acknowledged = [faulty_line(chance, receiver, frames_of(texts)) for texts in messages]
    receiver.close()

    assert kept == [one for one in acknowledged if one]
    assert len(told) == len(kept)


def test_frames_out_of_turn_too_many_or_outside_of_a_message_are_not_acknowledged():
    kept = []
    receiver = AstmReceiver(begin=lambda: Memory(kept, lambda: False), ended=lambda _: None, largest_bytes=60)
    first, second, third = frames_of(["H|\\^&", "R|1", "R|2" + "x" * 60])

    answers = [receiver.feed(part) for part in (first, ENQ, second, first, first, third, second, third, EOT, second)]

    assert answers == [b"", ACK, NAK, ACK, ACK, NAK, ACK, NAK, b"", b""]
    assert kept == [[first, second]]


def test_a_message_of_hl7_is_kept_answered_and_taken_in_and_what_is_none_is_answered_too(fresh_lab):
    with listening(fresh_lab) as ports:
        with MLLPClient("127.0.0.1", ports["HL7"]) as client:
            answers = [client.send_message(ORU.format("M1")), client.send_message(ORU.format("M1"))]
            answers.append(client.send_message("no message"))
        assert [one.name for one in heartbeats(fresh_lab.paths.root)] == ["listen"]

    assert b"MSA|AA|M1" in answers[0]
    assert b"MSA|AE" in answers[2]
    kept = sorted(path.read_bytes() for path in fresh_lab.paths.inbox.glob("*.hl7"))
    assert kept == sorted([ORU.format("M1").encode()] * 2 + [b"no message"])
    outcomes = [one.outcome for one in fresh_lab.ingest(fresh_lab.paths.inbox)]
    assert outcomes == ["in", "known", "quarantined"]
    assert heartbeats(fresh_lab.paths.root) == ()
    log = (fresh_lab.paths.root / "logs" / "listen.log").read_text()
    events = [json.loads(line)["event"] for line in log.splitlines()]
    assert [event for event in events if event != "disconnected"] == ["listening", *["message"] * 3, "stopped"]
    assert "P1" not in log.replace("127.0.0.1", "")


def test_what_cannot_be_kept_is_not_acknowledged_and_leaves_nothing(fresh_lab, monkeypatch):
    first, second = frames_of(["H|\\^&|||SIM", "L|1|N"])
    real = os.fsync

    def full(handle):
        raise OSError(errno.ENOSPC, "full")

    with listening(fresh_lab) as ports, socket.create_connection(("127.0.0.1", ports["ASTM"])) as line:
        line.sendall(ENQ)
        answers = [line.recv(1)]
        monkeypatch.setattr(spool.os, "fsync", full)
        line.sendall(first)
        answers.append(line.recv(1))
        with MLLPClient("127.0.0.1", ports["HL7"]) as client:
            refused = client.send_message(ORU.format("M2"))
        monkeypatch.setattr(spool.os, "fsync", real)
        for frame in (first, second):
            line.sendall(frame)
            answers.append(line.recv(1))
        line.sendall(EOT)
        time.sleep(0.3)

    assert answers == [ACK, NAK, ACK, ACK]
    assert b"MSA|AR|M2" in refused
    (kept,) = [path for path in fresh_lab.paths.inbox.iterdir() if not path.name.endswith(".part")]
    assert kept.read_bytes() == first + second


def test_who_may_not_send_is_sent_away_and_a_message_that_is_too_large_is_not_kept(fresh_lab):
    lab = with_settings(fresh_lab, most_per_peer="2", max_message_mb="0.001")
    with listening(lab) as ports:
        lines = [socket.create_connection(("127.0.0.1", ports["HL7"]), timeout=5) for _ in range(3)]
        assert lines[2].recv(1) == b""
        lines[1].sendall(b"\x0b" + b"x" * 5_000 + b"\x1c\r")
        assert b"MSA|AR" in lines[1].recv(4096)
        for line in lines:
            line.close()
    other = with_settings(lab, peers='["10.1.2.3"]')
    with listening(other) as ports, socket.create_connection(("127.0.0.1", ports["ASTM"]), timeout=5) as line:
        assert line.recv(1) == b""

    assert list(lab.paths.inbox.iterdir()) == []


@pytest.mark.parametrize(
    ("more", "words"),
    [
        ({"host": "0.0.0.0"}, "Whoever reaches"),
        ({"host": "lab"}, "no address"),
        ({"hl7_port": None, "astm_port": None}, "Nothing"),
        ({"serial": ("/dev/nowhere",)}, "cannot be opened"),
    ],
    ids=["open", "name", "nothing", "serial"],
)
def test_a_door_that_stands_open_or_leads_nowhere_is_refused(fresh_lab, more, words):
    lines = Lines(**({"host": "127.0.0.1", "hl7_port": 0, "astm_port": 0} | more))

    with pytest.raises(ConfigError, match=words):
        listen(fresh_lab, lines, stop=Event(), ready=print)


def test_a_serial_line_is_read_like_any_other(fresh_lab):
    ours, theirs = pty.openpty()
    tty.setraw(ours)
    frames = frames_of(["H|\\^&|||SERIAL", "R|1|^^^IRON|80|ug/dL", "L|1|N"])

    with listening(fresh_lab, hl7_port=None, astm_port=None, serial=(f"{os.ttyname(theirs)}:9600",)):
        answers = []
        for part in (ENQ, *frames):
            os.write(ours, part)
            answers.append(os.read(ours, 1))
        os.write(ours, EOT)
        time.sleep(0.5)

    assert answers == [ACK] * 4
    (kept,) = fresh_lab.paths.inbox.glob("*.astm")
    assert kept.read_bytes() == b"".join(frames)


def test_what_a_kill_left_half_written_is_no_frame(tmp_path):
    first, second = frames_of(["H|\\^&|||SIM", "L|1|N"])
    (tmp_path / ".a.astm.open").write_bytes(first + second[:-1])
    (tmp_path / ".b.astm.open").write_bytes(first[:5])
    (tmp_path / ".c.hl7.77.part").write_bytes(b"MSH")

    assert spool.recover_open(tmp_path) == [tmp_path / "a.astm"]

    assert [(path.name, path.read_bytes()) for path in tmp_path.iterdir()] == [("a.astm", first)]


def test_however_often_a_listener_is_killed_nothing_acknowledged_is_lost_or_kept_twice(tmp_path, is_long):
    words = [sys.executable, str(HERE / "killed_listener.py"), str(tmp_path), "1000" if is_long else "8", "7"]
    environment = os.environ | {"PYTHONPATH": str(HERE.parents[2])}
    done = subprocess.run(words, capture_output=True, text=True, check=True, env=environment)

    told = json.loads(done.stdout)

    assert told["faults"] == []
    assert told["n_hl7"] > 0
    assert told["n_frames"] > 0
    shutil.rmtree(tmp_path / "lab")

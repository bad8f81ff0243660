"""Kills of `qc listen` under load: ``python killed_listener.py FOLDER N_KILLS SEED`` prints one JSON line.

Two senders, one of HL7 over MLLP and one of ASTM over TCP, send without a pause and send again what was not
acknowledged, while the listener is killed and started anew. Listeners are forked from this process, which has loaded
what they need.
"""

from __future__ import annotations

import json
import os
import random
import re
import signal
import socket
import sys
import time
from collections import Counter
from contextlib import suppress
from pathlib import Path
from threading import Event, Thread

import hl7.mllp  # noqa: F401 - loaded before the listeners are forked

import qc
from qc.nights.live.listen import Lines, listen

ENQ, ACK, EOT = b"\x05", b"\x06", b"\x04"
HL7 = "MSH|^~\\&|SIM|LAB|QC|LAB|20260301||ORU^R01|{}|P|2.5\rOBX|1|NM|IRON||80|ug/dL|||||F\r"


def frames(message: int, session: int) -> list[bytes]:
    """Return a message as frames; each carries who sent it and when."""
    texts = [f"H|\\^&|||SIM|{message}|{session}", *(f"R|{n}|^^^X|{message * 10 + n}|{session}" for n in range(1, 10))]
    bodies = [str((n + 1) % 8).encode() + text.encode() + b"\r\x03" for n, text in enumerate([*texts, "L|1|N"])]
    return [b"\x02" + body + f"{sum(body) % 256:02X}".encode() + b"\r\n" for body in bodies]


class Sender(Thread):
    """One instrument: it sends message after message until it is stopped."""

    def __init__(self, port: int) -> None:
        super().__init__(daemon=True)
        self.port, self.stop = port, Event()
        self.n_done = 0
        self.acknowledged: dict[int, list[bytes]] = {}

    def run(self) -> None:
        attempt = 0
        while not self.stop.is_set():
            attempt += 1
            with suppress(OSError), socket.create_connection(("127.0.0.1", self.port), timeout=2) as line:
                line.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
                while not self.stop.is_set() and self.send(line, attempt):
                    self.n_done += 1
                    attempt += 1
            time.sleep(0.002)


class Astm(Sender):
    def send(self, line: socket.socket, session: int) -> bool:
        own = self.acknowledged.setdefault(session, [])
        line.sendall(ENQ)
        if line.recv(1) != ACK:
            return False
        for frame in frames(self.n_done, session):
            line.sendall(frame)
            if line.recv(1) != ACK:
                return False
            own.append(frame)
        line.sendall(EOT)
        return True


class Hl7(Sender):
    def __init__(self, port: int) -> None:
        super().__init__(port)
        self.attempts: Counter[bytes] = Counter()

    def send(self, line: socket.socket, session: int) -> bool:
        message = HL7.format(f"M{self.n_done}").encode()
        self.attempts[message] += 1
        line.sendall(b"\x0b" + message + b"\x1c\r")
        answer = b""
        while not answer.endswith(b"\x1c\r"):
            part = line.recv(4096)
            if not part:
                return False
            answer += part
        if f"MSA|AA|M{self.n_done}".encode() not in answer:
            return False
        self.acknowledged[self.n_done] = [message]
        return True


def listener(root: Path, ports: tuple[int, int]) -> int:
    """Start a listener, and return its number once it listens."""
    reads, writes = os.pipe()
    pid = os.fork()
    if pid == 0:
        signal.signal(signal.SIGTERM, lambda *_: stop.set())
        stop = Event()
        with suppress(BaseException):
            lines = Lines(host="127.0.0.1", hl7_port=ports[0], astm_port=ports[1])
            listen(qc.open_lab(root), lines, stop=stop, ready=lambda _: os.write(writes, b"."))
        os._exit(0)
    os.close(writes)
    with os.fdopen(reads, "rb") as pipe:
        pipe.read(1)
    return pid


def free_ports() -> tuple[int, int]:
    with socket.socket() as one, socket.socket() as two:
        one.bind(("127.0.0.1", 0))
        two.bind(("127.0.0.1", 0))
        return one.getsockname()[1], two.getsockname()[1]


def faults(inbox: Path, astm: Astm, hl7_sender: Hl7) -> list[str]:
    """Name every acknowledged frame and message that is not kept exactly once."""
    found = []
    sessions: dict[int, list[list[bytes]]] = {}
    for path in inbox.glob("*.astm"):
        content = path.read_bytes()
        kept = re.findall(rb"\x02.+?\r\n", content, re.DOTALL)
        if not kept or b"".join(kept) != content:
            found.append(f"'{path.name}' holds half a frame")
            continue
        sessions.setdefault(int(re.search(rb"\|(\d+)\r\x03", kept[0])[1]), []).append(kept)
    for session, acknowledged in astm.acknowledged.items():
        files = sessions.get(session, [[]])
        # One frame more may be kept: that whose acknowledgement the kill took along.
        if len(files) != 1 or files[0][: len(acknowledged)] != acknowledged or len(files[0]) > len(acknowledged) + 1:
            found.append(f"session {session}: {len(acknowledged)} acknowledged, kept {[len(one) for one in files]}")
    messages = Counter(path.read_bytes() for path in inbox.glob("*.hl7"))
    found += [f"message {n} is lost" for n, (one,) in hl7_sender.acknowledged.items() if not messages[one]]
    # The same bytes come in once, however often they are kept: each time was an attempt that nobody answered.
    too_often = {one: n for one, n in messages.items() if n > hl7_sender.attempts[one]}
    found += [f"a message is kept {n} times" for n in too_often.values()]
    left = [path.name for path in inbox.iterdir() if path.name.startswith(".")]
    return [*found, *(f"left behind: {name}" for name in left)]


def main(folder: Path, n_kills: int, seed: int) -> dict[str, object]:
    lab, chance = qc.init_lab(folder / "lab", name="killed"), random.Random(seed)
    ports = free_ports()
    senders = Hl7(ports[0]), Astm(ports[1])
    for sender in senders:
        sender.start()
    for _ in range(n_kills):
        pid = listener(lab.paths.root, ports)
        time.sleep(chance.uniform(0.0, 0.25))
        os.kill(pid, signal.SIGKILL)
        os.waitpid(pid, 0)
    pid = listener(lab.paths.root, ports)
    time.sleep(0.5)
    for sender in senders:
        sender.stop.set()
        sender.join(10)
    os.kill(pid, signal.SIGTERM)
    os.waitpid(pid, 0)
    return {
        "n_kills": n_kills,
        "n_hl7": senders[0].n_done,
        "n_astm": senders[1].n_done,
        "n_frames": sum(map(len, senders[1].acknowledged.values())),
        "n_cut": sum(0 < len(one) < 11 for one in senders[1].acknowledged.values()),
        "faults": faults(lab.paths.inbox, senders[1], senders[0]),
    }


if __name__ == "__main__":
    print(json.dumps(main(Path(sys.argv[1]), int(sys.argv[2]), int(sys.argv[3]))))

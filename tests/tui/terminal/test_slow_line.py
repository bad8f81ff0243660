from __future__ import annotations

import fcntl
import os
import pty
import re
import select
import signal
import struct
import sys
import termios
import time
from collections.abc import Callable

import pytest

import qc


class SlowLine:
    """A terminal behind a line of so many bytes in a second: what has not come over it is not seen."""

    def __init__(self, words: list[str], bytes_per_s: float, env: dict[str, str], screen) -> None:
        self.bytes_per_s, self.seen, self.screen = bytes_per_s, b"", screen
        self.pid, self.fd = pty.fork()
        if self.pid == 0:
            fcntl.ioctl(0, termios.TIOCSWINSZ, struct.pack("HHHH", 24, 80, 0, 0))
            os.execve(words[0], words, env)

    def read(self, wait_s: float, until: Callable[[], bool] = lambda: False) -> bool:
        end, credit, last = time.monotonic() + wait_s, 0.0, time.monotonic()
        while time.monotonic() < end and not until():
            now = time.monotonic()
            credit, last = min(credit + (now - last) * self.bytes_per_s, self.bytes_per_s), now
            if credit >= 64 and select.select([self.fd], [], [], 0.02)[0]:
                got = os.read(self.fd, min(int(credit), 1024))
                credit -= len(got)
                self.seen += got
            else:
                time.sleep(0.02)
        return until()

    def shows(self, words: str) -> Callable[[], bool]:
        def is_shown() -> bool:
            self.screen.cells.clear()
            self.screen.take(re.sub(r"\x1b\[[?=<>][^a-zA-Z]*[a-zA-Z]", "", self.seen.decode(errors="ignore")))
            return words in self.screen.text()

        return is_shown

    def type(self, keys: str) -> None:
        os.write(self.fd, keys.encode())

    def close(self) -> None:
        os.kill(self.pid, signal.SIGKILL)
        os.waitpid(self.pid, 0)
        os.close(self.fd)


@pytest.fixture
def slow_line(demo_folder, tmp_path, shown_screen):
    opened = []

    def start(bytes_per_s: float) -> SlowLine:
        words = [sys.executable, "-m", "qc", "review", "--screen", "triage", "--items", "--lab", str(demo_folder)]
        kept = {name: value for name, value in os.environ.items() if name not in ("NO_COLOR", "TMUX")}
        kept |= {"TERM": "xterm-256color", "XDG_STATE_HOME": str(tmp_path / "state"), "LANG": "C.UTF-8"}
        opened.append(SlowLine(words, bytes_per_s, kept, shown_screen()))
        return opened[-1]

    yield start
    for line in opened:
        line.close()


@pytest.mark.parametrize("baud", [56_000, pytest.param(9_600, marks=pytest.mark.long)])
def test_keys_typed_ahead_on_a_slow_line_keep_their_order(slow_line, demo_folder, ledger_acts, baud):
    line = slow_line(baud / 10)
    assert line.read(120, line.shows(" waiting"))

    line.type("/rule:range.soft\ra/verdict:reject\rxident\r\x13u")

    assert line.read(120, lambda: len(ledger_acts(demo_folder)) == 3)
    assert [act for act, _, _ in ledger_acts(demo_folder)] == ["approve", "reject", "undo"]
    assert ledger_acts(demo_folder)[0][1] == "R20.103"
    assert qc.open_lab(demo_folder).ledger.verify() == []


def test_many_keys_on_a_slow_line_are_painted_together(slow_line):
    line = slow_line(2_000)
    line.read(60, line.shows(" waiting"))
    line.read(6)
    before = len(line.seen)
    line.type("j")
    line.read(2)
    of_one = len(line.seen) - before

    line.type("jk" * 150)
    line.type("jjjj?")
    is_shown = line.read(40, line.shows("What waits for a person"))

    assert is_shown
    assert 0 < of_one < 3_000
    assert len(line.seen) - before < 60 * of_one  # 305 keys

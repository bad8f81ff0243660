"""How fast the screens are, through a pseudo-terminal, as a person has them: `python tests/benchmarks/screens.py`.

CPU is the time on a core of every thread of the process; walls hang on what else the machine does. The second lab has
ten times as many open findings: nothing may grow with them.
"""

from __future__ import annotations

import fcntl
import os
import pty
import re
import select
import signal
import struct
import sys
import tempfile
import termios
import time
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent))
from many_findings import make_lab

COLUMNS, ROWS = 140, 40
_COUNT = rb"\x1b\[1;(?!1H)\d+H"
"""A change in the first line, which tells the count: what has not changed is not sent again."""


class Terminal:
    """A program in a pseudo-terminal."""

    def __init__(self, *words: str) -> None:
        self.began = time.perf_counter()
        self.seen = b""
        self.pid, self.fd = pty.fork()
        if self.pid == 0:
            fcntl.ioctl(0, termios.TIOCSWINSZ, struct.pack("HHHH", ROWS, COLUMNS, 0, 0))
            kept = {name: value for name, value in os.environ.items() if name not in ("NO_COLOR", "TMUX")}
            os.execve(words[0], words, kept | {"TERM": "xterm-256color", "COLORTERM": "truecolor"})

    def read(self, wait_s: float, until: bytes | None = None, quiet_s: float | None = None) -> float | None:
        """Read until something is seen, or nothing comes for a while; return when the first byte came."""
        end, first, last, out = time.perf_counter() + wait_s, None, None, b""
        while time.perf_counter() < end:
            left = end - time.perf_counter()
            if quiet_s is not None and last is not None:
                left = min(left, last + quiet_s - time.perf_counter())
                if left <= 0:
                    break
            if not select.select([self.fd], [], [], left)[0]:
                continue
            got = os.read(self.fd, 65536)
            last = time.perf_counter()
            first = first or last
            out += got
            self.seen += got
            self._answer(got)
            if until is not None and re.search(until, out):
                return last
        return first if until is None else None

    def _answer(self, got: bytes) -> None:
        for asked, told in ((b"\x1b[?2026$p", b"\x1b[?2026;2$y"), (b"\x1b[c", b"\x1b[?62;4c")):
            if asked in got:
                os.write(self.fd, told)

    def key(self, keys: str, quiet_s: float = 0.08) -> float:
        began = time.perf_counter()
        os.write(self.fd, keys.encode())
        first = self.read(5, quiet_s=quiet_s)
        return (first or time.perf_counter()) - began

    @property
    def cpu_s(self) -> float:
        total = 0.0
        for task in Path(f"/proc/{self.pid}/task").iterdir():
            total += int((task / "schedstat").read_text().split()[0]) / 1e9
        return total

    @property
    def rss_mb(self) -> float:
        status = Path(f"/proc/{self.pid}/status").read_text()
        return int(re.search(r"VmRSS:\s+(\d+)", status)[1]) / 1024

    def close(self) -> None:
        os.kill(self.pid, signal.SIGKILL)
        os.waitpid(self.pid, 0)
        os.close(self.fd)


def part(values: list[float], share: float) -> float:
    return sorted(values)[min(len(values) - 1, int(len(values) * share))]


def measure(lab: Path, n_starts: int = 3, n_keys: int = 60) -> dict[str, float]:
    command = (sys.executable, "-m", "qc", "review", "--screen", "triage", "--lab", str(lab))
    told: dict[str, list[float]] = {"skeleton_ms": [], "first_paint_cpu_s": [], "first_rows_cpu_s": []}
    for _ in range(n_starts):
        terminal = Terminal(*command)
        told["skeleton_ms"].append(((terminal.read(20, b"reading") or 0) - terminal.began) * 1e3)
        terminal.read(20, b"all")  # the tabs of the real screen
        told["first_paint_cpu_s"].append(terminal.cpu_s)
        terminal.read(30, b"bulk-")
        told["first_rows_cpu_s"].append(terminal.cpu_s)
        terminal.close()
    terminal = Terminal(*command)
    terminal.read(30, b"bulk-")
    terminal.read(10, quiet_s=1.0)
    before = terminal.cpu_s
    moves = [terminal.key("j") for _ in range(n_keys)]
    cpu_key = (terminal.cpu_s - before) / n_keys
    pages = [terminal.key("\x1b[6~") for _ in range(20)]
    terminal.key("G", quiet_s=0.5)
    filters = []
    for word in ("/rule:", "c", "v", " ", "b", "u", "l", "k"):
        began = time.perf_counter()
        os.write(terminal.fd, word.encode())
        if terminal.read(5, _COUNT) is not None:
            filters.append(time.perf_counter() - began)
        terminal.read(2, quiet_s=0.2)
    rss = terminal.rss_mb
    terminal.close()
    return {name: min(values) for name, values in told.items()} | {
        "key_p50_ms": part(moves, 0.5) * 1e3,
        "key_p95_ms": part(moves, 0.95) * 1e3,
        "page_p95_ms": part(pages, 0.95) * 1e3,
        "cpu_per_key_ms": cpu_key * 1e3,
        "filter_to_count_p50_ms": part(filters, 0.5) * 1e3 if filters else float("nan"),
        "filter_to_count_p95_ms": part(filters, 0.95) * 1e3 if filters else float("nan"),
        "memory_mb": rss,
    }


def main() -> None:
    sizes = [int(word) for word in sys.argv[1:]] or [100_000, 1_000_000]
    figures = []
    with tempfile.TemporaryDirectory() as folder:
        os.environ["XDG_STATE_HOME"] = folder
        for size in sizes:
            lab = Path(os.environ.get("BENCH_LABS", folder)) / f"lab{size}"
            if not lab.is_dir():
                make_lab(lab, size)
            figures.append(measure(lab))
    print("figure".ljust(26) + "".join(f"{size:>14,}" for size in sizes) + "         ratio")
    for name in figures[0]:
        values = [figure[name] for figure in figures]
        print(name.ljust(26) + "".join(f"{value:14.2f}" for value in values) + f"{values[-1] / values[0]:14.2f}")


if __name__ == "__main__":
    main()

"""The first picture, painted before anything is imported: frames and keys, no data, so that nothing is stale."""

from __future__ import annotations

import os
import sys

_KEYS = " / filter   a approve   x reject   r repeat   c comment   u undo   ? help   q quit"


def paint_skeleton(title: str) -> None:
    """Paint an empty screen, if there is a terminal and nobody asked for none."""
    if not sys.stdout.isatty() or os.environ.get("TERM", "") in ("", "dumb"):
        return
    columns, rows = os.get_terminal_size(sys.stdout.fileno())
    is_plain = bool(os.environ.get("NO_COLOR"))
    bar = "\x1b[7m" if is_plain else "\x1b[48;2;29;36;43m\x1b[38;2;223;228;234m"
    parts = ["\x1b[?1049h\x1b[?25l\x1b[2J\x1b[H", bar, f" {title}"[:columns].ljust(columns), "\x1b[0m"]
    parts += [f"\x1b[{rows};1H", bar, _KEYS[:columns].ljust(columns), "\x1b[0m", "\x1b[3;3H… reading"]
    os.write(sys.stdout.fileno(), "".join(parts).encode())

"""Exit codes: what a script may rely on."""

from __future__ import annotations

from enum import IntEnum


class ExitCode(IntEnum):
    """How a command ended."""

    CLEAN = 0
    """Done, nothing waits."""
    WAITS = 1
    """Done, and something waits for a person or the gate is closed."""
    USAGE = 2
    """Wrong usage or configuration; a missing plan lock too."""
    REFUSED = 3
    """Input refused or quarantined; told before 1 where both hold."""
    BUSY = 4
    """The store is busy or unreachable."""
    FAULT = 5
    """A fault of ours: short message, log file."""

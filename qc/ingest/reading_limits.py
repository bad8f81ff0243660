"""Limits of memory and time for a process that reads files of strangers."""

from __future__ import annotations

import signal
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path


@contextmanager
def limits_of(memory_mb: float, seconds: float) -> Iterator[None]:
    """Run the body within limits; beyond them it gets no memory, or its process ends.

    Parameters
    ----------
    memory_mb : float
        Megabytes beyond what the process has taken already.
    seconds : float
        Seconds by the clock.
    """
    try:
        import resource
    except ImportError:  # Windows has neither
        yield
        return
    before = resource.getrlimit(resource.RLIMIT_AS)
    resource.setrlimit(resource.RLIMIT_AS, (_most(memory_mb, before[1], resource.RLIM_INFINITY), before[1]))
    resource.setrlimit(resource.RLIMIT_CORE, (0, resource.getrlimit(resource.RLIMIT_CORE)[1]))
    # The signal is left to end the process: code of a library that does not return would never see an exception.
    signal.signal(signal.SIGALRM, signal.SIG_DFL)
    signal.setitimer(signal.ITIMER_REAL, seconds)
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0)
        resource.setrlimit(resource.RLIMIT_AS, before)


def _most(memory_mb: float, hard: int, infinity: int) -> int:
    pages = int(Path("/proc/self/statm").read_text(encoding="ascii").split()[0]) if Path("/proc/self").exists() else 0
    wanted = pages * _PAGE_BYTES + int(memory_mb * 1_000_000)
    return wanted if hard == infinity else min(wanted, hard)


_PAGE_BYTES = 4096

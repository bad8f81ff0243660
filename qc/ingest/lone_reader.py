"""One process that reads one delivery at a time, for those among which one took its process along."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import BrokenExecutor, ProcessPoolExecutor
from dataclasses import dataclass
from typing import TypeVar

from qc.workers import new_processes

Out = TypeVar("Out")


@dataclass(slots=True)
class LoneReader:
    """Calls a function in a process of its own, which is replaced where it ended."""

    _process: ProcessPoolExecutor | None = None

    def outcome(self, function: Callable[..., Out], *arguments: object) -> Out | None:
        """Return what a function returns; None if it took its process along, or all the memory that it may have."""
        if self._process is None:
            self._process = new_processes(1)
        try:
            return self._process.submit(function, *arguments).result()
        except (BrokenExecutor, MemoryError):
            self.close()
            return None

    def close(self) -> None:
        """End the process."""
        if self._process is not None:
            self._process.shutdown()
        self._process = None

"""A lease to read the facts: held while somebody is looking, given back at once when the night wants to write."""

from __future__ import annotations

import time
from contextlib import AbstractContextManager
from typing import TYPE_CHECKING

from qc.store.door import is_awaited
from qc.store.frames import first_row

if TYPE_CHECKING:
    from qc.lab.folder import LabFolder
    from qc.store.connection import Connection as Connection  # the name by which the screens know it

IDLE_S = 1.0
"""How long a lease is kept without use, in seconds."""
_WAIT_S = 600.0  # a screen waits in its own thread and says so; it never gives up by itself


class ReadLease:
    """One connection to the facts for one thread.

    Parameters
    ----------
    lab : LabFolder
        The lab.
    """

    def __init__(self, lab: LabFolder) -> None:
        self._lab = lab
        self._door: AbstractContextManager[Connection] | None = None
        self._con: Connection | None = None
        self._used_at = 0.0
        self.generation = 0

    def connection(self) -> Connection:
        """Return the connection, opening the facts where they are closed.

        Returns
        -------
        DuckDBPyConnection
            Connection that cannot write; fetch every row before the next call.

        Raises
        ------
        StoreBusyError
            If a writer holds the facts beyond ten minutes.
        StoreError
            If the facts cannot be read.
        """
        if self._con is None:
            door = self._lab.facts.reading(wait_s=_WAIT_S)
            self._con = door.__enter__()
            self._door = door
            newest = first_row(self._con, "SELECT coalesce(max(assessment_id), 0) FROM assessments")
            self.generation = int(newest[0]) if newest else 0
        self._used_at = time.monotonic()
        return self._con

    def rest(self) -> None:
        """Give the lease back if it was not used for a while, or if somebody waits for the facts."""
        if self._con is None:
            return
        if time.monotonic() - self._used_at >= IDLE_S or is_awaited(self._lab.facts.path):
            self.close()

    def close(self) -> None:
        """Give the lease back."""
        door, self._door, self._con = self._door, None, None
        if door is not None:
            door.__exit__(None, None, None)

    @property
    def is_open(self) -> bool:
        """Whether the facts are held now."""
        return self._con is not None

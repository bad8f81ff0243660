"""One DuckDB for a process, to which facts files are attached for as long as somebody holds their lock.

Making a DuckDB costs 25 ms, since it learns some 3,200 functions each time; attaching a file costs 3.
"""

from __future__ import annotations

import os
from contextlib import contextmanager, suppress
from itertools import count
from threading import Lock
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from pathlib import Path

    import duckdb

CONFIG: Mapping[str, str | bool | int | float | list[str]] = {
    "autoinstall_known_extensions": "false",
    "autoload_known_extensions": "false",
    "threads": 2,
}


class Instance:
    """A DuckDB in memory, made when it is first asked for, and anew in a process of its own or after a fatal error."""

    def __init__(self) -> None:
        self._lock = Lock()
        self._main: duckdb.DuckDBPyConnection | None = None
        self._of_parent: duckdb.DuckDBPyConnection | None = None
        self._process = os.getpid()
        self._numbers = count(1)
        self._attached: dict[str, tuple[str, int]] = {}

    @contextmanager
    def attached(self, path: Path, *, writes: bool) -> Iterator[duckdb.DuckDBPyConnection]:
        """Attach a facts file, and detach it when the last that reads it here has ended.

        Parameters
        ----------
        path : Path
            The file; its lock is held by the caller for the whole body.
        writes : bool
            Whether it is opened to write; the lock says that nobody else has it then.

        Yields
        ------
        DuckDBPyConnection
            Connection of its own whose catalogue is the file; for one thread.
        """
        place = str(path.resolve())
        with self._lock:
            main = self._begun()
            name = self._attach(main, place, writes=writes)
            con = main.cursor()  # while nobody else asks `main`: it refuses two at once
        try:
            try:
                con.execute(f'USE "{name}"')
                yield con
            finally:
                con.close()
        finally:
            with self._lock:
                self._detach(main, place, name)

    def _begun(self) -> duckdb.DuckDBPyConnection:
        import duckdb

        if self._process != os.getpid():
            # A fork has none of the threads of its parent's DuckDB: to close that one would wait for them for ever.
            self._of_parent, self._main, self._process = self._main, None, os.getpid()
        if self._main is None or _is_dead(self._main):
            self._main, self._attached = duckdb.connect(":memory:", config=dict(CONFIG)), {}
        return self._main

    def _attach(self, main: duckdb.DuckDBPyConnection, place: str, *, writes: bool) -> str:
        name, holders = self._attached.get(place, ("", 0))
        if not holders:
            name = f"facts_{next(self._numbers)}"
            # The prefix tells DuckDB the type of the file, so that it reads the header under its own lock:
            # without it acknowledged commits of another process can be lost (DuckDB 2.0.0).
            how = "READ_WRITE" if writes else "READ_ONLY"
            main.execute(f'ATTACH ? AS "{name}" ({how})', [f"duckdb:{place}"])
        self._attached[place] = (name, holders + 1)
        return name

    def _detach(self, main: duckdb.DuckDBPyConnection, place: str, name: str) -> None:
        import duckdb

        if main is not self._main or place not in self._attached:  # given up: the file goes with its last connection
            return
        holders = self._attached[place][1] - 1
        self._attached[place] = (name, holders)
        if holders:
            return
        del self._attached[place]
        try:
            main.execute(f'DETACH "{name}"')
        except duckdb.Error:  # a fatal error leaves nothing that can be used: the next one begins anew
            self._main = None
            with suppress(duckdb.Error):
                main.close()


def _is_dead(con: duckdb.DuckDBPyConnection) -> bool:
    """Return whether a fatal error has ended the whole instance, which then refuses every statement."""
    import duckdb

    try:
        con.execute("SELECT 1")
    except duckdb.Error:
        return True
    return False


INSTANCE = Instance()

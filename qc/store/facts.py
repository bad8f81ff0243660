"""The one door to the facts file. Nobody else opens, hashes or copies it."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager, nullcontext, suppress
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

from qc.store.door import file_lock
from qc.store.frames import table_columns
from qc.store.instance import INSTANCE, Instance
from qc.store.migration import Migration, apply, pending
from qc.store.missing_store import missing_store
from qc.store.tables import NUMBERED_TABLES
from schemas.errors import StoreError

if TYPE_CHECKING:
    import duckdb
    import polars as pl


class Facts:
    """Door to one facts file.

    Parameters
    ----------
    path : Path
        The file.
    wait_s : float
        Longest time to wait for others, in seconds, where a call names none.
    watch : callable, optional
        What lies around everything that is written, while nobody else can write; it gets the connection.
    """

    def __init__(
        self,
        path: Path,
        *,
        wait_s: float = 30.0,
        watch: Callable[[duckdb.DuckDBPyConnection], AbstractContextManager[None]] | None = None,
    ) -> None:
        self.path = path
        self.wait_s = wait_s
        self._watch = watch

    @contextmanager
    def reading(self, wait_s: float | None = None) -> Iterator[duckdb.DuckDBPyConnection]:
        """Open the facts to read them, together with other readers.

        Parameters
        ----------
        wait_s : float, optional
            Longest time to wait for a writer, in seconds; None means the door's own.

        Yields
        ------
        DuckDBPyConnection
            Connection that cannot write; for one thread.

        Raises
        ------
        StoreBusyError
            If a writer holds the file beyond the deadline.
        StoreError
            If the file is not there, is not one of this program's version, or cannot be read.
        """
        with self._open(wait_s, writes=False) as con:
            self._refuse_old(con)
            yield con

    @contextmanager
    def reading_apart(self) -> Iterator[duckdb.DuckDBPyConnection]:
        """Open the facts as :meth:`reading` does, in a DuckDB of their own, which a statement of a person may spoil.

        Yields
        ------
        DuckDBPyConnection
            Connection that cannot write and whose settings are nobody else's; for one thread.

        Raises
        ------
        StoreBusyError
            If a writer holds the file beyond the deadline.
        StoreError
            If the file is not there, is not one of this program's version, or cannot be read.
        """
        with self._open(None, writes=False, instance=Instance()) as con:
            self._refuse_old(con)
            yield con

    @contextmanager
    def writing(self, wait_s: float | None = None) -> Iterator[duckdb.DuckDBPyConnection]:
        """Open the facts to write them, alone.

        Parameters
        ----------
        wait_s : float, optional
            Longest time to wait for others, in seconds; None means the door's own.

        Yields
        ------
        DuckDBPyConnection
            Connection outside a transaction; for one thread. Use :func:`transaction`.

        Raises
        ------
        StoreBusyError
            If others hold the file beyond the deadline.
        StoreError
            If the file is not there, is not one of this program's version, or cannot be written.
        """
        with self._open(wait_s, writes=True) as con:
            self._refuse_old(con)
            with self._watch(con) if self._watch else nullcontext():
                yield con

    @contextmanager
    def unchanging(self, wait_s: float | None = None) -> Iterator[list[Path]]:
        """Keep writers out for the body without opening the facts, so that the files can be copied.

        Parameters
        ----------
        wait_s : float, optional
            Longest time to wait for a writer, in seconds; None means the door's own.

        Yields
        ------
        list of Path
            The file, and the log beside it where a writer was cut off: they belong together.

        Raises
        ------
        StoreBusyError
            If a writer holds the file beyond the deadline.
        StoreError
            If the file is not there.
        """
        if not self.path.is_file():
            raise StoreError(f"There is no facts file '{self.path}': nothing can be copied.")
        with file_lock(self.path, exclusive=False, wait_s=self.wait_s if wait_s is None else wait_s):
            yield [path for path in (self.path, self.path.with_name(f"{self.path.name}.wal")) if path.is_file()]

    def migrate(self, *, software: str) -> list[Migration]:
        """Make the file, or bring it to the version of this program.

        Returns
        -------
        list of Migration
            What was applied; empty if nothing was pending.

        Raises
        ------
        StoreBusyError
            If others hold the file beyond the deadline.
        StoreError
            If the file was made by a newer or a different program.
        """
        with self._open(None, writes=True, makes=True) as con:
            steps = pending(con)
            for step in steps:
                with transaction(con):
                    apply(con, step, now=datetime.now(UTC), software=software)
            return steps

    @contextmanager
    def _open(
        self, wait_s: float | None, *, writes: bool, makes: bool = False, instance: Instance = INSTANCE
    ) -> Iterator[duckdb.DuckDBPyConnection]:
        import duckdb

        if "?" in str(self.path):
            raise StoreError(
                f"The path '{self.path}' holds a question mark, which DuckDB reads as options: move the lab."
            )
        if not makes and not self.path.is_file():
            raise missing_store("facts file", self.path)
        with file_lock(self.path, exclusive=writes, wait_s=self.wait_s if wait_s is None else wait_s):
            try:
                with instance.attached(self.path, writes=writes) as con:
                    yield con
            except duckdb.Error as error:
                raise _store_error(error, writes=writes) from error

    def _refuse_old(self, con: duckdb.DuckDBPyConnection) -> None:
        steps = pending(con)
        if steps:
            raise StoreError(
                f"The facts file is older than this program and lacks '{steps[0].name}': "
                "run `qc init` on the folder of the lab to bring it up to date."
            )


@contextmanager
def transaction(con: duckdb.DuckDBPyConnection) -> Iterator[duckdb.DuckDBPyConnection]:
    """Run the body in one transaction: all of it is kept, or nothing and the error goes on.

    Raises
    ------
    StoreError
        If the body swallowed an error of the database: a commit would keep nothing and not say so.
    """
    import duckdb

    con.execute("BEGIN TRANSACTION")
    try:
        yield con
        _refuse_aborted(con)
        con.execute("COMMIT")
    except BaseException:  # an interrupt too: no transaction may stay open behind it
        with suppress(duckdb.Error):
            con.execute("ROLLBACK")
        raise


def insert(con: duckdb.DuckDBPyConnection, table: str, frame: pl.DataFrame) -> None:
    """Add the rows of a frame to a table, by the names of the columns.

    Parameters
    ----------
    frame : DataFrame
        Rows; a column that may be empty may be left out.

    Raises
    ------
    StoreError
        If there is no such table, or the columns are not its own.
    """
    nullable = table_columns(con, table)
    if not nullable:
        raise StoreError(f"The facts have no table '{table}'.")
    unknown = sorted(set(frame.columns) - set(nullable))
    missing = sorted(name for name, may_be_empty in nullable.items() if not may_be_empty and name not in frame.columns)
    if unknown or missing:
        misfits = [f"unknown: {', '.join(unknown)}"] * bool(unknown) + [f"missing: {', '.join(missing)}"] * bool(
            missing
        )
        raise StoreError(f"The columns do not fit table '{table}' ({'; '.join(misfits)}).")
    if frame.is_empty():
        return
    con.register("incoming_rows", frame.to_arrow())
    try:
        con.execute(f'INSERT INTO "{table}" BY NAME SELECT * FROM incoming_rows')  # noqa: S608  a table that is there
    finally:
        con.unregister("incoming_rows")


def next_id(con: duckdb.DuckDBPyConnection, table: str) -> int:
    """Return the next free number of a table.

    Parameters
    ----------
    table : str
        ``sources``, ``runs`` or ``assessments``.

    Returns
    -------
    int
        One more than the highest; 1 for an empty table.

    Raises
    ------
    StoreError
        If the table has no number of its own.
    """
    if table not in NUMBERED_TABLES:
        raise StoreError(f"Table '{table}' has no number of its own; known: {', '.join(sorted(NUMBERED_TABLES))}.")
    found = con.execute(f'SELECT coalesce(max({NUMBERED_TABLES[table]}), 0) + 1 FROM "{table}"').fetchall()[0]  # noqa: S608  constants
    return int(found[0]) if found else 1


def _refuse_aborted(con: duckdb.DuckDBPyConnection) -> None:
    import duckdb

    try:
        con.execute("SELECT 1")
    except duckdb.Error as error:
        raise StoreError("An earlier error had ended the transaction: nothing of it was kept.") from error


def _store_error(error: duckdb.Error, *, writes: bool) -> StoreError:
    import duckdb

    # Other messages may quote a row, and a row is a patient's: only what speaks of the file is passed on.
    kind = type(error).__name__
    reason = str(error).splitlines()[0] if isinstance(error, duckdb.IOException) and str(error) else kind
    return StoreError(f"The facts file could not be {'written' if writes else 'read'} ({reason}).")

"""Migrations of the facts file: SQL files, each applied in one transaction together with its record."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from functools import cache
from importlib import resources
from typing import TYPE_CHECKING

from schemas.canonical import sha256_text
from schemas.errors import StoreError

if TYPE_CHECKING:
    import duckdb

_RECORD = """
CREATE TABLE IF NOT EXISTS schema_migrations (
    version INTEGER PRIMARY KEY,
    name VARCHAR NOT NULL,
    sha256 VARCHAR NOT NULL,
    applied_at TIMESTAMP NOT NULL,
    software VARCHAR NOT NULL
)"""


@dataclass(frozen=True, slots=True)
class Migration:
    """One step from one shape of the facts to the next."""

    version: int
    """Number at the head of the file's name, from 1."""
    name: str
    """Name of the file: ``001_facts.sql``."""
    sql: str
    """Statements."""

    @property
    def sha256(self) -> str:
        """Hash of the statements."""
        return sha256_text(self.sql)


@cache
def shipped_migrations() -> tuple[Migration, ...]:
    """Return the migrations of this program.

    Returns
    -------
    tuple of Migration
        Oldest first.
    """
    folder = resources.files("qc.store") / "migrations"
    files = sorted((file for file in folder.iterdir() if file.name.endswith(".sql")), key=lambda file: file.name)
    return tuple(Migration(int(file.name[:3]), file.name, file.read_text(encoding="utf-8")) for file in files)


def pending(con: duckdb.DuckDBPyConnection) -> list[Migration]:
    """Return the migrations that a facts file still needs. Only reads.

    Returns
    -------
    list of Migration
        Oldest first; empty if the file is up to date.

    Raises
    ------
    StoreError
        If the file was made by a newer program, or by another text of a migration of the same number.
    """
    shipped = shipped_migrations()
    done = _recorded(con)
    newest = shipped[-1].version
    if done and max(done) > newest:
        raise StoreError(
            f"The facts file has version {max(done)}, this program knows versions up to {newest}: "
            "use the newer Assaygate that made it."
        )
    for migration in shipped:
        if done.get(migration.version, migration.sha256) != migration.sha256:
            raise StoreError(
                f"The facts file was made by another '{migration.name}' than the one of this program: "
                "use the Assaygate that made it, or make the facts anew from archive/."
            )
    return [migration for migration in shipped if migration.version not in done]


def apply(con: duckdb.DuckDBPyConnection, migration: Migration, *, now: datetime, software: str) -> None:
    """Apply one migration and record it, both or neither."""
    con.execute(_RECORD)
    con.execute(migration.sql)
    record = [migration.version, migration.name, migration.sha256, now.replace(tzinfo=None), software]
    con.execute("INSERT INTO schema_migrations VALUES (?, ?, ?, ?, ?)", record)


def _recorded(con: duckdb.DuckDBPyConnection) -> dict[int, str]:
    import duckdb

    try:
        return dict(con.execute("SELECT version, sha256 FROM schema_migrations").fetchall())
    except duckdb.CatalogException:  # a new file; to list all tables first takes ten times as long
        return {}

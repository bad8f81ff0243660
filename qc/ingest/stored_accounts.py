"""The accounts of a delivery into the facts: what was used, flagged and left aside of each of its files."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any  # Any: cells of every type

from qc.readers.closed_account import Aside, ClosedAccount
from qc.store.facts import insert
from qc.store.frames import query

if TYPE_CHECKING:
    from qc.items.names import Item
    from qc.store.connection import Connection

ACCOUNT_TABLES = ("file_accounts", "cells_aside")
"""Tables that are written."""
_FLAGGED, _LEFT = "flagged", "left aside"


def take_accounts(con: Connection, accounts: Mapping[int, ClosedAccount]) -> None:
    """Write the accounts of the files of a delivery.

    Parameters
    ----------
    accounts : mapping of int to ClosedAccount
        Account by number of the source.
    """
    import polars as pl

    counts = [
        {"source_id": source_id, **{name: getattr(account, name) for name in _COUNTS}}
        for source_id, account in accounts.items()
    ]
    asides = [row for source_id, account in accounts.items() for row in _asides(source_id, account)]
    if counts:
        insert(con, "file_accounts", pl.DataFrame(counts))
    if asides:
        insert(con, "cells_aside", pl.DataFrame(asides))


_COUNTS = ("n_cells", "n_used", "n_flagged", "n_left")


def _asides(source_id: int, account: ClosedAccount) -> list[dict[str, Any]]:
    states = [(_FLAGGED, one) for one in account.flagged] + [(_LEFT, one) for one in account.left_aside]
    return [
        {
            "source_id": source_id,
            "ordinal": ordinal,
            "state": state,
            "place": one.where,
            "n_cells": one.n_cells,
            "why": one.why,
            "text": one.text,
        }
        for ordinal, (state, one) in enumerate(states, start=1)
    ]


_FILES = """
    SELECT s.source_id, s.file_name, a.n_cells, a.n_used FROM sources s JOIN file_accounts a USING (source_id)
    WHERE s.delivery_sha256 IN (
        SELECT o.delivery_sha256 FROM runs r JOIN sources o USING (source_id) WHERE r.run_id IN (SELECT unnest(?)))
    ORDER BY s.source_id
"""
_CELLS_ASIDE = """
    SELECT source_id, state, place, n_cells, why, text FROM cells_aside WHERE source_id IN (SELECT unnest(?))
    ORDER BY source_id, ordinal
"""


def accounts_of_runs(con: Connection, run_ids: Sequence[int], *, is_blinded: bool) -> tuple[ClosedAccount, ...]:
    """Return what became of every cell of the files of runs.

    Parameters
    ----------
    is_blinded : bool
        Whether the texts of cells are left out: they may name a sample or a person.

    Returns
    -------
    tuple of ClosedAccount
        One for each file, in the order in which they came in; none for one that came in before accounts were kept.
    """
    files = query(con, _FILES, [list(run_ids)]).to_dicts()
    cells_by_state: dict[int, dict[str, list[Aside]]] = {}
    for row in query(con, _CELLS_ASIDE, [[one["source_id"] for one in files]]).to_dicts():
        text = "" if is_blinded else row["text"]
        place = Aside(row["place"], row["n_cells"], row["why"], text)
        cells_by_state.setdefault(row["source_id"], {}).setdefault(row["state"], []).append(place)
    return tuple(_account(one, cells_by_state.get(one["source_id"], {})) for one in files)


def accounts_of_item(con: Connection, item: Item) -> tuple[ClosedAccount, ...]:
    """Return the accounts of the files of a run, blinded; none for a result or an analyte."""
    return accounts_of_runs(con, [item.run_id], is_blinded=True) if item.scope == "run" else ()


def _account(row: Mapping[str, Any], cells_by_state: Mapping[str, list[Aside]]) -> ClosedAccount:
    return ClosedAccount(
        file=row["file_name"],
        n_cells=row["n_cells"],
        n_used=row["n_used"],
        flagged=tuple(cells_by_state.get(_FLAGGED, ())),
        left_aside=tuple(cells_by_state.get(_LEFT, ())),
    )

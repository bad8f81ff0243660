"""The accounts of a delivery into the facts: what was used, flagged and left aside of each of its files."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any  # Any: cells of every type

from qc.store.facts import insert

if TYPE_CHECKING:
    from qc.readers.closed_account import ClosedAccount
    from qc.store.connection import Connection

ACCOUNT_TABLES = ("file_accounts", "cells_aside")
"""Tables that are written."""


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
    states = [("flagged", one) for one in account.flagged] + [("left aside", one) for one in account.left_aside]
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

"""The item that may have been meant by a name that nothing has: told, and never taken."""

from __future__ import annotations

from typing import TYPE_CHECKING

from qc.items.names import name_of_analyte, name_of_run, parse_item
from qc.store.frames import first_row
from schemas.errors import ConfigError
from schemas.names import did_you_mean

if TYPE_CHECKING:
    from qc.items.names import Item
    from qc.store.connection import Connection

_RUNS = "SELECT DISTINCT run FROM runs"
_HAS = "SELECT count(*), list(DISTINCT analyte) FROM latest_results WHERE run_id = ?"


def near_item(con: Connection, name: str) -> str:
    """Return a hint at the run, analyte or results that may have been meant.

    Returns
    -------
    str
        Hint with a blank before it; empty if nothing is near.
    """
    try:
        item = parse_item(name)
    except ConfigError:
        return did_you_mean(name, [run for (run,) in con.execute(_RUNS).fetchall()], " Did you mean run '{near}'?")
    return _near_in_run(con, item)


def _near_in_run(con: Connection, item: Item) -> str:
    run = name_of_run(item.run_id)
    n_results, analytes = first_row(con, _HAS, [item.run_id]) or (0, None)
    if not n_results:
        newest = first_row(con, "SELECT max(run_id) FROM runs")
        return f" The newest run is {name_of_run(newest[0])}." if newest and newest[0] else ""
    if item.scope == "result":
        return f" {run} has {n_results} result{'s' if n_results > 1 else ''}, from {run}.1 on."
    near = {analyte: name_of_analyte(item.run_id, analyte) for analyte in analytes or ()}
    return did_you_mean(item.analyte, near, f" Did you mean '{run}/{{near}}'?") if item.analyte else ""

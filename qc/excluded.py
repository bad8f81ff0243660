"""Which wells are rejected by a person now."""

from __future__ import annotations

from typing import TYPE_CHECKING

from qc.decisions import Act, all_decisions, newest_decisions
from qc.items import parse_item
from qc.judged import judged_items

if TYPE_CHECKING:
    import duckdb

    from qc.assessing.excluded import ExcludedWells
    from qc.lab import Lab


def excluded_wells(lab: Lab, con: duckdb.DuckDBPyConnection) -> ExcludedWells:
    """Return the wells that are rejected now; a rejection lapses when the well was read anew.

    Parameters
    ----------
    lab : Lab
        Lab whose ledger tells.
    con : DuckDBPyConnection
        Open connection.

    Returns
    -------
    mapping of int to frozenset
        By run on which a well was ever decided; empty where every rejection was undone.
    """
    ever = [decision.item for decision in all_decisions(lab.ledger) if "@" in decision.item]
    wells: dict[int, set[tuple[int, str]]] = {parse_item(name).run_id: set() for name in ever}
    newest = newest_decisions(lab.ledger) if ever else {}
    told = {d.item: d for d in newest.values() if "@" in d.item and d.act is Act.REJECT}
    judged = judged_items(con, told)
    for name, decision in told.items():
        item = parse_item(name)
        if name in judged and judged[name].sha256 == decision.judged_sha256:
            wells[item.run_id].add((item.plate, item.well))
    return {run_id: frozenset(places) for run_id, places in wells.items()}

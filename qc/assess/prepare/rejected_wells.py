"""Which wells are rejected by a person now."""

from __future__ import annotations

from typing import TYPE_CHECKING

from qc.items.decisions import Act, newest_on
from qc.items.judged_content import judged_items
from qc.items.names import parse_item

if TYPE_CHECKING:
    from qc.assess.prepare.excluded_wells import ExcludedWells
    from qc.lab.folder import LabFolder
    from qc.store.connection import Connection


def excluded_wells(lab: LabFolder, con: Connection) -> ExcludedWells:
    """Return the wells that are rejected now; a rejection lapses when the well was read anew.

    Returns
    -------
    mapping of int to frozenset
        By run on which a well was ever decided; empty where every rejection was undone.
    """
    ever = lab.ledger.decided.wells()
    wells: dict[int, set[tuple[int, str]]] = {parse_item(name).run_id: set() for name in ever}
    rejections = {name: d for name, d in newest_on(lab.ledger, ever).items() if d.act is Act.REJECT}
    judged = judged_items(con, rejections)
    for name, decision in rejections.items():
        item = parse_item(name)
        if name in judged and judged[name].sha256 == decision.judged_sha256:
            wells[item.run_id].add((item.plate, item.well))
    return {run_id: frozenset(wells_of_run) for run_id, wells_of_run in wells.items()}

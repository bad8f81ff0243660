"""What was approved by rule in spite of a warning: warnings that hold nothing, because the profile tolerates them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from qc.items.blinded_item import FindingShown, ItemShown, findings_by_item, items_shown
from qc.items.decisions import newest_decisions
from qc.items.names import name_of_run, names_of_result, parse_item
from qc.items.seen_item import Seen, seen_items
from qc.items.states import AUTO_APPROVED, ItemState, item_states
from qc.store.frames import first_row
from qc.triage.queue import QueueRow
from schemas.finding import Verdict
from schemas.json_model import JsonModel

if TYPE_CHECKING:
    from collections.abc import Mapping

    from qc.lab.folder import LabFolder
    from qc.store.connection import Connection

TO_LET_WAIT = "'warnings_wait = true' in section [assess] of qc.toml lets them wait for a person."
"""How such warnings are made to hold."""
_WARNED = """
    SELECT DISTINCT f.item, f.analyte FROM findings f JOIN run_states s USING (run_id, assessment_id)
    WHERE NOT s.is_superseded AND NOT f.holds AND f.verdict = 'warn' AND (? = '' OR s.study = ?)
"""
_N_WARNED = """
    SELECT count(DISTINCT f.item) FROM findings f JOIN run_states s USING (run_id, assessment_id)
    WHERE NOT s.is_superseded AND NOT f.holds AND f.verdict = 'warn' AND f.item NOT IN (SELECT item FROM open_items)
"""


@dataclass(frozen=True, slots=True)
class WarnedItem(JsonModel):
    """One item that nothing holds, and that a warning speaks against."""

    json_keys = "*shown findings"

    shown: ItemShown
    """Which item it is, blinded."""
    findings: tuple[FindingShown, ...]
    """What speaks against it."""

    @property
    def rules(self) -> tuple[str, ...]:
        """Return the rules that warn, as the blinded are told."""
        return tuple(dict.fromkeys(finding.rule for finding in self.findings))


def warned_items(lab: LabFolder, con: Connection, study: str = "") -> list[WarnedItem]:
    """Return what was approved by rule in spite of a warning.

    Parameters
    ----------
    study : str
        Only this study; empty for all.

    Returns
    -------
    list of WarnedItem
        By run and result. What waits, or what a person has decided on, is not among them.
    """
    states = item_states(con, newest_decisions(lab.ledger), datetime.now(UTC))
    rows = con.execute(_WARNED, [study, study]).fetchall()
    names = sorted((item for item, analyte in rows if not _is_decided(item, analyte or "", states)), key=_place)
    shown, findings = items_shown(lab, con, names), findings_by_item(con, names)
    return [WarnedItem(shown[name], tuple(findings[name])) for name in names if name in shown]


@dataclass(frozen=True, slots=True)
class WarnedList:
    """What was approved by rule in spite of a warning, to be decided on."""

    items: tuple[WarnedItem, ...]
    """By run and result."""
    row_by_item: Mapping[str, QueueRow]
    """Each as a row that is decided on like any other, as it is judged now."""


def warned_list(lab: LabFolder, con: Connection) -> WarnedList:
    """Return what was approved by rule in spite of a warning, each also as a row to decide on."""
    items = warned_items(lab, con)
    seen, now = seen_items(lab, con, [one.shown.item for one in items], lab.ledger.head()[0]), datetime.now(UTC)
    rows = {one.shown.item: _row(one, seen[one.shown.item], now) for one in items if one.shown.item in seen}
    return WarnedList(tuple(items), rows)


def _row(one: WarnedItem, seen: Seen, now: datetime) -> QueueRow:
    shown = one.shown
    return QueueRow(
        item=shown.item,
        verdict=Verdict.WARN,
        rules=one.rules,
        run=shown.run,
        analyte=shown.analyte,
        matrix=shown.matrix,
        code=shown.code,
        value=shown.value,
        wells="",
        assessed_at=now,
        has_lapsed=False,
        state=AUTO_APPROVED,
        seen=seen,
    )


def n_warned_items(con: Connection) -> int:
    """Count what no finding holds in spite of a warning, whatever people have decided."""
    row = first_row(con, _N_WARNED)
    return int(row[0]) if row else 0


def _is_decided(item: str, analyte: str, states: Mapping[str, ItemState]) -> bool:
    parsed = parse_item(item)
    run = name_of_run(parsed.run_id)
    above = names_of_result(parsed.result_id, analyte) if parsed.result_id is not None else (run, item)
    return any(name in states for name in above)


def _place(item: str) -> tuple[int, str, int]:
    parsed = parse_item(item)
    return parsed.run_id, parsed.analyte, parsed.ordinal

"""The dossier of one item: every finding that holds it, what was decided, and which pictures prove it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING

from qc.decide.code_hints import with_code_hints
from qc.ingest.stored_accounts import accounts_of_item
from qc.items.blinded_item import FindingShown, finding_shown
from qc.items.decisions import Decision, decisions_on
from qc.items.names import Item, name_of_analyte, name_of_run, parse_item
from qc.items.near_items import near_item
from qc.items.repeat_view import RepeatsShown, repeats_shown
from qc.lab.blinding import pseudonym, read_secret
from qc.store.frames import first_row
from qc.triage.number_text import reported
from schemas.errors import ConfigError

if TYPE_CHECKING:
    from qc.lab.folder import LabFolder
    from qc.readers.closed_account import ClosedAccount
    from qc.store.connection import Connection

CONTROLS, CURVE, PLATE, REPLICATES, LIMITS = "controls", "curve", "plate", "replicates", "limits"
"""Pictures that an item may have."""
_PROOF = {
    "westgard": CONTROLS,
    "controls": CONTROLS,
    "calibration": CURVE,
    "replicates": REPLICATES,
    "range": LIMITS,
    "preanalytic": LIMITS,
    "consistency": LIMITS,
}
"""Picture that proves a rule, by its group."""
_RUN = """
    SELECT s.run, s.study, r.matrix, r.analyte, r.method, r.platform, r.instrument, r.operator, r.reagent_lot,
        r.calibrator_lot, r.started_at, a.profile, a.assessed_at, s.assessment_id, s.n_results, s.verdict
    FROM run_states s JOIN runs r USING (run_id) JOIN assessments a USING (assessment_id) WHERE s.run_id = ?
"""
_RESULT = """
    SELECT sample, analyte, matrix, value, unit, censor, censor_limit, text, decimals, wells, plate, dilution,
        n_replicates, cv_percent, lloq, uloq
    FROM results WHERE assessment_id = ? AND run_id = ? AND result_id = ?
"""
_FINDINGS = """
    SELECT item, rule, version, verdict, scope, sentence, suggestion, observed, unit, limits, holds
    FROM findings WHERE assessment_id = ? AND run_id = ? AND (item IN (SELECT unnest(?::VARCHAR[])) OR ?)
    ORDER BY ordinal LIMIT 200
"""
_HAS = """
    SELECT EXISTS (SELECT 1 FROM curves WHERE assessment_id = $1 AND run_id = $2 AND ($3 = '' OR analyte = $3)),
        EXISTS (SELECT 1 FROM wells WHERE run_id = $2),
        EXISTS (SELECT 1 FROM control_results WHERE assessment_id = $1 AND run_id = $2 AND ($3 = '' OR analyte = $3))
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class RunFacts:
    """What is known of the run of an item."""

    run: str
    """Name."""
    study: str
    """Study."""
    matrix: str
    """Matrix; empty where there are several."""
    analyte: str
    """Analyte; empty where there are several."""
    method: str
    """Method."""
    platform: str
    """Platform."""
    instrument: str
    """Instrument."""
    operator: str
    """Who measured it."""
    reagent_lot: str
    """Lot of the reagents."""
    calibrator_lot: str
    """Lot of the standards."""
    started_at: datetime | None
    """When it began, as the instrument says; None if it does not."""
    profile: str
    """Acceptance profile."""
    assessed_at: datetime
    """When it was judged, in UTC."""
    assessment_id: int
    """Which assessment judged it."""
    n_results: int
    """Its results."""
    verdict: str
    """Its verdict."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ResultFacts:
    """What is known of a result, without subject and visit."""

    code: str
    """Fixed pseudonym of the sample."""
    analyte: str
    """Analyte."""
    matrix: str
    """Matrix."""
    value: str
    """As it would be reported."""
    number: float | None
    """Number in ``unit``; None if there is none."""
    unit: str
    """Unit."""
    plate: str
    """Plate; empty if it came from a table."""
    wells: tuple[str, ...]
    """Wells."""
    dilution: float
    """Dilution factor."""
    n_replicates: int
    """Replicates."""
    cv_percent: float | None
    """CV of the replicates, in percent; None for one."""
    lloq: float | None
    """Lower limit of quantification, in ``unit``; None if none is known."""
    uloq: float | None
    """Upper limit of quantification, in ``unit``; None if none is known."""


@dataclass(frozen=True, slots=True)
class Dossier:
    """Everything that a decision needs."""

    item: Item
    """Which item."""
    run: RunFacts
    """Its run."""
    result: ResultFacts | None
    """Its result; None for a run or an analyte."""
    findings: tuple[tuple[str, FindingShown], ...]
    """Findings with the item that they speak about, gravest first."""
    decisions: tuple[Decision, ...]
    """Decisions and comments on it, oldest first."""
    pictures: tuple[str, ...]
    """Pictures that can be drawn, the one that proves the gravest finding first."""
    repeats: RepeatsShown | None = None
    """What counts of several results of its sample; None for a sample with one, and for a run or an analyte."""
    accounts: tuple[ClosedAccount, ...] = ()
    """What became of the cells of each file of a run, without their texts; none for a result or an analyte."""

    @property
    def analyte(self) -> str:
        """Analyte of the item; empty where a run has several."""
        return (self.result.analyte if self.result else "") or self.item.analyte or self.run.analyte


def dossier(lab: LabFolder, con: Connection, name: str) -> Dossier:
    """Collect what is known of an item.

    Returns
    -------
    Dossier
        The dossier; the work does not grow with the number of items that wait.

    Raises
    ------
    ConfigError
        If there is no such item, or its run has no assessment.
    """
    item = parse_item(name)
    run_row = first_row(con, _RUN, [item.run_id])
    if run_row is None:
        raise ConfigError(f"There is no item '{name}' in this lab, or its run is not judged yet.{near_item(con, name)}")
    run = RunFacts(**dict(zip(RunFacts.__dataclass_fields__, run_row, strict=True)))
    result = _result(lab, con, item, run)
    if item.ordinal and result is None:
        raise ConfigError(f"There is no item '{name}' in this lab.{near_item(con, name)}")
    analyte = (result.analyte if result else "") or item.analyte
    names = list(
        dict.fromkeys([name, name_of_analyte(item.run_id, analyte) if analyte else name, name_of_run(item.run_id)])
    )
    findings = tuple(with_code_hints(lab, con, _findings(con, item, run.assessment_id, names)))
    pictures = _pictures(con, item, run, analyte or run.analyte, findings, is_result=result is not None)
    accounts = accounts_of_item(con, item)
    decisions = tuple(decisions_on(lab.ledger, names))
    return Dossier(item, run, result, findings, decisions, pictures, repeats_shown(con, item), accounts)


def _result(lab: LabFolder, con: Connection, item: Item, run: RunFacts) -> ResultFacts | None:
    row = first_row(con, _RESULT, [run.assessment_id, item.run_id, item.result_id]) if item.ordinal else None
    if row is None:
        return None
    sample, analyte, matrix, *value, wells, plate, dilution, n_replicates, cv, lloq, uloq = row
    return ResultFacts(
        code=pseudonym(read_secret(lab.paths.blind_secret), f"sample:{run.study}", sample),
        analyte=analyte,
        matrix=matrix,
        value=reported(*value),
        number=value[0],
        unit=value[1],
        plate=plate,
        wells=tuple(filter(None, wells.split(","))),
        dilution=dilution,
        n_replicates=n_replicates,
        cv_percent=cv,
        lloq=lloq,
        uloq=uloq,
    )


def _findings(
    con: Connection, item: Item, assessment_id: int, names: list[str]
) -> tuple[tuple[str, FindingShown], ...]:
    rows = con.execute(_FINDINGS, [assessment_id, item.run_id, names, item.scope == "run"]).fetchall()
    findings = [(row[0], finding_shown(*row[1:])) for row in rows if item.scope != "analyte" or row[0] in names]
    # Its own before those of its run, and what holds it before what only warns.
    return tuple(sorted(findings, key=lambda one: (not one[1].holds, names.index(one[0]) if one[0] in names else 9)))


def _pictures(
    con: Connection,
    item: Item,
    run: RunFacts,
    analyte: str,
    findings: tuple[tuple[str, FindingShown], ...],
    *,
    is_result: bool,
) -> tuple[str, ...]:
    row = first_row(con, _HAS, [run.assessment_id, item.run_id, analyte]) or (False, False, False)
    has_limits = any(finding.observed is not None and finding.limits for _, finding in findings)
    known: Mapping[str, bool] = {
        LIMITS: has_limits,
        REPLICATES: is_result and bool(row[1]),
        CURVE: bool(row[0]),
        PLATE: bool(row[1]),
        CONTROLS: bool(row[2]),
    }
    proof = next((_PROOF.get(finding.rule.partition(".")[0], "") for _, finding in findings), "")
    there = [picture for picture, is_there in known.items() if is_there]
    return tuple(sorted(there, key=lambda picture: picture != proof))

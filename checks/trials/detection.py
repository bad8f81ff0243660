"""``qc try detection``: limits of blank, detection and quantitation, by lot and pooled."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

from checks.arithmetic.refusal import Refusal
from checks.trials.detection_limits import DetectionSettings, LimitsOfLot, StatedLimit, limits_of
from checks.trials.detection_rows import CatalogueKey, catalogue_rows
from checks.trials.detection_samples import Samples, pooled_samples, read_samples
from checks.trials.plain_values import TrialAnswer
from schemas.json_model import JsonModel

if TYPE_CHECKING:
    from collections.abc import Mapping

LOTS_BY_WORST = 3
"""Lots up to which the worst lot counts; with more, all results are put together. EP17-A2 (2012), section 5.3.3."""
ENOUGH = 60
"""Blank results, and results of low samples, that EP17-A2 (2012) asks of each lot."""
ENOUGH_LOTS = 2
"""Lots that it asks for."""
_NAMES = {"lob": "limit of blank", "lod": "limit of detection", "loq": "limit of quantitation"}


@dataclass(frozen=True, slots=True, kw_only=True)
class ReportedLimit(JsonModel):
    """A limit as it is reported, over all lots."""

    value: float
    """In the unit of the results."""
    method: str
    """How it was found."""
    basis: str
    """Lot that it is of, or that all lots are pooled."""


@dataclass(frozen=True, slots=True, kw_only=True)
class DetectionAnswer(TrialAnswer):
    """Limits of an experiment."""

    verdict: str
    """``pass``; ``warn`` where the design is smaller than EP17 asks for or a check speaks against the method;
    ``not_evaluable`` where no limit of blank or of detection can be given."""
    reasons: list[str]
    """Why it is not ``pass``."""
    rule: str
    """How lots are put together."""
    lob: ReportedLimit | Refusal
    """Limit of blank."""
    lod: ReportedLimit | Refusal
    """Limit of detection."""
    loq: ReportedLimit | Refusal
    """Limit of quantitation, never below the limit of detection."""
    lots: list[LimitsOfLot]
    """Limits of each lot."""
    pooled: LimitsOfLot
    """Limits of all results together."""
    catalogue: list[str]
    """The limits as lines for a catalogue file; empty where they were not asked for."""


def detection(text: str, settings: DetectionSettings, key: CatalogueKey | None = None) -> dict[str, Any]:
    """Give the limits of one experiment.

    Parameters
    ----------
    text : str
        CSV as :func:`~checks.trials.detection_samples.read_samples` reads it.
    settings : DetectionSettings
        Methods and goals.
    key : CatalogueKey, optional
        What the limits shall be looked up by in a catalogue file.

    Returns
    -------
    dict
        ``lob``, ``lod`` and ``loq`` with ``value``, ``method`` and ``basis``; ``lots`` and ``pooled`` with the same by
        lot and over all; ``verdict`` and ``reasons``; ``catalogue`` where a key is given.

    Raises
    ------
    ReaderError
        If the table cannot be read; all faults are named.

    References
    ----------
    .. [1] CLSI EP17-A2. Evaluation of Detection Capability for Clinical Laboratory Measurement Procedures. 2012.
    """
    samples = read_samples(text)
    lots = [limits_of(lot, own, settings) for lot, own in samples.items()]
    pooled = limits_of("", pooled_samples(list(samples.values())), settings)
    reported = {name: _reported(name, lots, pooled) for name in _NAMES}
    rows = catalogue_rows(lots, key) if key else []
    return replace(_answer(reported, lots, pooled, _reasons(samples, lots)), catalogue=rows).as_json()


def _answer(
    reported: Mapping[str, ReportedLimit | Refusal],
    lots: list[LimitsOfLot],
    pooled: LimitsOfLot,
    reasons: list[str],
) -> DetectionAnswer:
    refused = [limit.sentence for name, limit in reported.items() if isinstance(limit, Refusal) and name != "loq"]
    worst = f"the worst lot counts, as of 2 and {LOTS_BY_WORST} lots"
    rule = f"all lots are pooled, as of more than {LOTS_BY_WORST}" if len(lots) > LOTS_BY_WORST else worst
    verdict = "warn" if reasons else "pass"
    return DetectionAnswer(
        verdict="not_evaluable" if refused else verdict,
        reasons=list(dict.fromkeys([*refused, *reasons])),
        rule=rule if len(lots) > 1 else "one lot",
        lob=reported["lob"],
        lod=reported["lod"],
        loq=reported["loq"],
        lots=lots,
        pooled=pooled,
        catalogue=[],
    )


def _reported(name: str, lots: Sequence[LimitsOfLot], pooled: LimitsOfLot) -> ReportedLimit | Refusal:
    if len(lots) > LOTS_BY_WORST:
        limit = pooled.limit(name)
        return limit if isinstance(limit, Refusal) else _named(limit, f"{len(lots)} lots pooled")
    found: list[tuple[str, StatedLimit]] = []
    for lot in lots:
        limit = lot.limit(name)
        if isinstance(limit, Refusal):
            of_lot = f"Lot '{lot.lot}': " if lot.lot else ""
            return Refusal(of_lot + limit.sentence)
        found.append((lot.lot, limit))
    lot_name, worst = max(found, key=lambda one: one[1].value)
    return _named(worst, f"lot {lot_name}, the worst of {len(found)}" if len(found) > 1 else lot_name or "one lot")


def _named(limit: StatedLimit, basis: str) -> ReportedLimit:
    return ReportedLimit(value=limit.value, method=limit.method, basis=basis)


def _reasons(samples: Mapping[str, Samples], lots: Sequence[LimitsOfLot]) -> list[str]:
    reasons = []
    if len(samples) < ENOUGH_LOTS:
        reasons.append("One lot was measured; EP17 asks for 2 or more, since lots differ.")
    for name, own in samples.items():
        of_lot = f"Lot '{name}'" if name else "The lot"
        if own.n_blank < ENOUGH or max(own.n_low, sum(map(len, own.hits.values()))) < ENOUGH:
            reasons.append(f"{of_lot} has {own.n_blank} blank and {own.n_low} low results; EP17 asks for 60 of each.")
    for lot in lots:
        reasons += [f"Lot '{lot.lot}': {note}" if lot.lot else note for note in lot.notes]
    return reasons

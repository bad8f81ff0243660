"""Limits of an experiment as rows of a catalogue file: the way from ``qc try detection`` to the gate."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from checks.arithmetic.refusal import Refusal

if TYPE_CHECKING:
    from checks.trials.detection_limits import LimitsOfLot


@dataclass(frozen=True, slots=True)
class CatalogueKey:
    """What the rows of a catalogue file are looked up by."""

    matrix: str
    """Matrix id."""
    method: str
    """Method id."""
    unit: str
    """UCUM code of the results."""
    source: str
    """Name of the file that the limits come from."""


def catalogue_rows(lots: Sequence[LimitsOfLot], key: CatalogueKey) -> list[str]:
    """Write the limits of each lot as rows that hold for that reagent lot.

    Parameters
    ----------
    lots : sequence of LimitsOfLot
        Limits by lot.
    key : CatalogueKey
        Matrix, method, unit and file.

    Returns
    -------
    list of str
        Lines of TOML for the file of the analyte in ``catalogue/``; a lot without a limit of blank or of detection
        gives a comment that says why.
    """
    return [line for lot in lots for line in _lines(lot, key)]


def _lines(lot: LimitsOfLot, key: CatalogueKey) -> Iterator[str]:
    if isinstance(lot.lob, Refusal) or isinstance(lot.lod, Refusal):
        why = lot.lob if isinstance(lot.lob, Refusal) else lot.lod
        yield f"# Lot {lot.lot or 'without a name'}: {why.sentence if isinstance(why, Refusal) else ''}"
        return
    said = f"LoB {lot.lob.method}, LoD {lot.lod.method}, {lot.n_blank} blank and {lot.n_low} low results"
    yield from _row("detection", (lot.lob.value, lot.lod.value), lot.lot, said, key)
    if not isinstance(lot.loq, Refusal):
        yield from _row("measuring", (lot.loq.value, None), lot.lot, f"LoQ {lot.loq.method}", key)


def _row(name: str, ends: tuple[float, float | None], lot: str, said: str, key: CatalogueKey) -> Iterator[str]:
    yield f"[[matrices.{key.matrix}.ranges]]"
    yield f'name = "{name}"'
    yield f"method = {json.dumps(key.method, ensure_ascii=False)}"
    if lot:
        yield f"lot = {json.dumps(lot, ensure_ascii=False)}"
    yield f"low = {ends[0]:.6g}"
    if ends[1] is not None:
        yield f"high = {ends[1]:.6g}"
    yield f'unit = "{key.unit}"'
    source = f"qc try detection {key.source}, CLSI EP17-A2 (2012): {said}"
    yield f"source = {json.dumps(source, ensure_ascii=False)}"
    yield 'status = "confirmed"'
    yield ""

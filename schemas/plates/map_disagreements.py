"""Export against plate map: where both name sample, role, dose or dilution of a well, they must agree.

An export that numbers its samples by itself (``Unknown1``), or gives every well the same role, names nothing that could
disagree. The plate map counts; what differs is told once for the whole file, by wells and never by codes of samples.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from schemas.file_remark import FileRemark, RemarkKind
from schemas.plates.map_well import MapWell
from schemas.plates.plate import Plate
from schemas.plates.plate_words import ExportWell
from schemas.plates.wells import wells_by_plate

PRINTED = 0.01
"""Part by which a dose may differ as exports print it, without unit: three digits."""
SHARED = 0.5
"""Part of the samples of an export that the map must know before the two are taken to use the same names."""
_SHOWN = 8


@dataclass(frozen=True, slots=True)
class _Pair:
    """One well as the export and as the map names it."""

    exported: ExportWell
    mapped: MapWell


def disagreements(plate: str, export_wells: Sequence[ExportWell], mapped: Sequence[MapWell]) -> list[FileRemark]:
    """Compare what an export says of the wells of one plate with its map.

    Parameters
    ----------
    plate : str
        Name of the plate.
    export_wells : sequence of ExportWell
        What the export says.
    mapped : sequence of MapWell
        What the map says of the same plate.

    Returns
    -------
    list of FileRemark
        At most one of kind ``map`` and one of kind ``unit``.
    """
    by_well: dict[tuple[str, str], MapWell] = {(well.well, well.analyte.casefold()): well for well in mapped}
    pairs = [
        _Pair(one, well)
        for one in export_wells
        if (well := by_well.get((one.well, one.analyte.casefold())) or by_well.get((one.well, "")))
        or (well := next((own for own in mapped if own.well == one.well and not one.analyte), None))
    ]
    factor = _factor(pairs)
    parts = [
        *_names(export_wells, pairs, mapped),
        *_roles(pairs),
        *(_doses(pairs) if factor is None else ()),
        *_dilutions(pairs),
    ]
    return _remarks(plate, list(dict.fromkeys(parts)), factor)


def _remarks(plate: str, parts: Sequence[str], factor: float | None) -> list[FileRemark]:
    where, remarks = f"plate '{plate}'", list[FileRemark]()
    if parts:
        more = f"; and {len(parts) - _SHOWN} more" if len(parts) > _SHOWN else ""
        text = f"Export and plate map disagree: {'; '.join(parts[:_SHOWN])}{more}."
        remarks.append(FileRemark(RemarkKind.MAP, where, text))
    if factor is not None:
        text = f"The doses of the export are {factor:.6g} times those of the plate map, as in another unit."
        remarks.append(FileRemark(RemarkKind.UNIT, where, text))
    return remarks


def _key(name: str) -> str:
    return "".join(name.split()).casefold()


def _names(export_wells: Sequence[ExportWell], pairs: Sequence[_Pair], mapped: Sequence[MapWell]) -> Iterator[str]:
    wells: dict[str, list[str]] = {}
    for well in mapped:
        wells.setdefault(_key(well.name), []).append(well.well)
    of_samples = {_key(pair.exported.name) for pair in pairs if pair.mapped.role in ("sample", "control")} - {""}
    known = {name for name in of_samples if name in wells}
    if not known or len(known) < SHARED * len(of_samples):
        return
    for pair in pairs:
        name, own = _key(pair.exported.name), _key(pair.mapped.name)
        is_asked = pair.mapped.role in ("sample", "control") or name in known
        if name and own and name != own and is_asked:
            there = f"the one that the map puts in {_few(wells[name])}" if name in wells else "one that the map lacks"
            yield f"{pair.exported.well}: the export names another sample than the map, {there}"
    for one in export_wells:
        if _key(one.name) in known and one.well not in {well.well for well in mapped}:
            yield f"{one.well}: the export names a sample of {_few(wells[_key(one.name)])}, the map nothing"


def _roles(pairs: Sequence[_Pair]) -> Iterator[str]:
    used = {pair.exported.role for pair in pairs} - {""}
    if len(used) < 2:
        return
    for pair in pairs:
        role, own = pair.exported.role, pair.mapped.role
        # An export that knows no controls, or no blanks, reads them as samples.
        if role and role != own and (own in used or own == "empty" or role != "sample"):
            yield f"{pair.exported.well}: {role} in the export, {own} in the map"


def _doses(pairs: Sequence[_Pair]) -> Iterator[str]:
    for pair, dose, own in _both_doses(pairs):
        if not math.isclose(dose, own, rel_tol=PRINTED, abs_tol=0.0):
            yield f"{pair.exported.well}: dose {dose:.6g} in the export, {own:.6g} in the map"


def _both_doses(pairs: Sequence[_Pair]) -> list[tuple[_Pair, float, float]]:
    return [
        (pair, pair.exported.conc, pair.mapped.conc)
        for pair in pairs
        if pair.exported.conc is not None and pair.mapped.conc is not None and pair.mapped.role == "calibrator"
    ]


def _factor(pairs: Sequence[_Pair]) -> float | None:
    """Return the one factor between all doses of export and map; None if they are equal or differ in other ways."""
    ratios = [dose / own for _, dose, own in _both_doses(pairs) if dose and own]
    if len(ratios) < 2 or math.isclose(ratios[0], 1.0, rel_tol=PRINTED):
        return None
    return ratios[0] if all(math.isclose(ratio, ratios[0], rel_tol=PRINTED) for ratio in ratios) else None


def _dilutions(pairs: Sequence[_Pair]) -> Iterator[str]:
    # Instruments write 1 where nobody told them a dilution.
    if all(pair.exported.dilution in (None, 1.0) for pair in pairs):
        return
    for pair in pairs:
        factor, own = pair.exported.dilution, pair.mapped.dilution
        is_asked = pair.mapped.role in ("sample", "control") and pair.exported.role != "calibrator"
        if factor is not None and is_asked and not math.isclose(factor, own, rel_tol=1e-9):
            yield f"{pair.exported.well}: dilution {factor:.6g} in the export, {own:.6g} in the map"


def _few(wells: Sequence[str]) -> str:
    own = list(dict.fromkeys(wells))
    return ", ".join(own[:4]) + (" and more" if len(own) > 4 else "")


def with_export_wells(plates: Sequence[Plate], own: Sequence[MapWell]) -> tuple[Plate, ...]:
    """Let plates of an export that maps itself say what sits in their wells, to be compared with a map that is given.

    Parameters
    ----------
    plates : sequence of Plate
        Plates of the file.
    own : sequence of MapWell
        The map of the export; without a plate it holds for every plate.
    """
    if not own:
        return tuple(plates)
    by_plate = wells_by_plate(plates, own, [])
    return tuple(
        replace(plate, words=replace(plate.words, export_wells=tuple(map(_as_layout, by_plate[plate.name]))))
        for plate in plates
    )


def _as_layout(well: MapWell) -> ExportWell:
    return ExportWell(well=well.well, line=well.line, analyte=well.analyte, name=well.name, role=well.role,
                    conc=well.conc, dilution=well.dilution)  # fmt: skip

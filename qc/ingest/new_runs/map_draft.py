"""A plate map to fill in: what export and kit say of each well, and empty cells for what nobody has said."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace

from schemas.plates.map_well import TO_FILL_IN, MapWell, role_of_name
from schemas.plates.plate import Plate
from schemas.plates.plate_words import ExportWell
from schemas.text_tables.formula_cell import is_formula

_COLUMNS = ("plate", "well", "role", "name", "analyte", "conc", "dilution", "material", "level", "lot")
_ALWAYS = frozenset({"well", "role", "name", "conc", "dilution"})


def map_wells(plates: Sequence[Plate], kit_wells: Mapping[str, MapWell]) -> list[MapWell]:
    """Return a row for every well that was measured; role empty where neither export nor kit says it."""
    named = len(plates) > 1
    return [
        replace(well, plate=plate.name if named else "") for plate in plates for well in _of_plate(plate, kit_wells)
    ]


def _of_plate(plate: Plate, kit_wells: Mapping[str, MapWell]) -> Iterator[MapWell]:
    measured = dict.fromkeys(well for block in plate.blocks for well in block.readings)
    written: dict[str, list[ExportWell]] = {}
    for one in plate.words.export_wells:
        written.setdefault(one.well, []).append(one)
    for well in measured:
        own = written.get(well, [])
        alike = {(one.role, one.name, one.conc, one.dilution) for one in own}
        for one in own[:1] if len(alike) == 1 else own:
            yield _merged(well, one if len(alike) > 1 else replace(one, analyte=""), kit_wells.get(well))
        if not own:
            yield _merged(well, ExportWell(well=well, line=0, name=plate.samples.get(well, "")), kit_wells.get(well))


def _merged(well: str, written: ExportWell, kit: MapWell | None) -> MapWell:
    """Lay what the export says over what the kit says."""
    base = kit or MapWell(well=well, line=0, role="")
    name = written.name or base.name
    role = written.role or base.role or (role_of_name(name) if name else "")
    conc = written.conc if written.conc is not None else base.conc
    return replace(base, role=role, name=name, analyte=written.analyte, conc=conc if role == "calibrator" else None,
                   dilution=written.dilution or base.dilution)  # fmt: skip


def map_text(wells: Sequence[MapWell]) -> str:
    """Return a plate map as CSV."""
    has_control = any(well.role == "control" for well in wells)
    columns = [name for name in _COLUMNS if name in _ALWAYS or any(getattr(well, name) for well in wells)
               or (has_control and name in ("material", "level", "lot"))]  # fmt: skip
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow(columns)
    writer.writerows([_cell(well, name) for name in columns] for well in wells)
    return out.getvalue()


def _cell(well: MapWell, name: str) -> str:
    is_unsaid = (name == "role" and not well.role) or (name == "name" and well.role == "sample" and _is_unnamed(well))
    written = _written(getattr(well, name))
    # Maps are filled in with spreadsheets: what one would compute is left for the person to write.
    return TO_FILL_IN if is_unsaid or is_formula(written) else written


def _written(value: object) -> str:
    return "" if value is None else f"{value:.15g}" if isinstance(value, float) else str(value)


def _is_unnamed(well: MapWell) -> bool:
    return not well.name or is_formula(well.name)


def open_cells(wells: Sequence[MapWell]) -> list[str]:
    """Return what a person must still say of a map, a sentence for each kind."""
    lacking = {
        "the role": [well.well for well in wells if not well.role],
        "the name of the sample": [well.well for well in wells if well.role == "sample" and _is_unnamed(well)],
        "the concentration": [well.well for well in wells if well.role == "calibrator" and well.conc is None],
        "material, level and lot": [well.well for well in wells if well.role == "control" and not well.material],
    }
    return [f"{what} of {len(own)} wells ({', '.join(own[:4])}{', ...' if len(own) > 4 else ''})"
            for what, own in lacking.items() if own]  # fmt: skip

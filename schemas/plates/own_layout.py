"""The layout of a plate as its export gives it, where nobody hands in a plate map: roles, names, doses and dilutions.

What the export does not say, and a person must, is asked once for the whole file.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace

from schemas.errors import Fault, ReaderError
from schemas.plates.map_well import MapWell, role_of_name
from schemas.plates.plate import Plate
from schemas.plates.plate_words import ExportWell

_SHOWN = 12
_Key = tuple[str, str]
_REGION = re.compile(r"(R|BR|Region )?[0-9]{1,3}\Z", re.IGNORECASE)
"""A bead region, which says nothing of what it carries."""


def own_layout(
    plates: Sequence[Plate], standards: Mapping[str, float], *, has_analytes: bool = False
) -> tuple[MapWell, ...]:
    """Make a plate map of what an export says of its wells.

    Parameters
    ----------
    plates : sequence of Plate
        Plates of the file.
    standards : mapping of str to float
        Concentration by name of a calibrator, from the run sheet, for those to which the export gives none.
    has_analytes : bool
        Whether the run sheet says what the export measures.

    Returns
    -------
    tuple of MapWell
        One for each well that is named, and one for each analyte with a dose of its own; empty where the export names
        no sample, or not those of every plate.

    Raises
    ------
    ReaderError
        If the export says two things of one well, or gives calibrators no concentration and the run sheet neither,
        or names bead regions only.
    """
    wells: list[MapWell] = []
    faults: list[Fault] = []
    for plate in plates:
        own = list(_wells(plate, faults))
        if not own:
            return ()
        wells += own
    called = {name.casefold(): conc for name, conc in standards.items()}
    wells = [_with_dose(well, called) for well in wells]
    if not faults:
        faults += [*_undosed(wells), *(() if has_analytes else _regions(plates))]
    if faults:
        raise ReaderError("The export does not say all that is to be known of its wells.", faults)
    return tuple(wells)


def _wells(plate: Plate, faults: list[Fault]) -> Iterator[MapWell]:
    first: dict[_Key, ExportWell] = {}
    odd: list[str] = []
    for one in plate.words.export_wells:
        before = first.setdefault((one.well, one.analyte), one)
        if _said(before) != _said(one):
            odd.append(one.well)
    if odd:
        shown = ", ".join(dict.fromkeys(odd[:_SHOWN]))
        text = f"The export says two things of wells {shown}; give a plate map that says what sits in them."
        faults.append(Fault(f"plate '{plate.name}'", text))
    for (well, analyte), one in first.items():
        named = first.get((well, ""), one)
        if named.name or named.role in ("blank", "calibrator"):
            role = named.role or role_of_name(named.name)
            yield _map_well(plate, replace(named, analyte=analyte, conc=one.conc, line=one.line), role)


def _said(one: ExportWell) -> tuple[str, str, float | None, float | None]:
    return (one.name, one.role, one.conc, one.dilution)


def _map_well(plate: Plate, one: ExportWell, role: str) -> MapWell:
    dilution = one.dilution if one.dilution and role in ("sample", "control") else 1.0
    return MapWell(well=one.well, line=one.line, role=role, name=one.name, plate=plate.name, analyte=one.analyte,
                   conc=one.conc if role == "calibrator" else None, dilution=dilution,
                   material=one.name if role == "control" else "")  # fmt: skip


def _with_dose(well: MapWell, standards: Mapping[str, float]) -> MapWell:
    conc = standards.get(well.name.casefold())
    if conc is None or well.role not in ("calibrator", "sample"):
        return well
    return replace(well, role="calibrator", conc=conc, material="")


def _undosed(wells: Sequence[MapWell]) -> list[Fault]:
    """Ask for the doses of calibrators for which neither an entry of their own nor one of an analyte has one."""
    dosed = {(well.plate, well.well) for well in wells if well.conc is not None}
    lacking = [well.name for well in wells if well.role == "calibrator" and (well.plate, well.well) not in dosed]
    names = list(dict.fromkeys(lacking))
    if not names:
        return []
    shown = ", ".join(f"'{name}'" for name in names[:_SHOWN]) + (" and more" if len(names) > _SHOWN else "")
    text = f"Nothing says the concentrations of the standards {shown}: give them in [standards] of the run sheet."
    return [Fault("", text)]


def _regions(plates: Sequence[Plate]) -> list[Fault]:
    """Ask for the analytes where the export names nothing but bead regions."""
    names = list(dict.fromkeys(block.analyte for plate in plates for block in plate.blocks if block.analyte))
    if not names or not all(_REGION.match(name) for name in names):
        return []
    shown = ", ".join(names[:_SHOWN]) + (" and more" if len(names) > _SHOWN else "")
    text = f"Nothing says what the bead regions {shown} carry: name each analyte in [analytes] of the run sheet."
    return [Fault("", text)]

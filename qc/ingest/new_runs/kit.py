"""Kits that a laboratory uses again: ``kits/NAME.toml`` with analyte, unit, standards, layout and lots."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Annotated

from annotated_types import Ge

from qc.readers.lab_sheets.run_sheet import NamedControl, PlateTable, RunTable
from schemas.errors import ConfigError, Fault
from schemas.names import did_you_mean
from schemas.plates.map_well import MapWell, role_of_name
from schemas.plates.plate import well_of
from schemas.toml_file import read_toml, toml_tree
from schemas.toml_table import Label, Text, TomlTable, Wording

_WORDING = Wording(unknown="'{key}' is not a key of a kit.{near} Known keys: {known}.", top="key '{key}'")


@dataclass(frozen=True, slots=True, kw_only=True)
class Kit(TomlTable):
    """One kit."""

    called: tuple[Text, ...] = ()
    """What an export writes where this kit was used; where it stands in a file, the kit is meant."""
    run: RunTable = field(default_factory=RunTable)
    """What holds of every run: analyte, unit, method, lots, profile, curve."""
    plate: PlateTable = field(default_factory=PlateTable)
    """Which block holds the signal."""
    standards: Mapping[str, Annotated[float, Ge(0)]] = field(default_factory=dict)
    """Concentration by name of a calibrator, in the unit of the run."""
    controls: Mapping[str, NamedControl] = field(default_factory=dict)
    """Material, level and lot by name of a control."""
    analytes: Mapping[str, Label] = field(default_factory=dict)
    """Analyte by what the export calls it."""
    layout: Mapping[str, Text] = field(default_factory=dict)
    """Names by well (``A1``), or by row (``A``) with commas between; a dash is a sample that is named later."""

    @property
    def wells(self) -> dict[str, MapWell]:
        """What its layout puts into each well."""
        return {well: self._well(well, name) for well, name in _names(self.layout)}

    def _well(self, well: str, name: str) -> MapWell:
        if name in self.standards:
            return MapWell(well=well, line=0, role="calibrator", name=name, conc=self.standards[name])
        if name in self.controls:
            one = self.controls[name]
            return MapWell(
                well=well, line=0, role="control", name=name, material=one.material, level=one.level, lot=one.lot
            )
        if name in ("-", ""):
            return MapWell(well=well, line=0, role="sample")
        return MapWell(well=well, line=0, role=role_of_name(name), name=name)


def _names(layout: Mapping[str, str]) -> Iterator[tuple[str, str]]:
    for key, text in layout.items():
        if well_of(key):
            yield well_of(key), text.strip()
        else:
            yield from (
                (f"{key.upper()}{number}", name.strip()) for number, name in enumerate(text.split(","), start=1)
            )


def read_kit(text: str, name: str) -> tuple[Kit, Mapping[str, object]]:
    """Read a kit.

    Returns
    -------
    tuple of Kit and mapping of str to object
        The kit, and what its table ``[run]`` says.

    Raises
    ------
    ConfigError
        If it is no TOML, or with every key that is not known, and every place of its layout that is no well.
    """
    kit = read_toml(text, Kit, f"Kit '{name}'", wording=_WORDING)
    faults = [Fault(f"[layout] {key}", f"'{key}' is no row and no well; expected a letter, or a well such as 'A1'.")
              for key in kit.layout if not well_of(key) and not well_of(f"{key}1")]  # fmt: skip
    if faults:
        raise ConfigError(f"Kit '{name}' has faults.", faults)
    return kit, toml_tree(text, name).get("run", {})


def kit_named(texts: Mapping[str, str], name: str, cells: Iterable[str]) -> str:
    """Return the file of the kit that is meant: by its name, else by what the export writes; empty if none is.

    Raises
    ------
    ConfigError
        If there is no kit of that name, or the export names several.
    """
    if name:
        if f"{name}.toml" not in texts:
            known = [file.removesuffix(".toml") for file in texts]
            raise ConfigError(
                f"There is no kits/{name}.toml.{did_you_mean(name, known)} Known kits: {', '.join(known) or 'none'}."
            )
        return f"{name}.toml"
    written = {cell.strip().casefold() for cell in cells}
    found = [file for file, text in texts.items()
             if any(word.casefold() in written for word in read_kit(text, file)[0].called)]  # fmt: skip
    if len(found) > 1:
        raise ConfigError(f"The export names {' and '.join(found)}: say with --kit which one it is.")
    return found[0] if found else ""

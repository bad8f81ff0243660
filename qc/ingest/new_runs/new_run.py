"""``qc new run``: the run sheet of an export and, where it needs one, its plate map, with what is known filled in."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from glob import escape
from pathlib import Path

from qc.ingest.new_runs.kit import Kit, kit_named, read_kit
from qc.ingest.new_runs.map_draft import map_text, map_wells, open_cells
from qc.ingest.new_runs.run_draft import named_analytes, run_text
from qc.readers.lab_sheets.run_sheet import RunSheet
from qc.readers.protocol import Reader, is_plate_reader, is_self_mapped
from qc.readers.read import chosen_reader, read_plates
from qc.readers.read import read as read_tables
from qc.readers.text.source import Source
from schemas.catalogue import Catalogue
from schemas.errors import ConfigError
from schemas.json_model import JsonModel
from schemas.lab_words import LabWords
from schemas.plates.plate import Plate
from schemas.plates.signal import signal_names, taken_signal
from schemas.run import Run


@dataclass(frozen=True, slots=True)
class NewRun(JsonModel):
    """What was drawn up for an export."""

    file: str
    """Name of the export."""
    kit: str
    """Kit that was taken; empty for none."""
    run_sheet: str
    """Where the run sheet was written."""
    plate_map: str
    """Where the plate map was written; empty where the export needs none."""
    n_wells: int
    """Wells of the map."""
    to_fill_in: tuple[str, ...]
    """What a person must still say."""


@dataclass(frozen=True, slots=True)
class _Export:
    """What an export says of itself."""

    run: Run
    plates: Sequence[Plate]
    analytes: Sequence[str]
    given: frozenset[str]
    """Fields of the run that its rows say."""
    has_own_map: bool


def new_run(
    file: Path,
    catalogue: Catalogue,
    kits: Mapping[str, str],
    *,
    words: LabWords,
    kit: str = "",
    folder: Path | None = None,
) -> NewRun:
    """Write the run sheet of an export, and the plate map that it needs, beside it.

    Parameters
    ----------
    kits : mapping of str to str
        Kits of the lab, as texts by file name.
    kit : str
        Name of the kit; empty means the one that the export names, if it names one.
    folder : Path, optional
        Where to write; beside the export without it.

    Raises
    ------
    ConfigError
        If the file cannot be opened, there is no such kit, or a run sheet or plate map is there already.
    ReaderError
        If the export cannot be read.
    """
    try:
        source = Source(Path(file.name), file.read_bytes(), words)
    except OSError as error:
        raise ConfigError(f"'{file}' cannot be opened: {error.strerror}.") from error
    name = kit_named(kits, kit, (cell for sheet in source.sheets[:1] for row in sheet.rows for cell in row.cells))
    chosen, kit_run = read_kit(kits[name], name) if name else (Kit(), {})
    export = _export(source, chosen_reader(source, None))
    analytes = named_analytes(export.analytes, chosen, catalogue) if export.plates or chosen.analytes else {}
    open_keys = [key for key in ("matrix", "analyte", "unit", "method") if key not in export.given
             and not (key == "analyte" and export.analytes)]  # fmt: skip
    signals = _signals(export.plates)
    wells = map_wells(export.plates, chosen.wells)
    there = any((folder or file.parent).glob(f"{escape(file.stem)}.map.*"))
    needs_map = bool(export.plates) and not there and (not export.has_own_map or bool(chosen.layout))
    texts = {
        ".run.toml": run_text(export.run, kit_run, chosen, open_keys=open_keys, analytes=analytes, signals=signals)
    }
    texts |= {".map.csv": map_text(wells)} if needs_map else {}
    paths = _write(folder or file.parent, file.stem, texts)
    lacking = [f"{key} of the run" for key in open_keys if not (kit_run.get(key) or getattr(export.run, key))]
    lacking += [f"the analyte of '{one}'" for one, analyte in analytes.items() if not analyte]
    lacking += ["which block is the signal"] if len(signals) > 1 and not chosen.plate.signal else []
    lacking += open_cells(wells) if needs_map else []
    return NewRun(file.name, name.removesuffix(".toml"), str(paths[".run.toml"]), str(paths.get(".map.csv", "")),
                  len(wells) if needs_map else 0, tuple(lacking))  # fmt: skip


def _export(source: Source, reader: Reader) -> _Export:
    run = RunSheet().run_for(source.stem)
    if not is_plate_reader(reader):
        intake = read_tables(source)
        rows = intake.tables.get("reported")
        if rows is None:
            raise ConfigError(f"'{source.path.name}' is a sheet of {intake.kind}: it has no run.")
        given = frozenset(key for key in ("matrix", "analyte", "unit", "method") if (rows[key] != "").all())
        return _Export(intake.runs[0], (), rows["analyte"].unique(maintain_order=True).to_list(), given, False)
    read = read_plates(source, reader)
    if is_self_mapped(reader):
        run = reader.own_run(source, run, source.new_account())
    run = replace(run, instrument=run.instrument or reader.instrument)
    names = [block.region or block.analyte for plate in read.plates for block in plate.blocks if block.analyte]
    return _Export(run, read.plates, names, frozenset(), bool(read.own_wells))


def _signals(plates: Sequence[Plate]) -> list[str]:
    """Return the one signal of which all else is made, else those of which one must be said."""
    if not plates:
        return []
    taken, names = taken_signal(plates[0])[0], signal_names(plates[0])
    return [taken] if taken else names if len(names) > 1 else []


def _write(folder: Path, stem: str, texts: Mapping[str, str]) -> dict[str, Path]:
    paths = {suffix: folder / f"{stem}{suffix}" for suffix in texts}
    there = [str(path) for path in paths.values() if path.exists()]
    if there:
        raise ConfigError(f"'{there[0]}' is there already: nothing was written. Take it away first, or fill it in.")
    for suffix, path in paths.items():
        path.write_text(texts[suffix], encoding="utf-8")
    return paths

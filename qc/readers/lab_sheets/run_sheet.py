"""The run sheet: what an export does not say of its run, as TOML beside it.

Tables: ``[run]`` with the fields of ``schemas.run.Run``; ``[plate]`` with ``export``, ``map``, ``signal``,
``reference_signal`` and ``plate``; ``[standards]`` with the concentration of each calibrator name of a grid map;
``[analytes]`` with the analyte of each bead region, spot or assay of an export that measures several in a well.
"""

from __future__ import annotations

import difflib
import math
import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, fields, replace
from datetime import date, datetime
from typing import Any

from qc.readers.text.times import time_of
from schemas.errors import Fault, ReaderError
from schemas.run import Run

RUN_KEYS = tuple(entry.name for entry in fields(Run))
"""Keys of ``[run]``."""
PLATE_KEYS = ("export", "map", "signal", "reference_signal", "plate")
"""Keys of ``[plate]``: file names of export and map, names of the signal blocks, name of the plate."""
_TABLES = ("run", "plate", "standards", "analytes")
_FIRST_YEAR = 1980  # as in the table of samples: no sample is older than this


@dataclass(frozen=True, slots=True)
class RunSheet:
    """What stands in a run sheet; empty text where it is silent."""

    run: Mapping[str, Any] = field(default_factory=dict)
    """Fields of the run that are given."""
    export: str = ""
    """File name of the plate export."""
    map: str = ""
    """File name of the plate map."""
    signal: str = ""
    """Name, or part of the name, of the block that holds the signal."""
    reference_signal: str = ""
    """Name, or part of the name, of the block to subtract well by well."""
    plate: str = ""
    """Name of the plate, where the export gives none."""
    standards: Mapping[str, float] = field(default_factory=dict)
    """Concentration by calibrator name, for a grid map."""
    analytes: Mapping[str, str] = field(default_factory=dict)
    """Analyte by what the export calls it, such as ``R25``; where any is given, all that are not are left out."""

    def run_for(self, stem: str) -> Run:
        """Return the run that the sheet describes.

        Parameters
        ----------
        stem : str
            Name of the run where the sheet gives none: stem of the file.
        """
        return replace(Run(run=stem, reference_signal=self.reference_signal), **self.run)


def read_run_sheet(text: str) -> RunSheet:
    """Read a run sheet.

    Raises
    ------
    ReaderError
        If it is not TOML, or with every key that is not known and every value of a wrong type.
    """
    try:
        tree = tomllib.loads(text.removeprefix("\ufeff"))
    except (tomllib.TOMLDecodeError, RecursionError) as error:
        raise ReaderError(f"The run sheet is not well-formed TOML: {error}.") from error
    faults: list[Fault] = []
    tables = {name: _table(tree, name, faults) for name in _TABLES}
    _refuse_unknown(tree, _TABLES, "", faults)
    run = _run(tables["run"], faults)
    plate = _texts(tables["plate"], PLATE_KEYS, "plate", faults)
    standards = _standards(tables["standards"], faults)
    analytes = _texts(tables["analytes"], tuple(tables["analytes"]), "analytes", faults)
    if faults:
        raise ReaderError("The run sheet has faults.", faults)
    if "reference_signal" in run:
        plate.setdefault("reference_signal", run["reference_signal"])
        run["reference_signal"] = plate["reference_signal"]
    return RunSheet(run=run, standards=standards, analytes=analytes, **plate)


def _table(tree: Mapping[str, Any], name: str, faults: list[Fault]) -> Mapping[str, Any]:
    table = tree.get(name, {})
    if isinstance(table, dict):
        return table
    faults.append(Fault(f"key '{name}'", f"'{name}' is a value; expected a table [{name}]."))
    return {}


def _refuse_unknown(table: Mapping[str, Any], known: Sequence[str], prefix: str, faults: list[Fault]) -> None:
    for key in table:
        if key not in known:
            near = difflib.get_close_matches(key, known, n=1, cutoff=0.5)
            hint = f"Did you mean '{near[0]}'?" if near else f"Known keys: {', '.join(known)}."
            faults.append(Fault(f"key '{prefix}{key}'", f"'{key}' is not a key of the run sheet. {hint}"))


def _texts(table: Mapping[str, Any], known: Sequence[str], name: str, faults: list[Fault]) -> dict[str, Any]:
    _refuse_unknown(table, known, f"{name}.", faults)
    texts: dict[str, Any] = {}
    for key in known:
        value = table.get(key)
        if isinstance(value, str):
            texts[key] = value.strip()
        elif isinstance(value, int) and not isinstance(value, bool):
            texts[key] = str(value)
        elif value is not None:
            faults.append(Fault(f"key '{name}.{key}'", f"{value!r} is not text; write it in quotes."))
    return texts


def _run(table: Mapping[str, Any], faults: list[Fault]) -> dict[str, Any]:
    started_at = _started_at(table.get("started_at"), faults)
    rest = {key: value for key, value in table.items() if key != "started_at"}
    known = [key for key in RUN_KEYS if key != "started_at"]
    _refuse_unknown(rest, RUN_KEYS, "run.", faults)
    run = _texts({key: value for key, value in rest.items() if key in known}, known, "run", faults)
    if run.get("run") == "":
        faults.append(Fault("key 'run.run'", "The name of the run is empty; leave the key out or give a name."))
    if run.get("model", "4pl") not in ("4pl", "5pl"):
        faults.append(Fault("key 'run.model'", f"Model '{run['model']}' is not known; expected 4pl or 5pl."))
    if run.get("weight", "none") not in ("none", "1/y", "1/y2"):
        faults.append(Fault("key 'run.weight'", f"Weight '{run['weight']}' is not known; expected none, 1/y or 1/y2."))
    return run | ({"started_at": started_at} if started_at else {})


def _started_at(value: object, faults: list[Fault]) -> datetime | None:
    # A clock that was never set says 1970: such a run has no time, so that no rule on the order of runs judges by it.
    told = _time_told(value, faults)
    return told if told is None or told.year >= _FIRST_YEAR else None


def _time_told(value: object, faults: list[Fault]) -> datetime | None:
    if isinstance(value, str):
        time, sentence = time_of(value.strip())
        if sentence:
            faults.append(Fault("key 'run.started_at'", sentence))
        return time
    if isinstance(value, datetime):
        if value.tzinfo is None:
            return value
        text = f"Time {value.isoformat()} names a time zone; expected local time of the laboratory without a zone."
        faults.append(Fault("key 'run.started_at'", text))
    elif isinstance(value, date):
        return datetime(value.year, value.month, value.day)  # noqa: DTZ001
    elif value is not None:
        faults.append(
            Fault("key 'run.started_at'", f"{value!r} is not a date; expected a form like 2024-03-31T08:15:00.")
        )
    return None


def _standards(table: Mapping[str, Any], faults: list[Fault]) -> dict[str, float]:
    standards: dict[str, float] = {}
    for name, value in table.items():
        is_number = isinstance(value, int | float) and not isinstance(value, bool)
        if is_number and math.isfinite(value) and value >= 0:
            standards[name] = float(value)
        else:
            faults.append(
                Fault(f"key 'standards.{name}'", f"{value!r} is not a concentration; expected a number, 0 or more.")
            )
    return standards

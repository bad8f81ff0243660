"""A run sheet to fill in: what export and kit say, and empty values for what nobody has said."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime

from qc.ingest.new_runs.kit import Kit
from schemas.catalogue import Catalogue
from schemas.run import Run

_NEEDED_KEYS = ("matrix", "analyte", "unit", "method")
_OTHER_KEYS = (
    "study",
    "platform",
    "instrument",
    "operator",
    "reagent_lot",
    "reagent_expires_on",
    "calibrator_lot",
    "profile",
    "model",
    "weight",
)


def run_text(
    run: Run,
    kit_run: Mapping[str, object],
    kit: Kit,
    *,
    open_keys: Sequence[str],
    analytes: Mapping[str, str],
    signals: Sequence[str],
) -> str:
    """Return a run sheet as TOML.

    Parameters
    ----------
    run : Run
        What the export says.
    kit_run : mapping of str to object
        What the kit says of every run.
    open_keys : sequence of str
        Keys that nothing else can say.
    analytes : mapping of str to str
        Analyte by what the export calls it; empty where it is not known.
    signals : sequence of str
        Blocks of the export, where several could be the signal; one where the others are made of it.
    """
    lines = ["# To fill in: what is empty. A value that the export says itself need not stand here.", "[run]"]
    lines += [f"run = {_written(run.run)}"]
    lines += list(_run_lines(run, kit_run, open_keys))
    plate = {key: getattr(kit.plate, key) for key in ("signal", "reference_signal") if getattr(kit.plate, key)}
    if len(signals) > 1 and not plate:
        lines += ["", "[plate]", f'signal = ""  # TO FILL IN: one of {", ".join(signals)}']
    elif signals:
        plate.setdefault("signal", signals[0])
    lines += _table("plate", plate) + _table("analytes", analytes) + _table("standards", kit.standards)
    controls = {
        name: {"material": one.material, "level": one.level, "lot": one.lot} for name, one in kit.controls.items()
    }
    return "\n".join([*lines, *_table("controls", controls), ""])


def _run_lines(run: Run, kit_run: Mapping[str, object], open_keys: Sequence[str]) -> Iterator[str]:
    for key in (*_NEEDED_KEYS, *_OTHER_KEYS):
        value = kit_run.get(key) or getattr(run, key)
        if value:
            yield f"{key} = {_written(value)}"
        elif key in open_keys:
            yield f'{key} = ""  # TO FILL IN'
    started = kit_run.get("started_at") or run.started_at
    yield f"started_at = {_written(started)}" if started else "# started_at = 2025-03-04T09:30:00  # TO FILL IN"


def _table(name: str, entries: Mapping[str, object]) -> list[str]:
    lines = [
        f"{_written(key)} = {_written(value)}" + ("  # TO FILL IN" if value == "" else "")
        for key, value in entries.items()
    ]
    return ["", f"[{name}]", *lines] if lines else []


def _written(value: object) -> str:
    if isinstance(value, datetime):
        return value.isoformat()
    if isinstance(value, Mapping):
        return "{ " + ", ".join(f"{key} = {_written(one)}" for key, one in value.items()) + " }"
    return repr(value) if isinstance(value, int | float) else json.dumps(str(value), ensure_ascii=False)


def named_analytes(names: Sequence[str], kit: Kit, catalogue: Catalogue) -> dict[str, str]:
    """Return the analyte of each name of an export: by the kit, else by the catalogue, else empty."""
    own = {name.casefold(): analyte for name, analyte in kit.analytes.items()}
    return {name: own.get(name.casefold()) or catalogue.analyte_id(name) or "" for name in dict.fromkeys(names)}

"""``qc try westgard``: judge a table of control results by Westgard rules."""

from __future__ import annotations

import csv
import io
import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from checks.arithmetic.westgard import RunVerdict, check_rules, evaluate
from checks.arithmetic.westgard_window import ControlZ
from checks.rule_sets.named import usual_rules
from schemas.errors import Fault, ReaderError

RESET = "reset"
"""The event that clears the history."""
_NOT_MEASURED = frozenset({"", "na", "nan"})
_DELIMITERS = (",", ";", "\t")


@dataclass(slots=True)
class _Sequence:
    """Runs as they come from the file; None is a reset."""

    labels: list[str] = field(default_factory=list)
    runs: list[list[ControlZ] | None] = field(default_factory=list)
    faults: list[Fault] = field(default_factory=list)


def westgard(text: str, *, rules: Sequence[str] | None = None) -> dict[str, Any]:
    """Judge every run of a table of control results.

    Parameters
    ----------
    text : str
        CSV with the columns ``run``, ``level`` and either ``z`` (in SD) or ``value``, ``mean``, ``sd``. The order of
        rows is the order of time. An empty cell, ``NA`` or ``NaN`` is a control that was not measured. A row whose
        ``event`` is ``reset`` carries no value and clears the history.
    rules : sequence of str, optional
        Short ids; None means the rules that are usual for the number of levels in a run.

    Returns
    -------
    dict
        ``runs``: run, verdict and violations of each run; ``rules``: the rules that were asked; ``gated``: False.

    Raises
    ------
    ReaderError
        If the table cannot be judged; all faults are named.
    ConfigError
        If a rule is not known.
    """
    sequence = _read(text)
    chosen = tuple(rules) if rules is not None else _usual_rules(sequence.runs)
    check_rules(chosen)
    verdicts = evaluate(sequence.runs, chosen)
    runs = [_as_json(label, verdict) for label, verdict in zip(sequence.labels, verdicts, strict=True)]
    return {"runs": runs, "rules": list(chosen), "gated": False}


def _as_json(label: str, verdict: RunVerdict) -> dict[str, Any]:
    violations = [{"rule": violation.rule, "scope": violation.scope} for violation in verdict.violations]
    return {"run": _as_number(label), "verdict": verdict.verdict.value, "violations": violations}


def _as_number(label: str) -> str | int | float:
    for number in (int, float):
        try:
            parsed = number(label)
        except ValueError:
            continue
        return parsed if math.isfinite(parsed) else label
    return label


def _usual_rules(runs: Sequence[Sequence[ControlZ] | None]) -> tuple[str, ...]:
    n_levels = max((len({level for level, _ in run}) for run in runs if run), default=1)
    return usual_rules(n_levels)


def _read(text: str) -> _Sequence:
    header_line, _, _ = text.lstrip("\ufeff").partition("\n")
    delimiter = max(_DELIMITERS, key=header_line.count)
    reader = csv.DictReader(io.StringIO(text.lstrip("\ufeff"), newline=""), delimiter=delimiter, restval="")
    reader.fieldnames = [name.strip() for name in reader.fieldnames or []]
    _check_columns(reader.fieldnames)
    sequence = _Sequence()
    for row in reader:
        cells = {name: str(cell or "").strip() for name, cell in row.items() if name}
        if any(cells.values()):
            _take(sequence, cells, f"line {reader.line_num}")
    if not sequence.labels and not sequence.faults:
        sequence.faults.append(Fault("", "The table has no run."))
    if sequence.faults:
        raise ReaderError("The table of controls cannot be judged.", sequence.faults)
    return sequence


def _check_columns(names: Sequence[str]) -> None:
    needed = ["run", "level"] if "z" in names else ["run", "level", "value", "mean", "sd"]
    missing = [name for name in needed if name not in names]
    if missing:
        wanted = "run, level and either z or value, mean, sd"
        raise ReaderError(f"Column '{missing[0]}' is missing. Expected columns: {wanted}.")


def _take(sequence: _Sequence, cells: Mapping[str, str], where: str) -> None:
    event = cells.get("event", "").lower()
    if event == RESET:
        _take_reset(sequence, cells, where)
    elif event:
        sequence.faults.append(Fault(where, f"Event '{event}' is not known. Known events: {RESET}."))
    else:
        _take_control(sequence, cells, where)


def _take_reset(sequence: _Sequence, cells: Mapping[str, str], where: str) -> None:
    if cells.get("z") or cells.get("value"):
        sequence.faults.append(Fault(where, "A row with the event 'reset' must not carry a value."))
    sequence.runs.append(None)


def _take_control(sequence: _Sequence, cells: Mapping[str, str], where: str) -> None:
    label = cells["run"]
    faults = [Fault(where, f"Column '{name}' is empty.") for name in ("run", "level") if not cells[name]]
    is_new = not sequence.runs or sequence.runs[-1] is None or sequence.labels[-1] != label
    if is_new and label in sequence.labels:
        faults.append(
            Fault(where, f"Run '{label}' comes back after another run or a reset; rows of one run belong together.")
        )
    z = _z_sd(cells, where, faults)
    sequence.faults += faults
    if is_new:
        sequence.labels.append(label)
        sequence.runs.append([])
    run = sequence.runs[-1]
    if run is not None:
        run.append((cells["level"], z))


def _z_sd(cells: Mapping[str, str], where: str, faults: list[Fault]) -> float | None:
    if cells.get("z", "").lower() not in _NOT_MEASURED:
        return _number(cells, "z", where, faults)
    if cells.get("value", "").lower() in _NOT_MEASURED:
        return None
    value, mean, sd = (_number(cells, name, where, faults) for name in ("value", "mean", "sd"))
    if value is None or mean is None or sd is None:
        return None
    if sd <= 0:
        faults.append(Fault(where, f"SD '{cells['sd']}' must be above 0."))
        return None
    return (value - mean) / sd


def _number(cells: Mapping[str, str], name: str, where: str, faults: list[Fault]) -> float | None:
    try:
        number = float(cells.get(name, ""))
    except ValueError:
        number = math.nan
    if not math.isfinite(number):
        faults.append(Fault(where, f"'{cells.get(name, '')}' in column '{name}' is not a number."))
        return None
    return number

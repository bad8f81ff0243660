"""``qc try westgard``: judge a table of control results by Westgard rules."""

from __future__ import annotations

import math
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Literal

from checks.arithmetic.charts.westgard import WARNING_RULES, Violation, check_rules, evaluate
from checks.arithmetic.charts.westgard_window import ControlZ
from checks.rule_sets.named import usual_rules
from checks.trials.csv_table import CsvTable, read_csv_table
from schemas.errors import Fault, ReaderError
from schemas.finding import Verdict
from schemas.json_model import JsonModel

RESET = "reset"
"""The event that clears the history."""


@dataclass(frozen=True, slots=True)
class JudgedControls(JsonModel):
    """One run of controls, judged."""

    run: str | int | float
    """Run as written; a number where it is one."""
    verdict: Verdict
    """Verdict of the rules."""
    violations: tuple[Violation, ...]
    """Rules that do not hold."""


@dataclass(frozen=True, slots=True)
class WestgardAnswer(JsonModel):
    """Every run of a table of control results, judged by Westgard rules."""

    runs: list[JudgedControls]
    """Runs, in the order of the table."""
    rules: list[str]
    """Rules that were asked, by their short ids."""
    gated: Literal[False] = False
    """Nothing says that these data were approved."""


@dataclass(slots=True)
class _Sequence:
    """Runs as they come from the file; None is a reset."""

    labels: list[str] = field(default_factory=list)
    runs: list[list[ControlZ] | None] = field(default_factory=list)


def westgard(
    text: str, *, rules: Sequence[str] | None = None, warns: Collection[str] = WARNING_RULES
) -> dict[str, Any]:
    """Judge every run of a table of control results.

    Parameters
    ----------
    text : str
        CSV with the columns ``run``, ``level`` and either ``z`` (in SD) or ``value``, ``mean``, ``sd``. The order of
        rows is the order of time. An empty cell, ``NA`` or ``NaN`` is a control that was not measured. A row whose
        ``event`` is ``reset`` carries no value and clears the history.
    rules : sequence of str, optional
        Short ids; None means the rules that are usual for the number of levels in a run.
    warns : collection of str
        Rules whose violation warns; every other rejects.

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
    verdicts = evaluate(sequence.runs, chosen, warns=warns)
    runs = [
        JudgedControls(_as_number(label), judged.verdict, judged.violations)
        for label, judged in zip(sequence.labels, verdicts, strict=True)
    ]
    return WestgardAnswer(runs, list(chosen)).as_json()


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
    table = read_csv_table(text, ["run", "level"])
    _check_columns(table.columns)
    sequence = _Sequence()
    for place, cells in enumerate(table.rows):
        _take(sequence, table, place, cells)
    if not sequence.labels and not table.faults:
        table.faults.append(Fault("", "The table has no run."))
    table.refuse_faults("The table of controls")
    return sequence


def _check_columns(names: Sequence[str]) -> None:
    needed = ["run", "level"] if "z" in names else ["run", "level", "value", "mean", "sd"]
    missing = [name for name in needed if name not in names]
    if missing:
        wanted = "run, level and either z or value, mean, sd"
        raise ReaderError(f"Column '{missing[0]}' is missing. Expected columns: {wanted}.")


def _take(sequence: _Sequence, table: CsvTable, place: int, cells: Mapping[str, str]) -> None:
    event = cells.get("event", "").lower()
    if event == RESET:
        if cells.get("z") or cells.get("value"):
            table.fault(place, "A row with the event 'reset' must not carry a value.")
        sequence.runs.append(None)
    elif event:
        table.fault(place, f"Event '{event}' is not known. Known events: {RESET}.")
    else:
        _take_control(sequence, table, place)


def _take_control(sequence: _Sequence, table: CsvTable, place: int) -> None:
    label, level = table.label(place, "run"), table.label(place, "level")
    is_new = not sequence.runs or sequence.runs[-1] is None or sequence.labels[-1] != label
    if is_new and label in sequence.labels:
        table.fault(place, f"Run '{label}' comes back after another run or a reset; rows of one run belong together.")
    z = _z_sd(table, place)
    if is_new:
        sequence.labels.append(label)
        sequence.runs.append([])
    run = sequence.runs[-1]
    if run is not None:
        run.append((level, z))


def _z_sd(table: CsvTable, place: int) -> float | None:
    n_faults = len(table.faults)
    z = table.number(place, "z") if "z" in table.columns else None
    if z is not None or len(table.faults) > n_faults or "value" not in table.columns:
        return z
    value = table.number(place, "value")
    if value is None:
        return None
    mean, sd = (_number_or_fault(table, place, name) for name in ("mean", "sd"))
    if mean is None or sd is None:
        return None
    if sd <= 0:
        table.fault(place, f"SD '{table.rows[place]['sd']}' must be above 0.")
        return None
    return (value - mean) / sd


def _number_or_fault(table: CsvTable, place: int, name: str) -> float | None:
    n_faults = len(table.faults)
    number = table.number(place, name)
    if number is None and len(table.faults) == n_faults:
        table.fault(place, f"'{table.rows[place].get(name, '')}' in column '{name}' is not a number.")
    return number

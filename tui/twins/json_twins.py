"""The twins of the screens: the same as data, and as plain lines for screen readers and pipes.

A line says one thing, with its name before it; nothing stands side by side, and no sign carries a meaning alone.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal

from schemas.json_model import JsonModel

if TYPE_CHECKING:
    from collections.abc import Callable

    from qc.api.lab import Lab
    from qc.triage.corrections_list import CorrectionLine
    from qc.triage.ledger_pages import LogLine
    from qc.triage.morning import Morning
    from qc.triage.queue_listing import QueueListing
    from qc.triage.release_checklist import Checklist
    from qc.triage.rule_manual import LimitLine, RuleManual
    from qc.triage.run_comparison import Comparison
    from qc.triage.warned_items import WarnedItem


@dataclass(frozen=True, slots=True)
class MorningTwin(JsonModel):
    """Twin of the screen 'morning'."""

    json_keys = "screen *morning"

    morning: Morning
    """What it shows."""
    screen: Literal["morning"] = "morning"
    """Name of the screen."""


@dataclass(frozen=True, slots=True)
class TriageTwin(JsonModel):
    """Twin of the screen 'triage'."""

    json_keys = "screen *queue"

    queue: QueueListing
    """What it shows."""
    screen: Literal["triage"] = "triage"
    """Name of the screen."""


@dataclass(frozen=True, slots=True)
class LogTwin(JsonModel):
    """Twin of the screen 'log'."""

    json_keys = "screen entries"

    entries: list[LogLine]
    """Entries of the ledger, newest first."""
    screen: Literal["log"] = "log"
    """Name of the screen."""


@dataclass(frozen=True, slots=True)
class RulesTwin(JsonModel):
    """Twin of the screen 'rules'."""

    json_keys = "screen rules"

    rules: list[RuleManual]
    """Manual of every rule."""
    screen: Literal["rules"] = "rules"
    """Name of the screen."""


@dataclass(frozen=True, slots=True)
class LimitsTwin(JsonModel):
    """Twin of the screen 'limits'."""

    json_keys = "screen limits"

    limits: list[LimitLine]
    """Every limit of the catalogue and of the acceptance profiles."""
    screen: Literal["limits"] = "limits"
    """Name of the screen."""


@dataclass(frozen=True, slots=True)
class ComparisonTwin(JsonModel):
    """Twin of the screen 'compare'."""

    json_keys = "screen *comparison"

    comparison: Comparison
    """What it shows."""
    screen: Literal["compare"] = "compare"
    """Name of the screen."""


@dataclass(frozen=True, slots=True)
class ReleaseTwin(JsonModel):
    """Twin of the screen 'release'."""

    json_keys = "screen *checklist"

    checklist: Checklist
    """What it shows."""
    screen: Literal["release"] = "release"
    """Name of the screen."""


@dataclass(frozen=True, slots=True)
class CorrectionsTwin(JsonModel):
    """Twin of the screen 'corrections'."""

    n_waiting: int
    """Corrections that wait."""
    corrections: list[CorrectionLine]
    """Corrections that wait, oldest first."""
    screen: Literal["corrections"] = "corrections"
    """Name of the screen."""


@dataclass(frozen=True, slots=True)
class WarningsTwin(JsonModel):
    """Twin of the screen 'warnings'."""

    n_approved: int
    """Items that were approved by rule in spite of a warning."""
    approved: list[WarnedItem]
    """The items, by run."""
    screen: Literal["warnings"] = "warnings"
    """Name of the screen."""


Twin = (
    WarningsTwin
    | CorrectionsTwin
    | MorningTwin
    | TriageTwin
    | LogTwin
    | RulesTwin
    | LimitsTwin
    | ComparisonTwin
    | ReleaseTwin
)


def print_twin(
    folder: Path | None, screen: str, begin: str, *, order: str, most: int, is_each: bool, as_json: bool
) -> int:
    """Print the twin of a screen.

    Parameters
    ----------
    is_each : bool
        Whether plain lines leave the causes of a queue out.

    Returns
    -------
    int
        Exit code: 1 if something waits for a person, else 0.
    """
    from qc.api.lab import open_lab
    from qc.cli.exit_codes import ExitCode
    from qc.cli.output import data, say
    from tui.twins.plain_lines import plain_lines

    shown = twin(open_lab(folder), screen, begin, order=order, most=most)
    if as_json:
        data(shown)
    else:
        for line in plain_lines(shown | ({"causes": []} if is_each else {})):
            say(line)
    waits = any(shown.get(key) for key in ("n_items", "n_waiting", "n_corrections"))
    return ExitCode.WAITS if waits else ExitCode.CLEAN


def twin(lab: Lab, screen: str, begin: str, *, order: str = "gravest", most: int = 200) -> dict[str, Any]:
    """Return what a screen shows, as a mapping of JSON values.

    Returns
    -------
    dict
        Begins with ``screen``.
    """
    return _TWINS[screen](lab, begin, order, most).as_json()


def _triage(lab: Lab, begin: str, order: str, most: int) -> TriageTwin:
    from qc.triage.queue_listing import ask_queue
    from tui.model.desk import Desk
    from tui.model.visit import begin_visit

    desk = Desk(lab.paths.root)
    begin_visit(lab, desk)
    with lab.facts.reading() as con:
        return TriageTwin(
            ask_queue(lab, con, begin, order=order, most=most, reader=desk.reader, last_visit=desk.last_visit)
        )


def _morning(lab: Lab, begin: str, order: str, most: int) -> MorningTwin:
    from qc.triage.morning import morning
    from tui.model.desk import Desk
    from tui.model.visit import begin_visit

    desk = Desk(lab.paths.root)
    begin_visit(lab, desk)
    with lab.facts.reading() as con:
        return MorningTwin(morning(lab, con, reader=desk.reader, last_visit=desk.last_visit))


def _corrections(lab: Lab, begin: str, order: str, most: int) -> CorrectionsTwin:
    from qc.triage.corrections_list import correction_lines

    with lab.facts.reading() as con:
        lines = correction_lines(lab, con)
    return CorrectionsTwin(len(lines), lines)


def _warnings(lab: Lab, begin: str, order: str, most: int) -> WarningsTwin:
    items = lab.approved_in_spite(begin or None)
    return WarningsTwin(len(items), items)


def _log(lab: Lab, begin: str, order: str, most: int) -> LogTwin:
    from qc.triage.ledger_pages import log_page

    return LogTwin(log_page(lab, n_lines=most))


def _rules(lab: Lab, begin: str, order: str, most: int) -> RulesTwin:
    from qc.triage.rule_manual import rule_manuals

    return RulesTwin([rule for rule in rule_manuals() if begin in rule.id])


def _limits(lab: Lab, begin: str, order: str, most: int) -> LimitsTwin:
    from qc.triage.rule_manual import limit_lines

    return LimitsTwin([line for line in limit_lines(lab) if begin in f"{line.where} {line.name}"])


def _compare(lab: Lab, begin: str, order: str, most: int) -> ComparisonTwin:
    from qc.triage.run_comparison import compare_run

    with lab.facts.reading() as con:
        return ComparisonTwin(compare_run(con, begin))


def _release(lab: Lab, begin: str, order: str, most: int) -> ReleaseTwin:
    from qc.triage.release_checklist import checklist

    return ReleaseTwin(checklist(lab, begin))


_TWINS: dict[str, Callable[[Lab, str, str, int], JsonModel]] = {
    "morning": _morning,
    "triage": _triage,
    "log": _log,
    "rules": _rules,
    "limits": _limits,
    "compare": _compare,
    "release": _release,
    "corrections": _corrections,
    "warnings": _warnings,
}

"""The twins of the screens: the same as data, and as plain lines for screen readers and pipes.

A line says one thing, with its name before it; nothing stands side by side, and no sign carries a meaning alone.
"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from qc.api.lab import Lab


def print_twin(folder: Path | None, screen: str, begin: str, *, order: str, most: int, as_json: bool) -> int:
    """Print the twin of a screen.

    Returns
    -------
    int
        Exit code: 1 if something waits for a person, else 0.
    """
    from qc.api.lab import open_lab
    from qc.cli.exit_codes import ExitCode
    from qc.cli.output import data, say
    from tui.twins.plain_lines import plain_lines

    told = twin(open_lab(folder), screen, begin, order=order, most=most)
    if as_json:
        data(told)
    else:
        for line in plain_lines(told):
            say(line)
    return ExitCode.WAITS if told.get("n_items") or told.get("n_waiting") else ExitCode.CLEAN


def twin(lab: Lab, screen: str, begin: str, *, order: str = "gravest", most: int = 200) -> dict[str, Any]:
    """Return what a screen shows, as a mapping of JSON values.

    Returns
    -------
    dict
        Begins with ``screen``.
    """
    return {"screen": screen, **_TWINS[screen](lab, begin, order, most)}


def _triage(lab: Lab, begin: str, order: str, most: int) -> dict[str, Any]:
    from qc.triage.queue_listing import ask_queue
    from tui.model.desk import Desk
    from tui.model.visit import begin_visit

    desk = Desk(lab.paths.root)
    begin_visit(lab, desk)
    with lab.facts.reading() as con:
        return ask_queue(
            lab, con, begin, order=order, most=most, reader=desk.reader, last_visit=desk.last_visit
        ).as_json()


def _morning(lab: Lab, begin: str, order: str, most: int) -> dict[str, Any]:
    from qc.triage.morning import morning
    from tui.model.desk import Desk
    from tui.model.visit import begin_visit

    desk = Desk(lab.paths.root)
    begin_visit(lab, desk)
    with lab.facts.reading() as con:
        return morning(lab, con, reader=desk.reader, last_visit=desk.last_visit).as_json()


def _log(lab: Lab, begin: str, order: str, most: int) -> dict[str, Any]:
    from qc.triage.ledger_pages import log_page

    return {"entries": [line.as_json() for line in log_page(lab, n_lines=most)]}


def _rules(lab: Lab, begin: str, order: str, most: int) -> dict[str, Any]:
    from qc.triage.rule_manual import rule_manuals

    return {"rules": [rule.as_json() for rule in rule_manuals() if begin in rule.id]}


def _limits(lab: Lab, begin: str, order: str, most: int) -> dict[str, Any]:
    from qc.triage.rule_manual import limit_lines

    return {"limits": [line.as_json() for line in limit_lines(lab) if begin in f"{line.where} {line.name}"]}


def _compare(lab: Lab, begin: str, order: str, most: int) -> dict[str, Any]:
    from qc.triage.run_comparison import compare_run

    with lab.facts.reading() as con:
        return compare_run(con, begin).as_json()


def _release(lab: Lab, begin: str, order: str, most: int) -> dict[str, Any]:
    from qc.triage.release_checklist import checklist

    return checklist(lab, begin).as_json()


_TWINS = {
    "morning": _morning,
    "triage": _triage,
    "log": _log,
    "rules": _rules,
    "limits": _limits,
    "compare": _compare,
    "release": _release,
}

"""The summary of a night for a person, at a terminal or in a mail."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from qc.cli.output import say
from qc.cli.tables import account_words, things_to_settle
from schemas.counted import counted

if TYPE_CHECKING:
    from qc.ingest.outcome import Ingested
    from qc.nights.night import Night

_MOST_SHOWN = 8
"""Causes and items that a night names; the queue lists all."""


def _accounts_of_night(new: Sequence[Ingested]) -> list[str]:
    """Say of the files of a night what `account_lines` says of each; what is the same of several is said once."""
    files_by_words: dict[str, list[str]] = {}
    for delivery in new:
        for file, words in account_words(delivery):
            files_by_words.setdefault(words, []).append(file)
    more = {words: f" and {len(files) - 1} more" if files[1:] else "" for words, files in files_by_words.items()}
    return [f"{files[0]}{more[words]}: {words}" for words, files in files_by_words.items()]


def judged_lines(night: Night) -> list[str]:
    """Say how many runs were judged, which of them for the first time, and what their rules approved.

    Parameters
    ----------
    night : Night
        What it did.

    Returns
    -------
    list of str
        Two lines at most.
    """
    approved = sum(run.n_auto_approved for run in night.assessed)
    n_in_spite = sum(run.n_in_spite for run in night.assessed)
    came = {run for delivery in night.taken_in for run in delivery.runs}
    n_again = sum(run.run not in came for run in night.assessed)
    again = f"; {n_again} of them again, since what they rest on has changed: no new results" if n_again else ""
    n_evidence = sum(run.n_evidence for run in night.assessed)
    beside = f", {n_evidence} kept as evidence beside others of their samples" if n_evidence else ""
    runs, results = counted(len(night.assessed), "run"), counted(approved, "result")
    lines = [f"assessed  {runs}, {results} approved by rule{beside}{again}"]

    if n_in_spite:
        lines.append(f"          {n_in_spite} of these in spite of a warning: 'qc queue --in-spite' lists them")
    return lines


def _failed(night: Night) -> None:
    say(f"  failed    {counted(len(night.failed), 'file')} in quarantine")
    for delivery in night.failed:
        say(f"            {delivery.file}: {delivery.message}")
        for fault in delivery.faults[:3]:
            say(f"              {fault}")
        if len(delivery.faults) > 3:
            say(f"              and {len(delivery.faults) - 3} more faults, all in its reason.txt")


def night_text(night: Night) -> None:
    """Print the summary of a night.

    Parameters
    ----------
    night : Night
        What it did.
    """
    from qc.decide.queue_causes import by_cause, n_results_of

    new = night.taken_in
    say(f"Night of {night.began_at:%Y-%m-%d %H:%M} UTC, lab '{night.lab}'")
    by = f", handed in by '{night.brought_by}'" if new else ""
    n_rows = sum(delivery.n_rows for delivery in new)
    say(f"  new       {counted(len(new), 'file')}, {counted(n_rows, 'row')}{by}")
    for line in _accounts_of_night(new):
        say(f"            {line}")
    _failed(night)
    _corrections(night)
    for gap in night.gaps:
        say(f"  sheets    {gap}")
    for line in judged_lines(night):
        say(f"  {line}")
    if night.chosen_by_default:
        say(f"  repeats   {night.chosen_by_default}")
    _newly_waiting(night)
    causes = by_cause(night.waiting)
    say(f"  waiting   {things_to_settle(causes.n_items, n_results_of(night.waiting))}{_since(night)}")
    changed = night.changed
    gone = f"{changed.n_no_longer} no longer waiting"
    say(f"  changed   {counted(changed.n_newly, 'item')} newly waiting, {gone}")
    for stopped in night.faults:
        say(f"  FAULT     {stopped}")
    if night.page is not None:
        say(f"  page      {night.page}")


def _since(night: Night) -> str:
    if night.oldest_waiting_h is None:
        return ""
    age = night.oldest_waiting_h
    shown = f"{age / 24:.0f} days" if age >= 48 else f"{age:.0f} hours" if age >= 1 else "less than an hour"
    return f"; the oldest waits for {shown}; to be decided by {' or '.join(night.decided_by)}"


def _corrections(night: Night) -> None:
    for item in night.waiting:
        if item.seen.scope == "correction":
            say(f"  correction {item.shown.item}: {item.findings[0].sentence}")
            say(f"            {item.findings[0].suggestion}")


def _newly_waiting(night: Night) -> None:
    """Name each cause that waits newly, what settles it, and the command that shows it."""
    from qc.decide.queue_causes import by_cause

    found = by_cause([item for item in night.newly if item.seen.scope != "correction"])
    worse = set(night.worse)
    for cause in found.causes[:_MOST_SHOWN]:
        mark = "WORSE" if worse & set(cause.items) else "NEW"
        say(f"  {mark:9} {counted(cause.n_results, 'result')}, {cause.where}: {cause.says}")
        say(f"            {cause.way_on}{' ' if cause.way_on else ''}(qc show {cause.cause})")
    rest = _MOST_SHOWN - len(found.causes[:_MOST_SHOWN])
    for item in found.alone[:rest]:
        mark = "WORSE" if item.shown.item in worse else "NEW"
        say(f"  {mark:9} {item.findings[0].sentence} (qc show {item.shown.item})")
    if found.n_items > _MOST_SHOWN:
        say(f"            and {found.n_items - _MOST_SHOWN} more: 'qc queue' lists all")

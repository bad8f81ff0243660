"""Tables for a person at a terminal; no number is ever clipped."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

from qc.cli.output import say
from schemas.counted import counted

if TYPE_CHECKING:
    from qc.decide.correction_view import CorrectionShown
    from qc.decide.queue_and_show import Shown
    from qc.ingest.outcome import Ingested
    from qc.items.blinded_item import ItemShown
    from qc.release.gate import Gate
    from qc.triage.warned_items import WarnedItem


def aligned(rows: Sequence[Sequence[str]], heads: Sequence[str]) -> None:
    """Print rows below their heads, each column as wide as its widest cell.

    Parameters
    ----------
    rows : sequence of sequence of str
        Cells.
    heads : sequence of str
        Title of each column.
    """
    widths = [max(len(row[column]) for row in [heads, *rows]) for column in range(len(heads))]
    for row in [heads, *rows]:
        say("  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)).rstrip())


def things_to_settle(n_causes: int, n_results: int) -> str:
    """Say how many things a person has to settle, and how much hangs on them.

    Parameters
    ----------
    n_causes : int
        Causes and items that stand alone.
    n_results : int
        Results that wait with them.

    Returns
    -------
    str
        Such as ``1 item, 302 results``.
    """
    parts = [f"{n_causes} item{'' if n_causes == 1 else 's'}"]
    if n_results:
        parts.append(f"{n_results} result{'' if n_results == 1 else 's'}")
    return ", ".join(parts)


def in_spite_table(items: Sequence[WarnedItem]) -> None:
    """Print what was approved by rule in spite of a warning, one line an item.

    Parameters
    ----------
    items : sequence of WarnedItem
        Such items.
    """
    from qc.triage.warned_items import TO_LET_WAIT

    if not items:
        say("Nothing was approved in spite of a warning.")
        return
    rows = [
        (one.shown.item, one.shown.run, one.shown.analyte, one.shown.code, _what(one.shown), ", ".join(one.rules))
        for one in items
    ]
    aligned(rows, ("item", "run", "analyte", "sample", "what", "warned by"))
    say()
    were = counted(len(items), "item was", "items were")
    say(f"{were} approved by rule in spite of a warning. 'qc show ITEM' tells which;")
    say(f"'qc decide reject|repeat ITEM --reason ...' sets one aside. {TO_LET_WAIT}")


def _what(shown: ItemShown) -> str:
    return shown.value or counted(shown.n_results, "result")


def _value_and_file(about: ItemShown) -> None:
    say(f"value: {about.value}" if about.value else f"covers {counted(about.n_results, 'result')}")
    if about.file:
        say(f"file: {about.file}{f', line {about.line}' if about.line else ''}")


def shown_text(shown: Shown) -> None:
    """Print one item with all its findings and decisions.

    Parameters
    ----------
    shown : Shown
        The item.
    """
    about = shown.shown
    where = " · ".join(word for word in (about.run, about.matrix, about.analyte, about.code, about.wells) if word)
    say(f"{about.item}  {where}")
    say(f"state: {shown.state}{f' ({shown.why})' if shown.why else ''}")
    if shown.corrects:
        say(f"a newer version of {shown.corrects}, whose decisions do not count here")
    if shown.correction is None:
        _value_and_file(about)
    else:
        _correction(shown.correction)
    for line in shown.repeats.lines if shown.repeats else ():
        say(line)
    _controls(shown)
    for account in shown.accounts:
        say(f"file: {account.count_words}")
        for words in account.words:
            say(f"  {words}")
    for item, finding in shown.findings:
        of = f"  {item}" if item != about.item else ""
        beside = "" if finding.holds else ", told beside it: holds nothing"
        say(f"\n{finding.verdict.value.upper()}  {finding.rule} (version {finding.version}){of}{beside}")
        say(f"  {finding.sentence}")
        for limit in finding.limits:
            key = f", {limit['holds_for']}" if limit.get("holds_for") else ""
            basis = f"({limit['status']}; {limit['source']})"
            say(f"  limit {limit['name']} = {limit['value']:g} {limit['unit']}{key} {basis}")
        if finding.way_on:
            say(f"  {finding.way_on}")
    _advice(shown)
    for decision in shown.decisions:
        over = f" over {', '.join(decision.over)}" if decision.over else ""
        undone = f" (undone by entry {decision.undone_by})" if decision.undone_by else ""
        decision_words = f"{decision.act.value}{over}{undone} {decision.reason} {decision.note}"
        say(f"\n{decision.at:%Y-%m-%d %H:%M} UTC  {decision.actor}: {decision_words}")


def _advice(shown: Shown) -> None:
    finding = next((finding for _, finding in shown.findings if finding.guidance), None)
    if finding is None or finding.guidance is None:
        return
    say(f"\nWhat to do about {finding.rule}")
    for heading, texts in finding.guidance.sections():
        say(f"  {heading}")
        for text in texts:
            say(f"    {text}")


def _correction(correction: CorrectionShown) -> None:
    by = f" by {correction.delivered_by}" if correction.delivered_by else ""
    say(f"file: {correction.file}, handed in at {correction.delivered_at:%Y-%m-%d %H:%M} UTC{by}")
    say(f"rests on it: {counted(correction.n_results, 'result')}, {counted(correction.n_pairs, 'pair')}")
    for row in correction.rows:
        key = ", ".join(f"{name} {value}" for name, value in row.key.items())
        say(f"\n  {row.table}{f', line {row.line}' if row.line else ''}: {key}")
        if row.before is None or row.after is None:
            say("    would be new" if row.before is None else "    would go")
        columns = row.after if row.after is not None else row.before or {}
        cells = [(name, _cell(row.before, name), _cell(row.after, name)) for name in columns if row.before != row.after]
        for name, old, new in cells:
            say(f"    {name:<24} {old:<24} -> {new}")


def _cell(row: Mapping[str, object] | None, name: str) -> str:
    value = None if row is None else row.get(name)
    return "(empty)" if value in (None, "") else str(value)


def _controls(shown: Shown) -> None:
    rows = []
    for control in shown.controls:
        value, target, sd = (
            "" if number is None else f"{number:.6g}" for number in (control.value, control.target, control.sd)
        )
        z = "" if control.z is None else f"{control.z:.2f}"
        name = " ".join(word for word in (control.material, control.level, control.lot) if word)
        rows.append((control.analyte, name, value, target, sd, control.unit, z, control.basis))
    if rows:
        say()
        aligned(rows, ("control of", "material, level, lot", "value", "target", "SD", "unit", "z", "target is"))
    for event in shown.events:
        about = ", ".join(word for word in (event.analyte, event.instrument, event.lot, event.note) if word)
        words = event.event.replace("_", " ") + (f" ({about})" if about else "")
        say(f"event {event.happened_at:%Y-%m-%d %H:%M}: {words}, recorded by {event.recorded_by}")


def gate_text(looked: Gate) -> None:
    """Print whether the gate is open, and what holds it.

    Parameters
    ----------
    looked : Gate
        The gate.
    """
    say(f"The gate of study '{looked.study}' is {'OPEN' if looked.is_open else 'CLOSED'}.")
    states = [f"{count} {state}" for state, count in sorted(looked.n_by_state.items())]
    say(f"results: {', '.join(states) or 'none'}")
    for reason in looked.reasons:
        say(f"  {reason}")
    for gap in looked.gaps:
        say(f"  Note: {gap}")
    if looked.n_quarantined:
        are = counted(looked.n_quarantined, "delivery is", "deliveries are")
        say(f"  Note: {are} in quarantine; what is there does not hold the gate.")


def account_lines(delivery: Ingested) -> list[str]:
    """Say of each file of a delivery what was flagged or left aside, and which rows of before are not in it.

    Parameters
    ----------
    delivery : Ingested
        What was taken in.

    Returns
    -------
    list of str
        Lines that begin with the name of the file; none where every cell was used.
    """
    return [f"{file}: {words}" for file, words in account_words(delivery)]


def account_words(delivery: Ingested) -> list[tuple[str, str]]:
    """Return the same as pairs of the name of a file and what is said of it.

    Parameters
    ----------
    delivery : Ingested
        What was taken in.

    Returns
    -------
    list of tuple of str
        File, and words.
    """
    notes = [(delivery.file, note) for note in delivery.notes]
    return [*notes, *((account.file, words) for account in delivery.accounts for words in account.words)]

"""The screens as they are heard: one line says one whole thing, with its name before it and its units behind it.

Nothing stands side by side, no sign carries a meaning alone, numbers are rounded as the screens round them, and what
only a program needs, such as a hash, is left to ``--json``.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any  # Any: JSON values of a twin

from tui.drawing.axes import short

ScreenJson = Mapping[str, Any]
_LOG = "log10"  # unit of medians, which are told as numbers


def plain_lines(screen: ScreenJson) -> Iterator[str]:
    """Write a twin line by line.

    Yields
    ------
    str
        Lines such as ``item 3 of 28: R26/iron, reject, ...``; a line that goes on begins with two spaces.
    """
    yield from _SPOKEN[str(screen["screen"])](screen)


def _morning(screen: ScreenJson) -> Iterator[str]:
    yield f"morning: {screen['sentence']}"
    waiting = [f"{n:,} {verdict.replace('_', ' ')}" for verdict, n in screen["n_by_verdict"].items()]
    oldest = f"; the oldest for {screen['oldest']}" if screen["oldest"] else ""
    yield f"waiting: {', '.join(waiting) or 'nothing'}{oldest}"
    yield f"new for you: {_some(screen['n_new'], 'item')}"
    files = f"{_some(screen['n_files'], 'file')}, {_some(screen['n_rows'], 'row')}"
    came = f"{files}; {_some(screen['n_judged'], 'run')} judged"
    at = str(screen["night_at"] or "never")[:16].replace("T", " ")
    yield f"last in: {at} UTC, {came}, {_some(screen['n_auto_approved'], 'result')} approved by rule"
    yield f"approved in spite of a warning: {_some(screen['n_in_spite'], 'item')}"
    yield f"quarantine: {screen['n_quarantined'] or 'empty'}"
    for place, one in _numbered(screen["instruments"]):
        newest = ", ".join(str(verdict).replace("_", " ") for verdict in reversed(one["verdicts"]))
        yield f"instrument {place}: {one['name']}, {_some(one['n_runs'], 'run')}; verdicts, newest first: {newest}"
    for place, one in _numbered(screen["runs"]):
        waits = _some(one["n_waiting"], "item") + " waiting" if one["n_waiting"] else "nothing waits"
        about = " ".join(filter(None, (one["analyte"], one["matrix"])))
        parts = (one["run"], one["verdict"].replace("_", " "), waits, about, _some(one["n_results"], "result"))
        yield f"run {place}: {', '.join(filter(None, parts))}"
    for place, one in _numbered(screen["controls"]):
        known = [z for z in one["z"] if z is not None]
        before = (
            f"; {len(known) - 1} before it from {min(known[:-1]):+.2f} to {max(known[:-1]):+.2f}" if known[1:] else ""
        )
        now = f"{known[-1]:+.2f} SD from its target in run {one['run']}" if known else "not measured"
        yield f"control {place}: {one['analyte']} {one['matrix']} {one['level']}, {now}{before}"


def _triage(screen: ScreenJson) -> Iterator[str]:
    limited = f"; filter '{screen['filter']}'" if screen["filter"] else ""
    yield f"triage: {_some(screen['n_items'], 'item')}, {screen['order']} first{limited}"
    for place, one in _numbered(screen["causes"]):
        hangs = f"{_some(one['n_items'], 'item')}, {_some(one['n_results'], 'result')}"
        about = ", ".join((one["cause"], one["verdict"].replace("_", " "), " and ".join(one["rules"]), hangs))
        yield f"cause {place}: {about}"
        yield from (f"  {words}" for words in (one["says"], one["way_on"]) if words)
    causes = {one["cause"] for one in screen["causes"]}
    for place, one in _numbered(screen["items"], screen["n_items"]):
        about = " ".join(filter(None, (one.get("analyte"), one.get("matrix"))))
        sample = f"sample {one['code']}" if one.get("code") else ""
        wells = f"wells {one['wells']}" if one.get("wells") else ""
        lapsed = "a decision on it has lapsed" if one.get("lapsed") else ""
        rules = " and ".join(one["rules"])
        shared = f"one of cause {one['cause']}" if one.get("cause") in causes else ""
        words = (one["item"], one["verdict"].replace("_", " "), shared, rules, about, one.get("value"), sample, wells)
        yield f"item {place}: {', '.join(filter(None, (*words, 'run ' + one['run'], one['state'], lapsed)))}"
    if screen["items"]:
        first = screen["causes"][0]["cause"] if screen["causes"] else screen["items"][0]["item"]
        yield f"next: 'qc show {first}' tells why, 'qc decide approve|reject|repeat {first}' decides"


def _log(screen: ScreenJson) -> Iterator[str]:
    yield f"log: {_some(len(screen['entries']), 'entry', 'entries')}, newest first"
    for one in screen["entries"]:
        at = str(one["at"])[:16].replace("T", " ")
        words = f": {one['words']}" if one["words"] else ""
        yield f"entry {one['seq']}: {at} UTC, {one['actor']}, {one['kind'].replace('_', ' ')} of {one['about']}{words}"


def _rules(screen: ScreenJson) -> Iterator[str]:
    from tui.text.manual_paragraphs import manual_paragraphs

    yield f"rules: {len(screen['rules'])}"
    for place, rule in _numbered(screen["rules"]):
        yield f"rule {place}: {rule['id']}, version {rule['version']}, judges one {rule['scope']}"
        for heading, texts in manual_paragraphs(rule["manual"]):
            yield from (f"  {heading + ': ' if heading else ''}{text}" for text in texts)
        for profile, limits in rule["limits"].items():
            for limit in limits:
                yield f"  limit of {profile}: {_limit(limit)}"
        if rule["guidance"]:
            yield from _advice(rule["guidance"])


def _advice(card: ScreenJson) -> Iterator[str]:
    yield from (f"  look at {place}: {text}" for place, text in _numbered(card["look"]))
    yield from (f"  then {place}: {text}" for place, text in _numbered(card["act"]))
    yield f"  write down: {card['record']}"


def _limits(screen: ScreenJson) -> Iterator[str]:
    yield f"limits: {len(screen['limits']):,}"
    for place, one in _numbered(screen["limits"]):
        yield f"limit {place}: {one['where']}, {_limit(one)}"


def _limit(limit: ScreenJson) -> str:
    value = f"{limit['value']:g}" if isinstance(limit["value"], float) else str(limit["value"])
    unit = f" {limit['unit']}" if limit["unit"] not in ("", "1") else ""
    return f"{str(limit['name']).replace('_', ' ')} {value}{unit}, {limit['status']}, source: {limit['source']}"


def _compare(screen: ScreenJson) -> Iterator[str]:
    yield f"compare: run {screen['run']} with {_some(screen['n_before'], 'run')} before it"
    for place, one in _numbered(screen["lines"]):
        is_log = one["unit"] == _LOG
        unit = one["of_unit"] if is_log else "percent" if one["unit"] == "percent" else one["unit"]
        value, mean = (short(10**part if is_log and part is not None else part) for part in (one["value"], one["mean"]))
        far = f", {one['z']:+.2f} SD from them" if one["z"] is not None else ", too few or too alike for a distance"
        before = f"; mean before {mean} {unit}{far}" if one["mean"] is not None else "; no run before"
        yield f"number {place}: {one['analyte']} {one['matrix']}, {one['name']} {value} {unit}{before}"


def _release(screen: ScreenJson) -> Iterator[str]:
    yield f"release: study {screen['study']}, the gate is {'open' if screen['open'] else 'closed'}"
    for place, one in _numbered(screen["points"]):
        state = "yes" if one["holds"] else "no, and it is needed" if one["is_needed"] else "no, but it is not needed"
        hint = f"; {one['hint']}" if one["hint"] else ""
        yield f"point {place}: {one['title']}? {state}: {one['words']}{hint}"
    for one in screen["releases"]:
        yield f"release {one['release']}: {'; '.join(one['signatures']) or 'not signed'}"


def _numbered(rows: Sequence[ScreenJson], n_in_all: int = 0) -> Iterator[tuple[str, ScreenJson]]:
    n = max(n_in_all, len(rows))
    return ((f"{at:,} of {n:,}", row) for at, row in enumerate(rows, start=1))


def _some(n: int, one: str, many: str = "") -> str:
    return f"{n:,} {one if n == 1 else many or one + 's'}"


def _corrections(screen: ScreenJson) -> Iterator[str]:
    yield f"corrections: {_some(screen['n_waiting'], 'correction')} waiting"
    for place, one in _numbered(screen["corrections"]):
        yield f"correction {place}: {one['item']}, {one['sentence']}"
        for row in one["rows"]:
            old, new = row["before"] or {}, row["after"] or {}
            key = ", ".join(f"{name} {value}" for name, value in row["key"].items())
            changes = [f"{name} from {_said(old.get(name))} to {_said(new.get(name))}" for name in {**old, **new}]
            yield f"  {row['table']}, {key}: {', '.join(changes)}"


def _said(value: object) -> str:
    return "nothing" if value in (None, "") else str(value)


def _warnings(screen: ScreenJson) -> Iterator[str]:
    yield f"warnings: {_some(screen['n_approved'], 'item')} approved by rule in spite of a warning"
    for place, one in _numbered(screen["approved"]):
        value = one["value"] or _some(one["n_results"], "result")
        sample = f"sample {one['code']}" if one["code"] else ""
        parts = (one["item"], one["analyte"], value, sample, f"run {one['run']}")
        yield f"item {place}: {', '.join(filter(None, parts))}"
        for finding in one["findings"]:
            yield f"  {finding['rule']}: {finding['sentence']}"


_SPOKEN: Mapping[str, Callable[[ScreenJson], Iterator[str]]] = {
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

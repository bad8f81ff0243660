"""The screens as they are heard: one line says one whole thing, with its name before it and its units behind it.

Nothing stands side by side, no sign carries a meaning alone, numbers are rounded as the screens round them, and what
only a program needs, such as a hash, is left to ``--json``.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any  # Any: JSON values of a twin

from tui.drawing.axes import short

Told = Mapping[str, Any]
_LOG = "log10"  # unit of medians, which are told as numbers


def plain_lines(told: Told) -> Iterator[str]:
    """Write a twin line by line.

    Yields
    ------
    str
        Lines such as ``item 3 of 28: R26/iron, reject, ...``; a line that goes on begins with two spaces.
    """
    yield from _SPOKEN[str(told["screen"])](told)


def _morning(told: Told) -> Iterator[str]:
    yield f"morning: {told['sentence']}"
    waiting = [f"{n:,} {verdict.replace('_', ' ')}" for verdict, n in told["n_by_verdict"].items()]
    oldest = f"; the oldest for {told['oldest']}" if told["oldest"] else ""
    yield f"waiting: {', '.join(waiting) or 'nothing'}{oldest}"
    yield f"new for you: {_some(told['n_new'], 'item')}"
    came = f"{_some(told['n_files'], 'file')}, {_some(told['n_rows'], 'row')}; {_some(told['n_judged'], 'run')} judged"
    at = str(told["night_at"] or "never")[:16].replace("T", " ")
    yield f"last in: {at} UTC, {came}, {_some(told['n_auto_approved'], 'result')} approved by rule"
    yield f"quarantine: {told['n_quarantined'] or 'empty'}"
    for place, one in _numbered(told["instruments"]):
        newest = ", ".join(str(verdict).replace("_", " ") for verdict in reversed(one["verdicts"]))
        yield f"instrument {place}: {one['name']}, {_some(one['n_runs'], 'run')}; verdicts, newest first: {newest}"
    for place, one in _numbered(told["runs"]):
        waits = _some(one["n_waiting"], "item") + " waiting" if one["n_waiting"] else "nothing waits"
        about = " ".join(filter(None, (one["analyte"], one["matrix"])))
        parts = (one["run"], one["verdict"].replace("_", " "), waits, about, _some(one["n_results"], "result"))
        yield f"run {place}: {', '.join(filter(None, parts))}"
    for place, one in _numbered(told["controls"]):
        known = [z for z in one["z"] if z is not None]
        before = (
            f"; {len(known) - 1} before it from {min(known[:-1]):+.2f} to {max(known[:-1]):+.2f}" if known[1:] else ""
        )
        now = f"{known[-1]:+.2f} SD from its target in run {one['run']}" if known else "not measured"
        yield f"control {place}: {one['analyte']} {one['matrix']} {one['level']}, {now}{before}"


def _triage(told: Told) -> Iterator[str]:
    limited = f"; filter '{told['filter']}'" if told["filter"] else ""
    yield f"triage: {_some(told['n_items'], 'item')}, {told['order']} first{limited}"
    for place, one in _numbered(told["items"], told["n_items"]):
        about = " ".join(filter(None, (one.get("analyte"), one.get("matrix"))))
        sample = f"sample {one['code']}" if one.get("code") else ""
        wells = f"wells {one['wells']}" if one.get("wells") else ""
        lapsed = "a decision on it has lapsed" if one.get("lapsed") else ""
        rules = " and ".join(one["rules"])
        parts = (one["item"], one["verdict"].replace("_", " "), rules, about, one.get("value"), sample, wells)
        yield f"item {place}: {', '.join(filter(None, (*parts, 'run ' + one['run'], one['state'], lapsed)))}"
    if told["items"]:
        first = told["items"][0]["item"]
        yield f"next: 'qc show {first}' tells why, 'qc decide approve|reject|repeat {first}' decides"


def _log(told: Told) -> Iterator[str]:
    yield f"log: {_some(len(told['entries']), 'entry', 'entries')}, newest first"
    for one in told["entries"]:
        at = str(one["at"])[:16].replace("T", " ")
        words = f": {one['words']}" if one["words"] else ""
        yield f"entry {one['seq']}: {at} UTC, {one['actor']}, {one['kind'].replace('_', ' ')} of {one['about']}{words}"


def _rules(told: Told) -> Iterator[str]:
    from tui.text.manual_paragraphs import manual_paragraphs

    yield f"rules: {len(told['rules'])}"
    for place, rule in _numbered(told["rules"]):
        yield f"rule {place}: {rule['id']}, version {rule['version']}, judges one {rule['scope']}"
        for heading, texts in manual_paragraphs(rule["manual"]):
            yield from (f"  {heading + ': ' if heading else ''}{text}" for text in texts)
        for profile, limits in rule["limits"].items():
            for limit in limits:
                yield f"  limit of {profile}: {_limit(limit)}"


def _limits(told: Told) -> Iterator[str]:
    yield f"limits: {len(told['limits']):,}"
    for place, one in _numbered(told["limits"]):
        yield f"limit {place}: {one['where']}, {_limit(one)}"


def _limit(limit: Told) -> str:
    value = f"{limit['value']:g}" if isinstance(limit["value"], float) else str(limit["value"])
    unit = f" {limit['unit']}" if limit["unit"] not in ("", "1") else ""
    return f"{str(limit['name']).replace('_', ' ')} {value}{unit}, {limit['status']}, source: {limit['source']}"


def _compare(told: Told) -> Iterator[str]:
    yield f"compare: run {told['run']} with {_some(told['n_before'], 'run')} before it"
    for place, one in _numbered(told["lines"]):
        is_log = one["unit"] == _LOG
        unit = one["of_unit"] if is_log else "percent" if one["unit"] == "percent" else one["unit"]
        value, mean = (short(10**part if is_log and part is not None else part) for part in (one["value"], one["mean"]))
        far = f", {one['z']:+.2f} SD from them" if one["z"] is not None else ", too few or too alike for a distance"
        before = f"; mean before {mean} {unit}{far}" if one["mean"] is not None else "; no run before"
        yield f"number {place}: {one['analyte']} {one['matrix']}, {one['name']} {value} {unit}{before}"


def _release(told: Told) -> Iterator[str]:
    yield f"release: study {told['study']}, the gate is {'open' if told['open'] else 'closed'}"
    for place, one in _numbered(told["points"]):
        state = "yes" if one["holds"] else "no, and it is needed" if one["is_needed"] else "no, but it is not needed"
        hint = f"; {one['hint']}" if one["hint"] else ""
        yield f"point {place}: {one['title']}? {state}: {one['words']}{hint}"
    for one in told["releases"]:
        yield f"release {one['release']}: {'; '.join(one['signatures']) or 'not signed'}"


def _numbered(rows: Sequence[Told], n_in_all: int = 0) -> Iterator[tuple[str, Told]]:
    n = max(n_in_all, len(rows))
    return ((f"{at:,} of {n:,}", row) for at, row in enumerate(rows, start=1))


def _some(n: int, one: str, many: str = "") -> str:
    return f"{n:,} {one if n == 1 else many or one + 's'}"


_SPOKEN: Mapping[str, Callable[[Told], Iterator[str]]] = {
    "morning": _morning,
    "triage": _triage,
    "log": _log,
    "rules": _rules,
    "limits": _limits,
    "compare": _compare,
    "release": _release,
}

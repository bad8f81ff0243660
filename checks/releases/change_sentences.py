"""What differs between two releases, in sentences."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable

from checks.releases.changes import ColumnChange, ReleaseDiff


def diff_sentences(diff: ReleaseDiff) -> list[str]:
    """Return what differs, the gravest first: what results mean, what they say, who decided, what they rest on.

    Parameters
    ----------
    diff : ReleaseDiff
        What has changed between two releases.
    """
    sentences = [
        *_samples(diff),
        *_corrections(diff),
        *_results(diff),
        *_decisions(diff),
        *([f"The plan in force is another: {_pairs(diff.plan)}."] if diff.plan else []),
        *([f"{_some(len(diff.files), 'file')} came in."] if diff.files else []),
        *([f"Rules or program are others: {_pairs(diff.rules)}."] if diff.rules else []),
    ]
    return sentences or [f"'{diff.second}' says what '{diff.first}' says."]


def _samples(diff: ReleaseDiff) -> list[str]:
    if not diff.samples:
        return []
    columns = Counter(column.column for sample in diff.samples for column in sample.columns)
    what = ", ".join(f"{n} another {column}" for column, n in columns.items())
    return [f"{_some(len(diff.samples), 'sample')} changed their meaning: {what}."]


def _corrections(diff: ReleaseDiff) -> list[str]:
    words = {"approve": "accepted", "reject": "refused"}
    return [
        f"'{one.actor}' {words.get(one.act, one.act)} '{one.item}' ({one.file}, {_some(one.n_rows, 'row')}; "
        f"{_some(one.n_results, 'result')} and {_some(one.n_pairs, 'pair')} rested on it). Reason: {one.reason}."
        for one in diff.corrections
    ]


def _results(diff: ReleaseDiff) -> list[str]:
    counts = ((diff.n_added, "new"), (diff.n_gone, "gone"), (diff.n_changed, "otherwise"))
    parts = [f"{n} {word}" for n, word in counts if n]
    if not parts:
        return []
    columns = Counter(column.column for one in diff.results if one.change == "changed" for column in one.columns)
    which = f" ({', '.join(f'{column} {n}' for column, n in columns.items())})" if columns else ""
    return [f"Results: {', '.join(parts)}{which}."]


def _decisions(diff: ReleaseDiff) -> list[str]:
    if not diff.decisions:
        return []
    acts = Counter(one.act for one in diff.decisions)
    said = ", ".join(f"{act} {n}" for act, n in sorted(acts.items()))
    return [f"{_some(len(diff.decisions), 'decision')} in between: {said}."]


def _pairs(columns: Iterable[ColumnChange]) -> str:
    return "; ".join(f"{one.column} {_short(one.before)} -> {_short(one.after)}" for one in columns)


def _short(value: object) -> str:
    text = "none" if value is None else str(value)
    return f"{text[:12]}..." if len(text) == 64 else text


def _some(n: int, one: str) -> str:
    return f"{n} {one if n == 1 else one + 's'}"

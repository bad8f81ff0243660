"""What has changed since a run was judged, in sentences."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from qc.assess.changes.kinds import Kind
from qc.items.states import APPROVED, REJECTED, REPEAT

_SHOWN = 3
"""Things that a sentence names."""
_WORDS = {REJECTED: "was rejected", REPEAT: "is to be repeated", APPROVED: "was approved"}
_JUDGED_BESIDE = "It was judged beside results of which {}."
_JUDGED_BY = "Its controls are judged by runs of which {}."
_DECIDED = {
    Kind.DECIDED_CONTROLS: _JUDGED_BY,
    Kind.SET_ASIDE: _JUDGED_BESIDE,
    Kind.REJECTED_SAMPLE: _JUDGED_BESIDE,
}
_SENTENCES = {
    Kind.NEW: "It was never judged.",
    Kind.UNRECORDED: "What it was judged by is not on record.",
    Kind.ASKED: "Every run is to be judged again.",
    Kind.RULES: "Limits, profiles, suites or rules have changed.",
    Kind.SAMPLES: "The sheets say something else of its samples or their subjects.",
    Kind.CONTROL_SHEET: "The control sheet says something else of its controls.",
    Kind.EVENTS: "Other events are recorded before its start.",
    Kind.BRIDGINGS: "Other bridging records are accepted.",
    Kind.WELLS: "Other wells of it are rejected.",
    Kind.CONTROLS: "Controls of {} that were measured before it came, went or changed.",
    Kind.SHORT_LOTS: "Controls of {} in other runs, which its lots rest on, came, went or changed.",
    Kind.FAILED_CONTROLS: "Controls of {} that were measured before it are rejected for other reasons.",
    Kind.SUMMARIES: "Medians of {} before it came, went or changed.",
    Kind.RESULTS: "Results of its subjects in other runs came, went or changed.",
    Kind.MEASURED_SAMPLES: "Its study has measured other samples of {}.",
    Kind.COPIED_PLATES: "Its signals were compared with those of other plates.",
}


def sentences(
    causes: Iterable[tuple[Kind, str]], before: Mapping[str, str], decided_states: Mapping[str, str]
) -> list[str]:
    """Return because of what a run must be judged again, what people have decided first.

    Parameters
    ----------
    causes : iterable of (Kind, str)
        What has changed since it was judged, with the keys.
    before : mapping of str to str
        What people had decided when nothing was stale, by item.
    """
    keys: dict[Kind, list[str]] = {}
    for kind, key in causes:
        keys.setdefault(kind, []).append(key)
    on_decisions = [
        words.format(_decided(keys[kind], before, decided_states)) for kind, words in _DECIDED.items() if kind in keys
    ]
    return on_decisions + [words.format(_analytes(keys[kind])) for kind, words in _SENTENCES.items() if kind in keys]


def _decided(items: list[str], before: Mapping[str, str], decided_states: Mapping[str, str]) -> str:
    changes = [f"{item} {_said(before.get(item, ''), decided_states.get(item, ''))} since" for item in items[:_SHOWN]]
    more = len(items) - len(changes)
    return ", ".join(changes) + (f" and {more} more were decided on" if more else "")


def _said(then: str, now: str) -> str:
    if now:
        return _WORDS[now]
    return f"no longer counts as {then.replace('_', ' ')}" if then else "was decided on"


def _analytes(keys: list[str]) -> str:
    # Keys end in analyte and matrix, but for summaries, whose last part is the method.
    named = sorted({" in ".join(part for part in key.split("/")[1:3] if part) for key in keys if "/" in key})
    more = len(named) - _SHOWN
    return ", ".join(named[:_SHOWN]) + (f" and {more} more" if more > 0 else "")

"""From the terms of a filter to the WHERE of one query: our own text, with everything typed as a parameter."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from schemas.queue_filter import Filter, Term, choices

_EVERYWHERE = ("h.rules", "h.analyte", "h.run", "r.matrix", "r.instrument", "h.study")
_PARTS = {
    "rule": "h.rules",
    "analyte": "h.analyte",
    "matrix": "r.matrix",
    "run": "h.run",
    "study": "h.study",
    "instrument": "r.instrument",
}
_OF_ITEMS = ("item", "sample", "mine", "lapsed")
_ITEM_WORD = re.compile(r"[./]")
_RUN_OF_ITEM = re.compile(r"R(\d{1,18})(?!\d)", re.ASCII)
_EXACT = {"verdict": "h.verdict", "scope": "h.scope"}


@dataclass(frozen=True, slots=True, kw_only=True)
class LedgerStates:
    """What the ledger says, as far as a filter asks for it."""

    states: Mapping[str, str] = field(default_factory=dict)
    """State by item, of held items on which a decision counts: approved, rejected or repeat_requested."""
    lapsed: frozenset[str] = frozenset()
    """Held items with a decision that counts no more."""
    mine: frozenset[str] = frozenset()
    """Items on which the reader has decided or commented."""
    last_visit: datetime | None = None
    """When the reader was here before, in UTC; None if never."""
    now: datetime
    """Moment of the question, in UTC."""
    samples: Mapping[str, tuple[str, str]] = field(default_factory=dict)
    """Study and sample by its pseudonym, for the codes that a filter names."""


@dataclass(frozen=True, slots=True)
class Condition:
    """A WHERE and its parameters."""

    sql: str
    """Text with ``?``."""
    values: tuple[object, ...]
    """Parameters in their order."""


def condition_of(wanted: Filter, ledger_states: LedgerStates) -> Condition:
    """Compile a filter.

    Returns
    -------
    Condition
        Over ``open_items h JOIN runs r JOIN assessments a``.
    """
    parts = [_state_condition(wanted, ledger_states)]
    parts += [_of_term(term, ledger_states) for term in wanted.terms if term.key != "state"]
    return _joined(parts, " AND ")


def counted_by_groups(wanted: Filter, ledger_states: LedgerStates) -> Condition | None:
    """Compile all of a filter but the state of its items, if the counts of runs can answer it.

    Returns
    -------
    Condition or None
        Over ``open_groups h JOIN runs r JOIN assessments a``; None where a term looks at single items.
    """
    terms = [term for term in wanted.terms if term.key != "state"]
    if any(term.key in _OF_ITEMS or (not term.key and _ITEM_WORD.search(term.values[0])) for term in terms):
        return None
    return _joined([Condition("TRUE", ()), *(_of_term(term, ledger_states) for term in terms)], " AND ")


def excepted_items_of(wanted: Filter, ledger_states: LedgerStates) -> tuple[str, ...] | None:
    """Return the items that a filter leaves out for where they stand.

    Returns
    -------
    tuple of str or None
        Items; None if it leaves out all that nobody has decided on.
    """
    states = choices("state", wanted.values_of("state") or ("waiting",))
    if "any" in states:
        return ()
    if "waiting" not in states:
        return None
    words = [word for word in states if word != "waiting"]
    return tuple(
        item for item, state in ledger_states.states.items() if not any(state.startswith(word) for word in words)
    )


def named_items(items: Iterable[str]) -> Condition:
    """Return the condition that an item is one of some.

    Returns
    -------
    Condition
        Over ``open_items h``; it names their runs too, so that no other run is read.
    """
    names = list(items)
    run_ids = sorted({int(found[1]) for name in names if (found := _RUN_OF_ITEM.match(name))})
    if not run_ids:
        return Condition("FALSE", ())
    sql = (
        "(h.run_id BETWEEN ? AND ? AND h.run_id IN (SELECT unnest(?::BIGINT[]))"
        " AND h.item IN (SELECT unnest(?::VARCHAR[])))"
    )
    return Condition(sql, (run_ids[0], run_ids[-1], run_ids, names))


def _state_condition(wanted: Filter, ledger_states: LedgerStates) -> Condition:
    excepted_items = excepted_items_of(wanted, ledger_states)
    if excepted_items is None:
        states = choices("state", wanted.values_of("state"))
        return named_items(
            item for item, state in ledger_states.states.items() if any(state.startswith(word) for word in states)
        )
    return _not(named_items(excepted_items)) if excepted_items else Condition("TRUE", ())


def _of_term(term: Term, ledger_states: LedgerStates) -> Condition:
    condition = _positive(term, ledger_states)
    return _not(condition) if term.is_not else condition


def _positive(term: Term, ledger_states: LedgerStates) -> Condition:
    if term.key == "":
        word = term.values[0]
        # A word without a dot or a stroke means a run or an analyte, digits too ('.103' means results): no item need
        # be looked at then.
        own = "h.item" if _ITEM_WORD.search(word) else "'r' || h.run_id::VARCHAR"
        return _joined([_contains(column, word) for column in (own, *_EVERYWHERE)], " OR ")
    if term.key in _PARTS:
        return _joined([_contains(_PARTS[term.key], value) for value in term.values], " OR ")
    if term.key in _EXACT:
        return _in(_EXACT[term.key], choices(term.key, term.values))
    if term.key == "cause":
        return _in("h.cause", [value.upper() for value in term.values])
    if term.key == "item":
        return named_items(term.values)
    if term.key == "sample":
        return _joined([_sample(ledger_states, code) for code in term.values], " OR ")
    return _by_ledger(term, ledger_states)


def _by_ledger(term: Term, ledger_states: LedgerStates) -> Condition:
    if term.key == "days":
        since = ledger_states.now - timedelta(days=max(float(value) for value in term.values))
        return Condition("a.assessed_at <= ?", (since.replace(tzinfo=None),))
    if term.key == "new":
        if ledger_states.last_visit is None:
            return Condition("TRUE", ())
        return Condition("a.assessed_at > ?", (ledger_states.last_visit.replace(tzinfo=None),))
    return named_items(ledger_states.mine if term.key == "mine" else ledger_states.lapsed)


def _sample(ledger_states: LedgerStates, code: str) -> Condition:
    study, sample = ledger_states.samples.get(code.upper(), ("", ""))
    if not sample:
        return Condition("FALSE", ())
    sql = (
        "h.result_id IN (SELECT v.result_id FROM results v JOIN run_states t USING (run_id, assessment_id)"
        " WHERE v.study = ? AND v.sample = ?)"
    )
    return Condition(sql, (study, sample))


def _contains(column: str, value: str) -> Condition:
    return Condition(f"contains(lower({column}), ?)", (value,))


def _in(column: str, values: Iterable[str]) -> Condition:
    return Condition(f"{column} IN (SELECT unnest(?::VARCHAR[]))", (list(values),))


def _not(condition: Condition) -> Condition:
    return Condition(f"NOT ({condition.sql})", condition.values)


def _joined(parts: list[Condition], word: str) -> Condition:
    sql = word.join(f"({part.sql})" for part in parts)
    return Condition(sql, tuple(value for part in parts for value in part.values))

"""Whether the answer of a trial is clean: what its exit code tells a script."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

CLEAN = frozenset({"pass", "pass_within_limit", "warn"})
"""Verdicts of an answer of which nothing is rejected, and nothing is left open."""


def is_clean(answer: Mapping[str, Any]) -> bool:
    """Tell whether nothing of an answer is rejected or left open.

    Parameters
    ----------
    answer : mapping of str to JSON value
        Answer of a trial; Any: JSON values.

    Returns
    -------
    bool
        False if its own verdict, or where it has none one of those that stand in it, is ``reject``, ``not_evaluable``
        or ``broken``; True without any.
    """
    return all(verdict in CLEAN for verdict in _verdicts(answer))


def _verdicts(value: Any) -> Iterator[str]:  # Any: what JSON can hold
    if isinstance(value, Mapping):
        own = value.get("verdict")
        if isinstance(own, str):
            yield own
            return
        for inner in value.values():
            yield from _verdicts(inner)
    elif isinstance(value, list):
        for inner in value:
            yield from _verdicts(inner)

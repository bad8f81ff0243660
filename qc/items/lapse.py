"""When a decision lapses: only if what its maker saw has changed, and not because a neighbour moved."""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from qc.items.decisions import Act
from schemas.finding import Scope, Verdict

if TYPE_CHECKING:
    from qc.items.decisions import Decision
    from qc.items.judged_content import Judged
    from qc.store.connection import Connection

_OWN = ("calibration", "plate", "preanalytic", "range", "replicates")
"""Rooms of rules that judge a result by its own wells, sample and limits: their number is the result's own."""
_CONTROLS = ("controls", "westgard")
"""Rooms of rules that judge a run by its controls: a run that is rejected for them was rejected for its own sake."""
_DECIMALS = 2
"""Decimals within which two numbers of a statistic are told in the same words."""
_SAID = """
    SELECT assessment_id, item, rule, version, verdict, scope, key, observed, limits FROM findings
    WHERE assessment_id IN (SELECT unnest($ids)) AND item IN (SELECT unnest($items))
        AND assessment_id BETWEEN $first AND $last
    ORDER BY assessment_id, ordinal
"""


@dataclass(frozen=True, slots=True)
class SaidOfItem:
    """One finding as whoever decided was shown it."""

    rule: str
    """Id of the rule."""
    version: int
    """Version of the rule."""
    verdict: Verdict
    """What it said."""
    scope: Scope
    """What it spoke about."""
    key: str
    """Which one, as JSON."""
    observed: float | None
    """Number that was judged; None if there was none."""
    limits: tuple[float, ...] = ()
    """Limits that it was judged by."""

    @property
    def is_own(self) -> bool:
        """Whether it speaks of the item's own measurement, and neither of others' results nor of a share."""
        room = self.rule.partition(".")[0]
        return room in _OWN if self.scope is Scope.RESULT else room in (*_OWN, *_CONTROLS)


def items_that_stand(
    con: Connection, decisions: Mapping[str, Decision], judged: Mapping[str, Judged]
) -> frozenset[str]:
    """Return the items whose decision stands although not every word is what it was.

    Parameters
    ----------
    decisions : mapping of str to Decision
        Decision that counts, by item.
    judged : mapping of str to Judged
        What the items show now.

    Returns
    -------
    frozenset of str
        Only items whose words have changed; where nothing has changed nothing is looked up.
    """
    moved = {
        item: (decision.assessment_id, judged[item].assessment_id)
        for item, decision in decisions.items()
        if item in judged
        and judged[item].sha256 != decision.judged_sha256
        and judged[item].values_sha256 == decision.values_sha256
    }
    if not moved:
        return frozenset()
    said = _said(con, moved)
    return frozenset(
        item
        for item, (then, now) in moved.items()
        if still_stands(decisions[item].act, said[then, item], said[now, item])
    )


def _said(con: Connection, moved: Mapping[str, tuple[int, int]]) -> dict[tuple[int, str], list[SaidOfItem]]:
    ids = sorted({one for pair in moved.values() for one in pair})
    values = {"ids": ids, "items": list(moved), "first": ids[0], "last": ids[-1]}
    said: dict[tuple[int, str], list[SaidOfItem]] = defaultdict(list)
    for assessment_id, item, rule, version, verdict, scope, key, observed, limits in con.execute(
        _SAID, values
    ).fetchall():
        numbers = tuple(float(limit["value"]) for limit in json.loads(limits))
        one = SaidOfItem(rule, version, Verdict(verdict), Scope(scope), key, observed, numbers)
        said[assessment_id, item].append(one)
    return said


def still_stands(act: Act, then: Sequence[SaidOfItem], now: Sequence[SaidOfItem]) -> bool:
    """Tell whether a decision stands on what is said now of an item whose values are the same.

    Parameters
    ----------
    act : Act
        What was decided.
    then : sequence of SaidOfItem
        What its maker was shown.

    Returns
    -------
    bool
        True of an approval if nothing is said now that was not said then, or is worse; of a rejection if something of
        what it rested on is said still, or it rested on nothing that is the item's own.
    """
    if act is Act.APPROVE:
        return all(any(_covers(old, new) for old in then) for new in now)
    own = [one for one in then if one.is_own]
    gravest = max((one.verdict.severity for one in own), default=0)
    grounds = [one for one in own if one.verdict.severity == gravest]
    return not grounds or any(_is_same(old, new) for old in grounds for new in now)


def _is_same(old: SaidOfItem, new: SaidOfItem) -> bool:
    return (old.rule, old.key) == (new.rule, new.key)


def _covers(old: SaidOfItem, new: SaidOfItem) -> bool:
    if not _is_same(old, new) or old.version != new.version or new.verdict.severity > old.verdict.severity:
        return False
    if old.observed is None or new.observed is None:
        return old.observed is new.observed
    if old.scope is Scope.RESULT and old.is_own:
        return old.observed == new.observed
    return _is_no_worse(old.observed, new.observed, new.limits)


def _is_no_worse(old: float, new: float, limits: Iterable[float]) -> bool:
    """Tell whether a number of a statistic lies as near to every limit as it did, to the decimals that are told."""
    if round(old, _DECIMALS) == round(new, _DECIMALS):
        return True
    # Without a limit it is a count of others, of which more is worse.
    return all(
        (old >= limit) == (new >= limit) and abs(new - limit) <= abs(old - limit) for limit in tuple(limits) or (0.0,)
    )

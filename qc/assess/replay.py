"""Replay: judge history by changed rules before they are adopted, and show whose verdict would change.

Nothing is stored. What was rejected or decided by people is judged like everything else.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Literal

from qc.assess.assess import rejudged
from qc.assess.prepare.rule_set import load_rule_set
from qc.items.names import Item
from schemas.errors import ConfigError
from schemas.finding import Scope, VerdictText
from schemas.json_model import JsonFacet, JsonModel

if TYPE_CHECKING:
    from qc.assess.judge.judged_run import JudgedRun
    from qc.lab.folder import LabFolder
    from qc.store.connection import Connection

_RUNS = """
    SELECT s.run_id, s.verdict, s.state FROM run_states s WHERE NOT s.is_superseded
"""
_RESULTS = "SELECT run_id, result_id, verdict, state FROM latest_results"
_FINDINGS = """
    SELECT f.item, f.rule FROM findings f JOIN run_states s USING (run_id, assessment_id) WHERE NOT s.is_superseded
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Change(JsonModel):
    """One run or result whose verdict or state would change."""

    item: str
    """Name of the item: ``R12`` or ``R12.5``."""
    scope: Annotated[str, JsonFacet("enum", ("run", "result"))]
    """``run`` or ``result``."""
    run: str
    """Name of the run."""
    analyte: str
    """Analyte; empty for a run."""
    verdict: VerdictText
    """Verdict that is stored."""
    new_verdict: VerdictText
    """Verdict by the changed rules."""
    state: str
    """State that is stored: ``auto_approved`` or ``waiting``."""
    new_state: str
    """State by the changed rules."""
    rules_gone: tuple[str, ...]
    """Rules that would say nothing of it any more."""
    rules_new: tuple[str, ...]
    """Rules that said nothing of it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Replay(JsonModel):
    """What changed rules would do to everything that was judged."""

    json_keys = "n_runs n_results n_changed result_moves rule_set_sha256 stored changes"

    n_runs: int
    """Runs that were judged again."""
    n_results: int
    """Results that were judged again."""
    rule_set_sha256: str
    """Hash that names the changed rule set."""
    changes: tuple[Change, ...]
    """Runs and results whose verdict or state would change, in the order of the runs."""

    @property
    def n_changed(self) -> int:
        """Return the number of changes."""
        return len(self.changes)

    @property
    def result_moves(self) -> dict[str, int]:
        """Return how many results would go from one verdict to another: ``warn -> pass``."""
        moves = Counter(f"{one.verdict} -> {one.new_verdict}" for one in self.changes if one.scope == "result")
        return dict(sorted(moves.items()))

    @property
    def stored(self) -> Literal[False]:
        """Return that nothing was stored."""
        return False


@dataclass(frozen=True, slots=True)
class _Stored:
    runs: Mapping[int, tuple[str, str]]
    results: Mapping[int, tuple[str, str]]
    rules: Mapping[str, frozenset[str]]


def replay(lab: LabFolder, rules: Path) -> Replay:
    """Judge every run by changed rules and compare with what is stored.

    Parameters
    ----------
    rules : Path
        Folder with ``catalogue/*.toml`` and ``profiles/*.toml`` that lie over the lab's own.

    Returns
    -------
    Replay
        What would change. Runs that were never assessed are left out.

    Raises
    ------
    ConfigError
        If the folder holds neither, or one of its files is faulty.
    """
    if not any(rules.glob("catalogue/*.toml")) and not any(rules.glob("profiles/*.toml")):
        text = f"'{rules}' holds neither 'catalogue/*.toml' nor 'profiles/*.toml': nothing would be replayed."
        raise ConfigError(text)
    rule_set = load_rule_set(lab, over=rules)
    with lab.facts.reading() as con:
        stored = _stored(con)
    n_runs = n_results = 0
    changes: list[Change] = []
    for judged in rejudged(lab, rule_set):
        if judged.loaded.run_id in stored.runs:
            n_runs += 1
            n_results += judged.results.height
            changes += _changes(judged, stored)
    return Replay(n_runs=n_runs, n_results=n_results, rule_set_sha256=rule_set.sha256, changes=tuple(changes))


def _stored(con: Connection) -> _Stored:
    runs = {row[0]: (row[1], row[2]) for row in con.execute(_RUNS).fetchall()}
    results = {row[1]: (row[2], row[3]) for row in con.execute(_RESULTS).fetchall()}
    rules: dict[str, set[str]] = {}
    for item, rule in con.execute(_FINDINGS).fetchall():
        rules.setdefault(item, set()).add(rule)
    return _Stored(runs, results, {item: frozenset(own) for item, own in rules.items()})


def _changes(judged: JudgedRun, stored: _Stored) -> Iterable[Change]:
    run_id = judged.loaded.run_id
    said: dict[str, set[str]] = {}
    about_run: set[str] = set()
    for finding in judged.findings:
        if finding.scope is Scope.RESULT:
            said.setdefault(str(Item(run_id, ordinal=int(finding.key["result"]))), set()).add(finding.rule)
        else:
            about_run.add(finding.rule)
    known = frozenset().union(*(own for item, own in stored.rules.items() if _is_about_run(item, run_id)))
    verdict_and_state = (judged.verdict.value, "waiting" if judged.held_items else "auto_approved")
    found = [_change(judged, Item(run_id), "", (stored.runs[run_id], verdict_and_state), (known, about_run))]
    analytes = dict(judged.results.select("ordinal", "analyte").iter_rows())
    for ordinal, verdict, state in judged.result_states().select("ordinal", "verdict", "state").iter_rows():
        item = Item(run_id, ordinal=ordinal)
        before = stored.results.get(item.result_id or 0, ("", ""))
        rules = (stored.rules.get(str(item), frozenset()), said.get(str(item), set()))
        found.append(_change(judged, item, analytes[ordinal], (before, (verdict, state)), rules))
    return [one for one in found if one is not None]


def _is_about_run(item: str, run_id: int) -> bool:
    return item == f"R{run_id}" or item.startswith(f"R{run_id}/")


def _change(
    judged: JudgedRun,
    item: Item,
    analyte: str,
    was_and_is: tuple[tuple[str, str], tuple[str, str]],
    rules: tuple[frozenset[str], set[str]],
) -> Change | None:
    was, now = was_and_is
    if was == now:
        return None
    return Change(
        item=str(item),
        scope=item.scope,
        run=judged.loaded.run.run,
        analyte=analyte,
        verdict=was[0],
        new_verdict=now[0],
        state=was[1],
        new_state=now[1],
        rules_gone=tuple(sorted(rules[0] - rules[1])),
        rules_new=tuple(sorted(rules[1] - rules[0])),
    )

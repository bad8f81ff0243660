"""Why a run must be judged again, or does not: the question of the gate, asked by a person of one run."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING  # Any: values of JSON

from qc.assess.changes.causes import changed_runs, last_judged_for
from qc.assess.changes.sentences import sentences
from qc.assess.changes.settled import settled
from qc.assess.changes.stale_runs import stale_runs
from qc.assess.links.set_aside import set_aside_now
from qc.assess.prepare.rejected_wells import excluded_wells
from qc.assess.prepare.rule_set import load_rule_set
from qc.items.names import parse_item
from qc.store.frames import first_row
from schemas.errors import ConfigError
from schemas.json_model import JsonModel

if TYPE_CHECKING:
    from qc.lab.folder import LabFolder
    from qc.store.connection import Connection


@dataclass(frozen=True, slots=True)
class Reason(JsonModel):
    """One kind of thing that has changed since a run was judged."""

    kind: str
    """What has changed: ``rules``, ``samples``, ``controls``, ``results``, ``set aside`` and the like."""
    sentence: str
    """The same as a sentence."""
    runs: tuple[str, ...]
    """Other runs that were judged or corrected since, where those have changed it."""


@dataclass(frozen=True, slots=True)
class WhyJudge(JsonModel):
    """Whether a run must be judged again, and because of what."""

    json_keys = "item run stale=is_stale because=reasons judged_for"

    item: str
    """Item of the run."""
    run: str
    """Name of the run."""
    reasons: tuple[Reason, ...]
    """What has changed since it was judged; empty if it is judged as it now stands."""
    judged_for: tuple[str, ...]
    """Because of what it was judged the last time, in sentences; empty if that was the first time."""

    @property
    def is_stale(self) -> bool:
        """Whether it must be judged."""
        return bool(self.reasons)


_RUN = """
    SELECT run_id, run, run_id IN (SELECT supersedes FROM runs) FROM runs WHERE run = ? OR run_id = ?
    ORDER BY run_id DESC
"""


def why_judge(lab: LabFolder, name: str) -> WhyJudge:
    """Tell whether a run must be judged again, and because of what.

    Returns
    -------
    WhyJudge
        The answer. It names no subject and no visit.

    Raises
    ------
    ConfigError
        If there is no such run, or a newer version has corrected it.
    """
    rule_set = load_rule_set(lab)
    with lab.facts.reading() as con:
        run_id, run = _run(con, name)
        set_aside = set_aside_now(lab, con)
        stale = stale_runs(con, rule_set, excluded_wells(lab, con), set_aside)
        own = next((one for one in stale if one.run_id == run_id), None)
        before, others = settled(con).decided_states, changed_runs(con, own) if own else {}
        judged_for = last_judged_for(con, run_id)
    kinds = list(dict.fromkeys(kind for kind, _ in own.causes)) if own else []
    reasons = []
    for kind in kinds:
        (sentence,) = sentences(
            [one for one in own.causes if one[0] is kind] if own else (), before, set_aside.decided_states
        )
        reasons.append(Reason(kind.value, sentence, tuple(others.get(kind, ()))))
    return WhyJudge(f"R{run_id}", run, tuple(reasons), tuple(judged_for))


def _run(con: Connection, name: str) -> tuple[int, str]:
    try:
        run_id = parse_item(name).run_id
    except ConfigError:
        run_id = 0
    found = first_row(con, _RUN, [name, run_id])
    if found is None:
        raise ConfigError(f"There is no run '{name}' in this lab. Expected its name, or its item, such as 'R12'.")
    if found[2]:
        raise ConfigError(f"Run '{found[1]}' (R{found[0]}) was corrected by a newer version: ask for '{found[1]}'.")
    return int(found[0]), str(found[1])

"""Random acts by several people over hundreds of steps: what must hold, holds after every one of them."""

from __future__ import annotations

import os
import shutil
import tempfile
from contextlib import suppress
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import Bundle, RuleBasedStateMachine, initialize, invariant, rule

import qc
from qc.config import read_reasons
from qc.decisions import Act, all_decisions, newest_decisions
from qc.people.rights import Right, has_right
from qc.states import TRANSITIONS
from qc.store.ledger import Kind
from schemas.errors import ConfigError, ConflictError, GateError, RightsError

REFUSALS = (ConfigError, ConflictError, RightsError)
ROLES = {"anna": ("lab_manager",), "ben": ("qa",), "cleo": ("analyst",), "root": ("admin",), "stat": ("statistician",)}
REASONS = ("", "other", "haemolysed", "biologically_plausible", "dilution", "no_such_reason")
NEEDED = {Act.REJECT: "reject", Act.REPEAT: "repeat", Act.DILUTE: "repeat"}
template: list[Path] = []


def _person(name):
    from qc.people.acting import Person

    return Person(name, ROLES[name], None)


class Acts(RuleBasedStateMachine):
    """Several people, one lab."""

    seen = Bundle("seen")

    def __init__(self):
        super().__init__()
        self.folder = Path(tempfile.mkdtemp()) / "lab"
        shutil.copytree(template[0], self.folder)
        self.lab = qc.open_lab(self.folder)
        self.acknowledged = []
        self.releases = {}

    def teardown(self):
        shutil.rmtree(self.folder.parent)

    @initialize(target=seen)
    def look_first(self):
        return tuple(self.lab.queue())

    @rule(target=seen)
    def look(self):
        return tuple(self.lab.queue())

    @rule(
        lines=seen,
        number=st.integers(0, 40),
        act=st.sampled_from(list(Act)),
        who=st.sampled_from(sorted(ROLES)),
        reason=st.sampled_from(REASONS),
        expires=st.sampled_from([None, timedelta(days=1), timedelta(days=-1)]),
    )
    def decide_on_what_was_seen(self, lines, number, act, who, reason, expires):
        if lines:
            until = datetime.now(UTC) + expires if expires else None
            self._try(lines[number % len(lines)], act, who, reason, expires_at=until)

    @rule(
        item=st.sampled_from(["R9.5", "R15.22", "R15.1", "R15", "R6.17", "R2.10", "R15/tnf_alpha", "R15@F6", "R99.1"]),
        act=st.sampled_from(list(Act)),
        who=st.sampled_from(sorted(ROLES)),
        reason=st.sampled_from(REASONS),
        supersede=st.booleans(),
    )
    def decide_by_name(self, item, act, who, reason, supersede):
        self._try(item, act, who, reason, supersede=supersede)

    @rule(lines=seen, number=st.integers(0, 40), who=st.sampled_from(sorted(ROLES)), reason=st.sampled_from(REASONS))
    def decide_on_a_sample(self, lines, number, who, reason):
        codes = sorted({line.shown.code for line in lines if line.shown.code})
        if codes:
            self._try(codes[number % len(codes)], Act.REJECT, who, reason)

    def _try(self, what, act, who, reason, **more):
        note = "seen" if act is Act.COMMENT else ""
        before = self.lab.ledger.head()[0]
        try:
            decided = self.lab.decide(what, act, reason=reason, note=note, actor=who, **more)
        except REFUSALS:
            assert self.lab.ledger.head()[0] == before
        else:
            self.acknowledged += [one.seq for one in decided]

    @rule(item=st.sampled_from(["R9.5", "R15.22", "R15.1", "R6.17", "R2.10"]), who=st.sampled_from(sorted(ROLES)))
    def undo(self, item, who):
        with suppress(*REFUSALS):
            self.acknowledged += [one.seq for one in self.lab.undo(item, actor=who)]

    @rule(who=st.sampled_from(sorted(ROLES)))
    def release(self, who):
        try:
            made = self.lab.release(actor=who)
        except (GateError, RightsError):
            return
        assert not self.lab.queue()
        assert has_right(self.lab.settings.rights, ROLES[who], Right.RELEASE)
        self.releases[made.name] = made.sha256

    @rule(who=st.sampled_from(["anna", "ben"]))
    def decide_everything_and_release(self, who):
        for line in self.lab.queue():
            try:
                self.lab.decide(line, "reject", reason="other", actor=who)
            except ConfigError:
                self.lab.decide(line, "approve", reason="biologically_plausible", actor=who)
        self.lab.assess()
        self.release(who)

    @invariant()
    def nothing_acknowledged_is_lost(self):
        known = {entry.seq for entry in self.lab.ledger.entries(kinds=[Kind.DECISION, Kind.UNDO])}
        assert set(self.acknowledged) <= known

    @invariant()
    def no_decision_without_right_and_reason(self):
        reasons = read_reasons(self.lab.paths.reasons)
        for decision in all_decisions(self.lab.ledger):
            needed = NEEDED.get(decision.act, "approve_over" if decision.over else "")
            right = Right(needed) if needed else Right.APPROVE if decision.act is Act.APPROVE else Right.COMMENT
            assert has_right(self.lab.settings.rights, ROLES[decision.actor], right)
            assert not needed or needed in reasons[decision.reason].acts
            assert not (decision.actor == "root" and decision.act is not Act.COMMENT)

    @invariant()
    def states_are_legal(self):
        waiting = {line.shown.item for line in self.lab.queue()}
        decided = newest_decisions(self.lab.ledger)
        for item in ("R9.5", "R15.22", "R15.1"):
            state = self.lab.show(item).state
            assert state in TRANSITIONS
            assert (state == "waiting") == (item in waiting)
            if item in decided and item not in waiting:
                said = {Act.APPROVE: "approved", Act.REJECT: "rejected"}.get(decided[item].act, "repeat_requested")
                assert state == said

    @invariant()
    def every_released_result_has_a_pass_or_a_decision(self):
        from qc.releasing.proof import content_faults, folder_faults

        for name, sha256 in self.releases.items():
            folder = self.lab.paths.releases / name
            assert folder_faults(folder, sha256) == []
            assert content_faults(folder) == []

    @invariant()
    def the_ledger_verifies(self):
        assert self.lab.ledger.verify() == []


@pytest.mark.filterwarnings("ignore")
def test_invariants_hold_under_random_acts_of_several_people(judged_demo, monkeypatch):
    from hypothesis.stateful import run_state_machine_as_test

    import qc.deciding.decide
    import qc.deciding.undo
    import qc.release
    from qc.people import acting

    def allowed(lab, actor, *rights):
        # Roles as accounts would give them; sessions have tests of their own.
        for right in rights:
            if not has_right(lab.settings.rights, ROLES[actor], right):
                raise RightsError(f"{actor} may not {right}")
        return _person(actor)

    for module in (qc.deciding.decide, qc.deciding.undo, qc.release, acting):
        monkeypatch.setattr(module, "allowed_person", allowed)
    monkeypatch.setattr(qc.deciding.undo, "acting_person", lambda lab, actor: _person(actor))
    template[:] = [judged_demo]
    is_long = os.environ.get("ASSAYGATE_LONG") == "1"
    run_state_machine_as_test(
        Acts,
        settings=settings(
            max_examples=3 if is_long else 1,
            stateful_step_count=100 if is_long else 12,
            deadline=None,
            derandomize=True,
            suppress_health_check=list(HealthCheck),
        ),
    )

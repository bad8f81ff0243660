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
from qc.items.decisions import Act, all_decisions, newest_decisions
from qc.items.states import TRANSITIONS
from qc.lab.reasons import read_reasons
from qc.people.account_changes import add_account, change_account
from qc.people.rights import Right, has_right
from qc.people.sessions import open_session, sign_out
from qc.store.ledger import Kind
from schemas.errors import ConfigError, ConflictError, GateError, RightsError

REFUSALS = (ConfigError, ConflictError, RightsError)
ROLES = {"anna": ("lab_manager",), "ben": ("qa",), "cleo": ("analyst",), "root": ("admin",), "stat": ("statistician",)}
REASONS = ("", "other", "haemolysed", "biologically_plausible", "dilution", "no_such_reason")
NEEDED = {Act.REJECT: "reject", Act.REPEAT: "repeat", Act.DILUTE: "repeat"}
PASSWORDS = {name: f"the password of {name}" for name in ROLES}
template: list[Path] = []


class Clock(datetime):
    """What sessions take for now: it can be set forward."""

    ahead = timedelta(0)

    @classmethod
    def now(cls, tz=None):
        return datetime.now(tz) + cls.ahead


class Acts(RuleBasedStateMachine):
    """Several people, one lab."""

    seen = Bundle("seen")

    def __init__(self):
        super().__init__()
        self.folder = Path(tempfile.mkdtemp()) / "lab"
        shutil.copytree(template[0], self.folder)
        self.lab = qc.open_lab(self.folder)
        self.acknowledged = []
        self.inactive = set()
        self.first_act = self.lab.ledger.head()[0]
        Clock.ahead = timedelta(0)
        self.releases = {}

    def teardown(self):
        shutil.rmtree(self.folder.parent)

    def _is_in(self, who):
        """Sign in unless the session is that person's already; tell whether somebody is in then."""
        session = open_session(self.lab)
        if session is None or session.user != who:
            with suppress(RightsError):
                self.lab.sign_in(who, PASSWORDS[who])
        session = open_session(self.lab)
        return session is not None and session.user == who

    @rule(who=st.sampled_from(sorted(ROLES)))
    def sign_in_with_a_wrong_password(self, who):
        before, n_tries = open_session(self.lab), self._n_tries()
        with pytest.raises(RightsError) as refused:
            self.lab.sign_in(who, f"not {PASSWORDS[who]}")
        after = open_session(self.lab)
        assert (after and after.user) == (before and before.user)
        assert self._n_tries() == n_tries + ("in a row" not in str(refused.value))

    def _n_tries(self):
        return len(self.lab.ledger.entries(kinds=[Kind.SIGN_IN]))

    @rule(minutes=st.sampled_from([1, 14, 16, 600]), who=st.sampled_from(["anna", "ben"]))
    def time_passes(self, minutes, who):
        was_in = open_session(self.lab)
        Clock.ahead += timedelta(minutes=minutes)
        if minutes >= 16:
            assert open_session(self.lab) is None
            before = self.lab.ledger.head()
            with pytest.raises(RightsError):
                self.lab.decide("R9.5", "comment", note="late", actor=was_in.user if was_in else who)
            assert self.lab.ledger.head() == before

    @rule(who=st.sampled_from(sorted(ROLES)), other=st.sampled_from(sorted(ROLES)))
    def act_under_the_name_of_somebody_else(self, who, other):
        if who != other and self._is_in(who):
            before = self.lab.ledger.head()
            with pytest.raises(RightsError):
                self.lab.decide("R9.5", "comment", note="not me", actor=other)
            assert self.lab.ledger.head() == before

    @rule(who=st.sampled_from(["cleo", "stat"]))
    def an_account_is_closed_or_opened_again(self, who):
        if self._is_in("root"):
            change_account(self.lab, who, active=who in self.inactive)
            self.inactive ^= {who}

    @rule(who=st.sampled_from(sorted(set(ROLES) - {"root"})), name=st.sampled_from(["zoe", "cleo"]))
    def somebody_who_may_not_keeps_accounts(self, who, name):
        if self._is_in(who):
            with pytest.raises((RightsError, ConfigError)):
                add_account(self.lab, name, roles=["lab_manager"], password="a password of zoe")

    @rule()
    def sign_out(self):
        sign_out(self.lab)
        assert open_session(self.lab) is None

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
        if not self._is_in(who):
            return
        assert who not in self.inactive
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
        if not self._is_in(who):
            return
        with suppress(*REFUSALS):
            self.acknowledged += [one.seq for one in self.lab.undo(item, actor=who)]

    @rule(who=st.sampled_from(sorted(ROLES)))
    def release(self, who):
        if not self._is_in(who):
            return
        try:
            made = self.lab.release(actor=who)
        except (GateError, RightsError):
            return
        assert not self.lab.queue()
        assert has_right(self.lab.settings.rights, ROLES[who], Right.RELEASE)
        self.releases[made.name] = made.sha256

    @rule(who=st.sampled_from(["anna", "ben"]))
    def decide_everything_and_release(self, who):
        if not self._is_in(who):
            return
        for line in self.lab.queue():
            try:
                self.lab.decide(line, "reject", reason="outside_record", note="bench book", actor=who)
            except ConfigError:
                self.lab.decide(line, "approve", reason="biologically_plausible", actor=who)
        self.lab.assess()
        self.release(who)

    @invariant()
    def nothing_acknowledged_is_lost(self):
        known = {entry.seq for entry in self.lab.ledger.entries(kinds=[Kind.DECISION, Kind.UNDO])}
        assert set(self.acknowledged) <= known

    @invariant()
    def whoever_acted_was_the_last_to_sign_in(self):
        signed_in = ""
        for entry in self.lab.ledger.entries(after=self.first_act):
            if entry.kind is Kind.SIGN_IN and entry.body["outcome"] == "signed in":
                signed_in = entry.object
            elif entry.kind is not Kind.SIGN_IN:
                assert entry.actor == signed_in

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
        from qc.release.release_proof import content_faults, folder_faults

        for name, sha256 in self.releases.items():
            folder = self.lab.paths.releases / name
            assert folder_faults(folder, sha256) == []
            assert content_faults(folder) == []

    @invariant()
    def the_ledger_verifies(self):
        assert self.lab.ledger.verify() == []


@pytest.fixture
def with_accounts(judged_demo, tmp_path):
    shutil.copytree(judged_demo, tmp_path / "lab")
    lab = qc.open_lab(tmp_path / "lab")
    add_account(lab, "root", roles=ROLES["root"], password=PASSWORDS["root"])
    lab.sign_in("root", PASSWORDS["root"])
    for name in sorted(set(ROLES) - {"root"}):
        add_account(lab, name, roles=ROLES[name], password=PASSWORDS[name])
    sign_out(lab)
    return tmp_path / "lab"


@pytest.mark.filterwarnings("ignore")
def test_invariants_hold_under_random_acts_of_several_people(with_accounts, monkeypatch):
    from hypothesis.stateful import run_state_machine_as_test

    import qc.people.sessions

    monkeypatch.setattr(qc.people.sessions, "datetime", Clock)
    template[:] = [with_accounts]
    is_long = os.environ.get("ASSAYGATE_LONG") == "1"
    run_state_machine_as_test(
        Acts,
        settings=settings(
            max_examples=3 if is_long else 1,
            stateful_step_count=100 if is_long else 16,
            deadline=None,
            derandomize=True,
            suppress_health_check=list(HealthCheck),
        ),
    )

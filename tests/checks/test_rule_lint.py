from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from checks.profile import Profile, load_profile, profile_names
from checks.registry import rules
from checks.rule import Rule
from checks.rule_lint import rule_faults
from schemas.finding import Limit, Scope

CASES = {path.stem: path.read_text(encoding="utf-8") for path in (Path(__file__).parent / "cases").glob("*.toml")}
MANUAL = """Flag it.

Parameters
----------
limits : mapping
    ``warn_low``, ``warn_high``, ``reject_high``, ``alpha``.

Returns
-------
list of Finding

References
----------
.. [1] Somebody.
"""
GOOD_CASES = """
[[case]]
source = "a"
expect = []
[[case]]
source = "b"
expect = [{}]
[[case]]
source = "c"
not_evaluable = true
"""
VALUES = {"warn_low": 1.0, "warn_high": 2.0, "reject_high": 3.0, "alpha": 0.01}


def limit(name, **changed):
    return replace(Limit(name, VALUES[name], "1", "Somebody", "confirmed"), **changed)


def a_rule(manual=MANUAL):
    def judge(run_input, limits):
        return []

    judge.__doc__ = manual
    return Rule("group.name", 1, Scope.RESULT, tuple(VALUES), judge)


def told(manual=MANUAL, cases=GOOD_CASES, **changed):
    limits = {name: limit(name, **changed.get(name, {})) for name in VALUES if changed.get(name) != "missing"}
    profile = Profile("p", "context", {"group.name": limits} if changed.get("dead") is None else {}, frozenset())
    texts = {} if cases is None else {"group.name": cases}
    return [fault.text for fault in rule_faults({"group.name": a_rule(manual)}, {"p": profile}, texts)]


def test_the_shipped_rules_profiles_and_cases_have_no_fault():
    profiles = {name: load_profile(name) for name in profile_names()}

    assert [str(fault) for fault in rule_faults(rules(), profiles, CASES)] == []


def test_a_good_rule_has_no_fault():
    assert told() == []


@pytest.mark.parametrize(
    ("changed", "fault"),
    [
        ({"cases": None}, "It has no case file."),
        ({"cases": GOOD_CASES.replace("not_evaluable = true", "expect = []")}, "It has no case that cannot be judged."),
        ({"cases": GOOD_CASES.replace('source = "a"', "")}, "A case of it has no source."),
        ({"manual": "Flag it.\n\nReturns\n-------\n"}, "Its manual has no section 'Parameters'."),
        ({"manual": MANUAL.replace("``alpha``", "")}, "Its manual does not explain the limit 'alpha'."),
        ({"dead": True}, "No profile asks it: it is dead."),
        ({"alpha": {"source": " "}}, "Limit 'alpha' has no source."),
        ({"alpha": {"value": 1.5}}, "Limit 'alpha' is 1.5; a probability lies above 0 and below 1."),
        ({"alpha": "missing"}, "Limit 'alpha' is missing: the rule would break."),
        ({"warn_low": {"value": 2.0}}, "Limit 'warn_low' is not below 'warn_high': nothing can lie between them."),
        (
            {"warn_high": {"value": 4.0}},
            "Limit 'warn_high' lies beyond 'reject_high': one of the two can never be reached.",
        ),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)
def test_each_fault_of_a_rule_is_named(changed, fault):
    assert fault in told(**changed)


def test_a_rule_that_only_shows_must_be_tolerated():
    profile = load_profile("research-elisa")
    stern = replace(profile, tolerated_warnings=frozenset())

    texts = [fault.text for fault in rule_faults(rules(), {"research-elisa": stern})]
    assert "Rule 'identity.delta' only shows; 'tolerated_warnings' must name it." in texts

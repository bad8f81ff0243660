from __future__ import annotations

import pytest

from checks.profile import load_profile, profile_names
from schemas.errors import ConfigError

NAMED = ["clinical-westgard-n2", "clinical-westgard-n3", "m10-chrom", "m10-lba", "research-elisa", "simoa"]


def limit(profile, rule, name):
    return load_profile(profile).limits_by_rule[rule][name].value


def test_the_named_profiles_are_shipped():
    assert set(NAMED) <= set(profile_names())


@pytest.mark.parametrize("name", profile_names())
def test_every_profile_states_its_context_of_use(name):
    assert len(load_profile(name).context) > 40


def test_an_unknown_profile_is_refused_with_the_known_names():
    with pytest.raises(ConfigError, match=r"Profile 'm10' is not known\. Known profiles: .*m10-chrom, m10-lba"):
        load_profile("m10")


@pytest.mark.parametrize(
    "profile, recovery, lloq, uloq, controls",
    [("m10-lba", 20, 25, 25, 20), ("m10-chrom", 15, 20, 15, 15)],  # ICH M10 (2022) sections 3 and 4
)
def test_the_limits_of_ich_m10(profile, recovery, lloq, uloq, controls):
    standards = "calibration.standards"

    assert limit(profile, standards, "recovery_percent") == recovery
    assert limit(profile, standards, "lloq_recovery_percent") == lloq
    assert limit(profile, standards, "uloq_recovery_percent") == uloq
    assert (limit(profile, standards, "passing_percent"), limit(profile, standards, "min_levels")) == (75, 6)
    assert limit(profile, "controls.recovery", "tolerance_percent") == controls


def test_total_error_is_asked_of_validation_runs_only():
    asking = [name for name in profile_names() if "calibration.total_error" in load_profile(name).limits_by_rule]

    assert asking == ["m10-lba-validation"]


def test_a_profile_that_extends_another_takes_over_what_it_does_not_name():
    own = load_profile("own", 'extends = "m10-lba"\ncontext = "A kit."\nwithout = ["calibration.hook"]')

    assert "calibration.hook" not in own.limits_by_rule
    assert (
        own.limits_by_rule["calibration.standards"] == load_profile("m10-lba").limits_by_rule["calibration.standards"]
    )
    assert own.tolerated_warnings == load_profile("m10-lba").tolerated_warnings


@pytest.mark.parametrize(
    ("named", "rules"),
    [
        ('"multirule-n3"', ["1-2s", "1-3s", "2of3-2s", "3-1s", "6-x", "R-4s"]),
        ('"sigma-6-n2"', ["1-3s"]),
        ('["1-3s", "12-x"]', ["1-3s", "12-x"]),
    ],
)
def test_a_profile_names_a_set_of_westgard_rules_in_place_of_those_it_takes_over(named, rules):
    usual = load_profile("control-rules").limits_by_rule

    own = load_profile("own", f'extends = "clinical-westgard-n2"\ncontext = "A kit."\nwestgard = {named}')

    found = {rule_id: limits for rule_id, limits in own.limits_by_rule.items() if rule_id.startswith("westgard.")}
    assert sorted(rule_id.removeprefix("westgard.") for rule_id in found) == rules
    assert all(limits == usual[rule_id] for rule_id, limits in found.items())
    assert own.tolerated_warnings <= set(own.limits_by_rule)


def test_a_limit_of_its_own_wins_over_that_of_the_named_set():
    text = (
        'extends = "m10-lba"\ncontext = "A kit."\nwestgard = "modern-n2-8x"\n[rules."westgard.1-3s"]\n'
        'sd_limit = { value = 3.2, unit = "SD", source = "SOP 7" }'
    )

    own = load_profile("own", text)

    assert own.limits_by_rule["westgard.1-3s"]["sd_limit"].value == 3.2
    assert "westgard.8-x" in own.limits_by_rule


@pytest.mark.parametrize(
    "text, words",
    [
        ('extends = "m10-lba"', "context of use"),
        ('context = "x"\nextends = "m11"', "'m11' is not known"),
        ('context = "x"\nextends = "own"', "extends itself"),
        ('context = "x"\nextends = "m10-lba"\nwithout = ["calibration.none"]', "not part of the profile"),
        ('context = "x"\n[rules."a.b"]\nc = 3', "needs 'value'"),
        ("context = ", "not well-formed"),
        ('context = "x"\nwestgard = "n2-multirule"', "Rule set 'n2-multirule' is not known. Known sets: multirule-n2"),
        ('context = "x"\nwestgard = ["1-3s", "5-z"]', "Rule '5-z' is not known. Known rules: 1-2s"),
        ('context = "x"\nwestgard = 3', "a list of their short ids"),
        ('context = "x"\nwestgrad = "multirule-n2"', "'westgrad' is not a key of a profile"),
    ],
)
def test_a_faulty_profile_is_refused_in_a_sentence(text, words):
    with pytest.raises(ConfigError) as refused:
        load_profile("own", text)

    assert words in str(refused.value)

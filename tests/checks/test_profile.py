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
    "text, words",
    [
        ('extends = "m10-lba"', "context of use"),
        ('context = "x"\nextends = "m11"', "'m11' is not known"),
        ('context = "x"\nextends = "own"', "extends itself"),
        ('context = "x"\nextends = "m10-lba"\nwithout = ["calibration.none"]', "not part of the profile"),
        ('context = "x"\n[rules."a.b"]\nc = 3', "needs 'value'"),
        ("context = ", "not well-formed"),
    ],
)
def test_a_faulty_profile_is_refused_in_a_sentence(text, words):
    with pytest.raises(ConfigError) as refused:
        load_profile("own", text)

    assert words in str(refused.value)

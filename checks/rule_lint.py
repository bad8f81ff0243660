"""Faults of rules and profiles that work and are wrong all the same: no manual, no case, no source, nothing reached."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from itertools import pairwise
from typing import get_args

from checks.profile import Profile
from checks.rule import Rule
from schemas.errors import ConfigError, Fault
from schemas.finding import Limit, Status
from schemas.toml_file import toml_tree

SECTIONS = ("Parameters", "Returns", "References")
"""Parts that the manual of a rule must have."""
STATUSES = get_args(Status)
ADVISORY = frozenset({"identity.delta", "range.detection"})
"""Rules that show and never hold: every profile that asks them must tolerate their warning."""
_PROBABILITY = re.compile(r"(^|_)alpha$")


def rule_faults(
    rules: Mapping[str, Rule], profiles: Mapping[str, Profile], case_texts: Mapping[str, str] | None = None
) -> list[Fault]:
    """Return what is wrong with rules, their profiles and their cases.

    Parameters
    ----------
    rules : mapping of str to Rule
        Rules by id.
    profiles : mapping of str to Profile
        Profiles by name.
    case_texts : mapping of str to str, optional
        TOML of the cases by rule id; None means that cases are not looked at.

    Returns
    -------
    list of Fault
        Rules without manual, case or source; dead rules, which no profile asks; limits that nothing can reach. Empty
        if nothing is wrong.
    """
    faults = [fault for rule in rules.values() for fault in _manual(rule)]
    profile_rule_ids = {rule_id for profile in profiles.values() for rule_id in profile.limits_by_rule}
    faults += [
        Fault(f"rule '{rule_id}'", "No profile asks it: it is dead.")
        for rule_id in rules
        if rule_id not in profile_rule_ids
    ]
    for profile in profiles.values():
        faults += _profile(profile, rules)
    if case_texts is not None:
        faults += [fault for rule_id in rules for fault in _cases(rule_id, case_texts.get(rule_id))]
        strangers = sorted(set(case_texts) - set(rules))
        faults += [Fault(f"cases '{rule_id}'", "They belong to no rule.") for rule_id in strangers]
    return list(dict.fromkeys(faults))


def _manual(rule: Rule) -> Iterator[Fault]:
    lines = rule.manual.splitlines()
    where = f"rule '{rule.id}'"
    if not lines or not lines[0].endswith("."):
        yield Fault(where, "Its manual does not begin with a sentence.")
    for section in SECTIONS:
        if section not in lines:
            yield Fault(where, f"Its manual has no section '{section}'.")
    for name in rule.limits:
        if f"``{name}``" not in rule.manual:
            yield Fault(where, f"Its manual does not explain the limit '{name}'.")


def _profile(profile: Profile, rules: Mapping[str, Rule]) -> Iterator[Fault]:
    for rule_id, limits in profile.limits_by_rule.items():
        where = f"profile '{profile.name}', rule '{rule_id}'"
        rule = rules.get(rule_id)
        if rule is None:
            yield Fault(where, "There is no such rule.")
            continue
        for name in sorted(set(rule.limits) - set(limits)):
            yield Fault(where, f"Limit '{name}' is missing: the rule would break.")
        for name in sorted(set(limits) - set(rule.limits)):
            yield Fault(where, f"Limit '{name}' is not one of the rule's: nothing reads it.")
        for limit in limits.values():
            yield from (Fault(where, text) for text in _limit(limit))
        yield from (Fault(where, text) for text in _unreachable(limits))
    for rule_id in sorted(ADVISORY & set(profile.limits_by_rule) - profile.tolerated_warnings):
        yield Fault(f"profile '{profile.name}'", f"Rule '{rule_id}' only shows; 'tolerated_warnings' must name it.")
    for rule_id in sorted(profile.tolerated_warnings - set(profile.limits_by_rule)):
        yield Fault(f"profile '{profile.name}'", f"It tolerates '{rule_id}', which it does not ask.")


def _limit(limit: Limit) -> Iterator[str]:
    for part, text in (("unit", limit.unit), ("source", limit.source)):
        if not text.strip():
            yield f"Limit '{limit.name}' has no {part}."
    if limit.status not in STATUSES:
        yield f"Status '{limit.status}' of limit '{limit.name}' is not one of {', '.join(STATUSES)}."
    if limit.value < 0:
        yield f"Limit '{limit.name}' is {limit.value:g}: what is judged is never below 0, so that it is never inside."
    if _PROBABILITY.search(limit.name) and not 0 < limit.value < 1:
        yield f"Limit '{limit.name}' is {limit.value:g}; a probability lies above 0 and below 1."


def _unreachable(limits: Mapping[str, Limit]) -> Iterator[str]:
    for name, limit in limits.items():
        if not name.endswith("low"):
            continue
        high = limits.get(f"{name.removesuffix('low')}high")
        if high is not None and limit.value >= high.value:
            yield f"Limit '{name}' is not below '{high.name}': nothing can lie between them."
    for order in (("reject_low", "warn_low"), ("warn_high", "reject_high")):
        for one, other in pairwise(order):
            if one in limits and other in limits and limits[one].value > limits[other].value:
                yield f"Limit '{one}' lies beyond '{other}': one of the two can never be reached."


def _cases(rule_id: str, text: str | None) -> Iterator[Fault]:
    where = f"rule '{rule_id}'"
    if text is None:
        yield Fault(where, "It has no case file.")
        return
    try:
        cases = toml_tree(text, "Its case file").get("case", [])
    except ConfigError as error:
        yield Fault(where, error.message)
        return
    if any(not case.get("source") for case in cases):
        yield Fault(where, "A case of it has no source.")
    kinds = {
        "passes": any(not case.get("not_evaluable") and not case.get("expect") for case in cases),
        "fails": any(case.get("expect") for case in cases),
        "cannot be judged": any(case.get("not_evaluable") for case in cases),
    }
    for kind, is_there in kinds.items():
        if not is_there:
            yield Fault(where, f"It has no case that {kind}.")

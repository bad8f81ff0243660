"""Findings on one fault: the rule that tells the most leads, the others stand beside it and hold nothing."""

from __future__ import annotations

from collections.abc import Hashable, Iterable, Mapping
from typing import TypeVar

from schemas.finding import Finding, Verdict

Named = TypeVar("Named", bound=Hashable)
_NO_CURVE = "calibration.fit: no curve"
"""What ``calibration.fit`` says where there is none: then nothing else of the analyte could be judged."""
_FEW_WELLS = "replicates.cv: few wells"
"""What ``replicates.cv`` says where no agreement can be judged: how many wells have a number, and which."""
BELOW = "below: "
"""Before the name of a leader that is said of a result below an analyte."""
_LEADERS: Mapping[str, tuple[str, ...]] = {
    # An outlying well is named; the spread of all wells, and the difference of two, follow from it.
    "replicates.cv": ("replicates.outlier",),
    "replicates.difference": ("replicates.cv", _FEW_WELLS),
    "replicates.missing": (_FEW_WELLS,),
    "*.replicates": (_FEW_WELLS, f"{BELOW}{_FEW_WELLS}"),
    # How much of the result may come from blood says more than the number of red cells.
    "preanalytic.csf_blood": ("preanalytic.csf_blood_share",),
    # A unit that explains a number says more than that it is unusual; one that is impossible is graver than both.
    "range.soft": ("range.two_scales", "range.unit_slip"),
    "range.unit_slip": ("range.two_scales", "range.hard"),
    "range.two_scales": ("range.hard",),
    "identity.delta": ("range.hard", "range.two_scales", "range.unit_slip", "range.soft", "identity.patient_swap"),
    # Which levels are lacking, and of which lots, says more than how many there are.
    "*.control_levels": ("controls.present", _NO_CURVE),
    "*.controls_per_level": ("controls.present", _NO_CURVE),
    # Without a curve there is no number, of samples and controls alike.
    "*.share_with_number": (_NO_CURVE,),
    "controls.present": (_NO_CURVE,),
    # What is pending has no number yet.
    "range.value": (_NO_CURVE, "range.flag"),
    "calibration.blank": (_NO_CURVE,),
    "calibration.hook": (_NO_CURVE,),
    "calibration.range": (_NO_CURVE,),
    "calibration.standards": (_NO_CURVE,),
}
"""What tells a fault better, by the rule that tells the same fault of the same item: ``*`` is any suite, and what
stands ``below`` an analyte is said of one of its results."""
_LEADING = frozenset(leader for leaders in _LEADERS.values() for leader in leaders)


def leaders_of(rule: str) -> tuple[str, ...]:
    """Return the rules that tell the fault of a rule better.

    Parameters
    ----------
    rule : str
        Id of a rule, or of an expectation with its suite: ``serum_run.control_levels``.

    Returns
    -------
    tuple of str
        Ids of rules; empty for most.
    """
    return _LEADERS.get(rule) or _LEADERS.get(f"*.{rule.partition('.')[2]}", ())


def led_by(findings: Iterable[tuple[Named, Named | None, Finding]]) -> dict[tuple[Named, str], bool]:
    """Return of which items a rule tells a fault that another rule tells better of the same item.

    Parameters
    ----------
    findings : iterable of tuple of (hashable, hashable or None, Finding)
        Findings of one run that would hold their items by themselves, each with its item and, of a result, the item of
        its analyte in the run.

    Returns
    -------
    dict of tuple of (hashable, str) to bool
        By item and rule that is led: whether what leads it is more than a warning.
    """
    listed = list(findings)
    is_grave: dict[tuple[Named, str], bool] = {}
    for item, above, finding in listed:
        name = _leader_name(finding)
        for place, said in ((item, name), (above, f"{BELOW}{name}")):
            if place is not None and said in _LEADING:
                key = place, said
                is_grave[key] = is_grave.get(key, False) or finding.verdict is not Verdict.WARN
    if not is_grave:
        return {}
    return {
        (item, finding.rule): any(found)
        for item, _, finding in listed
        if (found := [is_grave[item, leader] for leader in leaders_of(finding.rule) if (item, leader) in is_grave])
    }


def _leader_name(finding: Finding) -> str:
    is_grave = finding.verdict is not Verdict.WARN
    # A curve that is there and bends the wrong way is judged by a limit; one that is not there by none.
    if finding.rule == "calibration.fit" and is_grave and not finding.limits:
        return _NO_CURVE
    return _FEW_WELLS if finding.rule == "replicates.cv" and is_grave else finding.rule


def is_led(finding: Finding, by_grave: bool | None) -> bool:
    """Tell whether a finding stands beside another one of its item.

    Parameters
    ----------
    finding : Finding
        What a rule says.
    by_grave : bool or None
        What :func:`led_by` says of its item and rule.

    Returns
    -------
    bool
        False of one that is more than a warning where a warning leads it, and of a rule that broke: no item is held
        less gravely than by all of its findings.
    """
    if by_grave is None or finding.verdict is Verdict.BROKEN:
        return False
    return by_grave or finding.verdict is Verdict.WARN

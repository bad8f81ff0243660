"""What a blinded reviewer is told of a check that rests on the subject's other results: that it failed, and no more.

Hidden is what a check found. That a rule broke, is not known or lacks a limit is a fault of the program or of a
profile: it says nothing of a subject and is told to everybody.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from schemas.finding import Verdict


@dataclass(frozen=True, slots=True)
class Mask:
    """What stands in place of a masked finding."""

    rule: str
    """In place of the id of its rule, in what is shown and in the ledger."""
    sentence: str
    """In place of its sentence."""
    unjudged: str
    """In place of its sentence where the check could not be made."""
    suggestion: str
    """In place of its suggestion."""

    def sentence_of(self, verdict: Verdict) -> str:
        """Return the sentence for a verdict."""
        return self.unjudged if verdict is Verdict.NOT_EVALUABLE else self.sentence


IDENTITY = Mask(
    "identity",
    "Identity check failed.",
    "The identity check could not be made.",
    "Compare tube, label and form of this sample; 'qc unblind' tells more to who may see it.",
)
DESIGN = Mask(
    "design",
    "The check of how the samples were laid out over plates and lots failed.",
    "The check of how the samples were laid out over plates and lots could not be made.",
    "Nothing is wrong with a tube: ask whoever planned the plates; 'qc unblind' tells more to who may see it.",
)
BROKEN = "broken."
"""What stands before the id of a rule that would be masked, but could not be asked."""

_GROUPS = ("identity", "delta", "design")
_PLAIN = frozenset(
    {
        "identity.copied_block",
        "identity.copied_plate",
        "identity.digit_preference",
        "identity.duplicate_result",
        "identity.matrix",
        "identity.rejected_sample",
        "identity.repeats_agree",
        "identity.sample_known",
        "identity.subject_known",
    }
)  # these look at one sample or one plate: they tell nothing of another visit


def is_masked(rule: str) -> bool:
    """Tell whether what a rule says would unblind.

    Returns
    -------
    bool
        True for every rule on identity, and every rule on differences between visits, that is not known to look at one
        sample or plate alone: a new rule is masked until somebody has thought about it.
    """
    group, _, name = rule.partition(".")
    return rule not in _PLAIN and not rule.startswith(BROKEN) and (group in _GROUPS or "delta" in name.split("_"))


def mask_of(rule: str, verdict: Verdict) -> Mask | None:
    """Return what a blinded reviewer reads in place of a finding; None where it is shown as it is."""
    if verdict is Verdict.BROKEN or not is_masked(rule):
        return None
    return DESIGN if rule.partition(".")[0] == DESIGN.rule else IDENTITY


def shown_rule(rule: str, verdict: Verdict) -> str:
    """Return the id of the rule of a finding as a blinded reviewer and the ledger name it."""
    mask = mask_of(rule, verdict)
    if mask is not None:
        return mask.rule
    # With a word before it the id is told by everything that masks ids alone.
    return f"{BROKEN}{rule}" if is_masked(rule) else rule


def shown_rules(findings: Iterable[tuple[str, Verdict]]) -> tuple[str, ...]:
    """Return the ids of the rules of some findings as a blinded reviewer names them, each once."""
    return tuple(dict.fromkeys(shown_rule(rule, verdict) for rule, verdict in findings))


def masked_rules(rules: Iterable[str]) -> tuple[str, ...]:
    """Return ids of rules that were stored as shown, masked once more: an older lab may have stored them plain.

    Returns
    -------
    tuple of str
        The same ids, each that would unblind as what stands in its place.
    """
    return shown_rules((rule, Verdict.WARN) for rule in rules)

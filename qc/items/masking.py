"""What a blinded reviewer is told of a check that rests on the subject's other results: that it failed, and no more."""

from __future__ import annotations

from collections.abc import Iterable

MASKED = "identity"
"""What stands in place of the id of a masked rule, in what is shown and in the ledger."""
SENTENCE = "Identity check failed."
"""What stands in place of its sentence."""
SUGGESTION = "Compare tube, label and form of this sample; 'qc unblind' tells more to who may see it."
"""What stands in place of its suggestion."""

_GROUPS = ("identity", "delta", "design")
_PLAIN = frozenset(
    {
        "identity.copied_block",
        "identity.copied_plate",
        "identity.digit_preference",
        "identity.duplicate_result",
        "identity.matrix",
        "identity.rejected_sample",
        "identity.sample_known",
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
    return rule not in _PLAIN and (group in _GROUPS or "delta" in name.split("_"))


def masked_rules(rules: Iterable[str]) -> tuple[str, ...]:
    """Return ids of rules as a blinded reviewer and the ledger name them.

    Returns
    -------
    tuple of str
        The same ids, with ``identity`` once for all that would unblind.
    """
    return tuple(dict.fromkeys(MASKED if is_masked(rule) else rule for rule in rules))

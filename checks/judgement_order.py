"""The order in which a run is judged: the curve, its standards, the controls, the blanks, and the samples last."""

from __future__ import annotations

STAGES: tuple[tuple[str, ...], ...] = (
    ("calibration.fit", "calibration.hook"),
    ("calibration.standards",),
    ("controls.", "westgard.", "calibration.total_error", "calibration.total_error_of_runs"),
    ("calibration.blank", "calibration.carry_over"),
)
"""Rule ids, or their groups with the dot, of each stage of a run; every other rule speaks about samples and is last."""


def judgement_order(rule_id: str) -> tuple[int, str]:
    """Return where a rule stands in the order of judgement.

    Parameters
    ----------
    rule_id : str
        Dotted id.

    Returns
    -------
    tuple of int and str
        Stage, 0 first, and the id: to sort by.

    Examples
    --------
    >>> sorted(["replicates.cv", "westgard.1-3s", "calibration.fit"], key=judgement_order)
    ['calibration.fit', 'westgard.1-3s', 'replicates.cv']
    """
    stages = (stage for stage, names in enumerate(STAGES) if any(_is_in(rule_id, name) for name in names))
    return next(stages, len(STAGES)), rule_id


def _is_in(rule_id: str, name: str) -> bool:
    return rule_id.startswith(name) if name.endswith(".") else rule_id == name

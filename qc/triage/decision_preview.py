"""What a decision on several items is about, told before it is made."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from qc.items.decisions import Act
from qc.triage.queue import QueueRow
from qc.triage.selection_summary import SelectionSummary, summary_of_rows

if TYPE_CHECKING:
    from qc.lab.folder import LabFolder
    from qc.lab.reasons import Reason

TYPED_FROM = 10
"""Number of items from which the number itself must be typed: ten letters in a row are not pressed by mistake."""


@dataclass(frozen=True, slots=True)
class DecisionPreview:
    """What a person must see and say before an act is recorded."""

    act: Act
    """The act."""
    summary: SelectionSummary
    """Items that it is about."""
    reasons: tuple[Reason, ...]
    """Reasons that fit: those that answer what was found first, each in the order of ``reasons.toml``."""
    needs_reason: bool
    """Whether one of them must be given."""
    needs_note: bool
    """Whether a text must be given."""
    exceptions: tuple[str, ...]
    """Items that were marked together with them and unmarked again."""

    @property
    def sets_aside(self) -> bool:
        """Whether results would count no more, so that pairs may be lost; a correction sets none aside."""
        return self.act in (Act.REJECT, Act.REPEAT, Act.DILUTE) and not self.summary.is_of_corrections

    @property
    def needs_count(self) -> bool:
        """Whether the number of items must be typed."""
        return self.summary.n_items >= TYPED_FROM

    @property
    def needs_nothing(self) -> bool:
        """Whether it may be recorded as it is: one item, nothing to be said."""
        return self.summary.n_items == 1 and not self.needs_reason and not self.needs_note and not self.exceptions


def decision_preview(
    lab: LabFolder, act: Act, about: Sequence[QueueRow] | SelectionSummary, exceptions: Sequence[str] = ()
) -> DecisionPreview:
    """Say what an act needs.

    Parameters
    ----------
    lab : LabFolder
        Lab whose ``reasons.toml`` lists the reasons.
    about : sequence of QueueRow, or SelectionSummary
        Items that it is about, at least one.
    exceptions : sequence of str
        Items that were marked together with them and unmarked again.

    Returns
    -------
    Asking
        For a dialog; the core checks everything again when it records.
    """
    from qc.decide.refused_requests import REJECT_PASSING, fitting_reasons, reason_kind
    from qc.lab.reasons import read_reasons

    summary = about if isinstance(about, SelectionSummary) else summary_of_rows(about)
    goes_over = act is Act.APPROVE and summary.goes_over
    seen = [] if isinstance(about, SelectionSummary) else [row.seen for row in about]
    kind = reason_kind(act, seen, goes_over=goes_over)
    if summary.is_of_corrections and act is not Act.COMMENT:
        kind = "correct"
    known = read_reasons(lab.paths.reasons)
    fitting = [known[code] for code in known if code in fitting_reasons(known, kind)] if kind else []
    reasons = tuple(sorted(fitting, key=lambda reason: not any(map(reason.answers, summary.n_by_rule))))
    needs_note = (
        act is Act.COMMENT or kind == REJECT_PASSING or (not kind and (summary.n_items > 1 or bool(exceptions)))
    )
    return DecisionPreview(act, summary, reasons, bool(kind), needs_note, tuple(exceptions))

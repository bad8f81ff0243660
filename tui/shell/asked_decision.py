"""What a person is asked before a decision is recorded, with what it costs in pairs."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING

from schemas.errors import QcError
from tui.dialogs.decision import DecisionDialog, Given

if TYPE_CHECKING:
    from qc.api.lab import Lab
    from qc.triage.decision_preview import DecisionPreview
    from tui.shell.view import View


async def ask_decision(view: View, preview: DecisionPreview, items: Callable[[Lab], Sequence[str]]) -> Given | None:
    """Ask for reason, note and number, as far as an act needs them.

    Parameters
    ----------
    items : callable
        Names what the act is about, for the cost that is counted while the dialog is shown.

    Returns
    -------
    Given or None
        What was said; None if the question was left.
    """
    if preview.needs_nothing:
        return Given("", "")
    dialog = DecisionDialog(preview, view.review.state.recent)
    if preview.sets_aside:
        view.review.spawn(_tell_cost(view, dialog, items))
    return await view.review.answer(dialog)


async def _tell_cost(view: View, dialog: DecisionDialog, items: Callable[[Lab], Sequence[str]]) -> None:
    try:
        cost = await view.desk.in_background(lambda lab: lab.pair_cost(items(lab)))
    except QcError as error:
        sentences, tone = [f"What it costs could not be counted: {error}"], "bad"
    else:
        sentences, tone = list(cost.sentences), "good" if cost.is_free else "bad" if cost.is_known else "warn"
    dialog.show_cost(sentences, tone)

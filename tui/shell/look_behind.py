"""Looking behind the mask of one finding, for whoever has the right: asked for, recorded, and only then told."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tui.widgets.columns import Cell, Column

if TYPE_CHECKING:
    from collections.abc import Iterable

    from tui.shell.signing import Signing

MASKED = ("identity", "design")
"""What stands in place of the rules of masked findings."""
_WIDTH = 66
_WORDS = (Column("what stands behind it", _WIDTH, weight=1),)


def is_masked(rules: Iterable[str]) -> bool:
    """Tell whether something is masked among the rules of an item, as they are shown."""
    return any(rule in MASKED for rule in rules)


async def look_behind(app: Signing, item: str, rules: Iterable[str]) -> None:
    """Ask why, record the look, and show what stands behind the mask."""
    from textwrap import wrap

    from qc.triage.look_behind import look_behind as behind_mask
    from tui.dialogs.choice import ChoiceDialog
    from tui.dialogs.question import QuestionDialog

    refusal = app.refusal_to_act() or ("" if is_masked(rules) else f"nothing of {item} is masked")
    if refusal:
        app.say(refusal, tone="warning")
        return
    question = f"Why look behind {item}? The look and its reason are recorded first."
    reason = await app.answer(QuestionDialog(question, "an auditor reads it"))
    if not reason:
        return
    told = await app.recorded(lambda lab, actor: behind_mask(lab, item, reason=reason, actor=actor))
    if told is not None:
        seq, lines = told
        rows = [[Cell(part)] for line in lines for part in wrap(line, _WIDTH)]
        await app.answer(ChoiceDialog(f"{item}, unblinded: ledger entry {seq}", _WORDS, rows, can_choose=False))

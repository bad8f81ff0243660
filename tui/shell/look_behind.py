"""Looking behind the mask of one finding, for whoever has the right: asked for, recorded, and only then told."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tui.widgets.columns import Cell, Column

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from qc.decide.unblind import Unblinded
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
    told = await app.recorded(lambda lab, actor: lab.unblind([item], reason=reason, actor=actor))
    if told:
        rows = [[Cell(line)] for one in told for line in _lines(one)]
        title = f"{item}, unblinded: ledger entry {told[0].seq}"
        await app.answer(ChoiceDialog(title, _WORDS, rows, can_choose=False))


def _lines(one: Unblinded) -> Iterator[str]:
    from textwrap import wrap

    yield f"sample {one.sample}, subject {one.subject or 'not known'}, visit {one.visit or 'not known'}, {one.matrix}"
    for finding in one.findings:
        yield from wrap(f"{finding.verdict.value}  {finding.rule}: {finding.sentence}", _WIDTH)
    for other in one.others:
        number = f"{other.value:g}" if other.value is not None else "no number"
        yield f"visit {other.visit}: {other.item}  {other.censor}{number} {other.unit}"

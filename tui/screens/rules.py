"""The manual of the rules, with the limits of each profile."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, cast

from tui.screens.listing import Listing, ListingView
from tui.widgets.columns import Cell, Column
from tui.widgets.words import Line, Said, wrapped

if TYPE_CHECKING:
    from qc.triage.manual import RuleManual


class RulesView(ListingView):
    """Screen of the rules."""

    title_text = "rules"
    manual = "What each rule does, as its own author wrote it, and the limits that it has in each acceptance profile."
    columns = (Column("rule", 27), Column("scope", 8, rank=2), Column("what it says", 24, weight=1, rank=1))

    async def rows(self) -> list[Listing]:
        """Return every rule."""
        from qc.triage.manual import rule_manuals

        rules = await self.desk.act(lambda _: rule_manuals())
        return [
            Listing((Cell(rule.id, "strong"), Cell(rule.scope, "muted"), Cell(rule.headline)), rule.manual, rule)
            for rule in rules
        ]

    def details(self, about: object, width: int) -> Sequence[Line]:
        """Return the manual of a rule.

        Parameters
        ----------
        about : object
            The rule.
        width : int
            Columns of the screen.

        Returns
        -------
        sequence of Line
            Lines.
        """
        rule = cast("RuleManual", about)
        lines: list[Line] = [
            [Said(rule.id, is_bold=True), Said(f"  version {rule.version}, {rule.scope}", "muted")],
            [],
        ]
        for indent, text in _paragraphs(rule.manual):
            lines += wrapped(text, width, indent=indent) if text else [[]]
        for profile, limits in rule.limits.items():
            lines += [[], [Said(f"limits of {profile}", "note", is_bold=True)]]
            for limit in limits:
                words: Line = [
                    Said(f"  {limit['name']} ", "muted"),
                    Said(f"{limit['value']:g} {limit['unit']}", is_bold=True),
                    Said(f"  {limit['status']}", "good" if limit["status"] == "confirmed" else "warn"),
                ]
                lines += [words, *wrapped(str(limit["source"]), width, "muted", indent=4)]
        return lines


def _paragraphs(manual: str) -> list[tuple[int, str]]:
    """Join the lines of a paragraph, so that a narrow pane breaks it anew."""
    told: list[tuple[int, str]] = []
    for line in manual.splitlines():
        text, indent = line.strip().replace("``", "'"), len(line) - len(line.lstrip())
        if text and set(text) == {"-"}:
            told.append((indent, ""))  # a heading stands alone
            continue
        if text and told and told[-1][1] and told[-1][0] == indent and not text.startswith((".. ", "- ")):
            told[-1] = (indent, f"{told[-1][1]} {text}")
        else:
            told.append((indent, text))
    return told

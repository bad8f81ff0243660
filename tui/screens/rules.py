"""The manual of the rules, with the limits of each profile."""

from __future__ import annotations

import json
from collections.abc import Sequence
from typing import TYPE_CHECKING, cast

from tui.shell.list_view import ListRow, ListView
from tui.text.dossier_lines import limit_amount
from tui.text.manual_paragraphs import manual_paragraphs
from tui.widgets.columns import Cell, Column
from tui.widgets.words import Line, Span, wrapped

if TYPE_CHECKING:
    from qc.triage.rule_manual import RuleManual


class RulesView(ListView):
    """Screen of the rules."""

    title_text = "rules"
    rows_word = "rules"
    manual = "What each rule does, as its own author wrote it, and the limits that it has in each acceptance profile."
    columns = (Column("rule", 27), Column("scope", 8, rank=2), Column("what it says", 24, weight=1, rank=1))

    async def rows(self) -> list[ListRow]:
        """Return every rule."""
        from qc.triage.rule_manual import rule_manuals

        rules = await self.desk.act(lambda _: rule_manuals())
        return [
            ListRow((Cell(rule.id, "strong"), Cell(rule.scope, "muted"), Cell(rule.headline)), rule.manual, rule)
            for rule in rules
        ]

    def details(self, about: object, width: int) -> Sequence[Line]:
        """Return the manual of a rule."""
        rule = cast("RuleManual", about)
        about_it = f"  version {rule.version}, judges one {rule.scope}"
        lines: list[Line] = [[Span(rule.id, is_bold=True), Span(about_it, "muted")], []]
        advice = rule.guidance.sections() if rule.guidance else []
        for at, (heading, texts) in enumerate([*manual_paragraphs(rule.manual), *advice]):
            if heading:
                lines += [[], [Span(heading, "note", is_bold=True)]]
            for text in texts:
                lines += wrapped(text, width)
            if not at:
                lines += self._limits(rule, width)
        return lines

    def _limits(self, rule: RuleManual, width: int) -> list[Line]:
        lines: list[Line] = []
        profiles: dict[str, list[str]] = {}
        for profile, limits in rule.limits.items():
            profiles.setdefault(json.dumps([dict(limit) for limit in limits], sort_keys=True), []).append(profile)
        for named in profiles.values():
            lines += [[], *wrapped(f"Limits of {', '.join(named)}", width, "note")]
            for limit in rule.limits[named[0]]:
                words: Line = [
                    Span(f"  {limit['name'].replace('_', ' ')} ", "muted"),
                    Span(limit_amount(limit), is_bold=True),
                    Span(f"  {limit['status']}", "good" if limit["status"] == "confirmed" else "warn"),
                ]
                lines += [words, *wrapped(str(limit["source"]), width, "muted", indent=4)]
        return lines

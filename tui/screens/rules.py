"""The manual of the rules, with the limits of each profile."""

from __future__ import annotations

import json
from collections.abc import Sequence
from typing import TYPE_CHECKING, cast

from tui.screens.listing import Listing, ListingView
from tui.widgets.columns import Cell, Column
from tui.widgets.words import Line, Said, wrapped

if TYPE_CHECKING:
    from qc.triage.manual import RuleManual

_HEADINGS = {
    "": "",
    "Notes": "How it works",
    "Parameters": "What it looks at",
    "Returns": "What it says",
    "Raises": "When it cannot judge",
    "References": "Sources",
}
_OF_PROGRAM = ("Parameters", "Returns", "Raises")


class RulesView(ListingView):
    """Screen of the rules."""

    title_text = "rules"
    rows_word = "rules"
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
        about_it = f"  version {rule.version}, judges one {rule.scope}"
        lines: list[Line] = [[Said(rule.id, is_bold=True), Said(about_it, "muted")], []]
        told = _sections(rule.manual)
        for heading in _HEADINGS:
            if not told.get(heading):
                continue
            if _HEADINGS[heading]:
                lines += [[], [Said(_HEADINGS[heading], "note", is_bold=True)]]
            for indent, text in _paragraphs(told[heading]):
                lines += wrapped(text, width, indent=indent) if text else [[]]
            if not heading:
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
                    Said(f"  {limit['name'].replace('_', ' ')} ", "muted"),
                    Said(f"{limit['value']:g} {limit['unit']}", is_bold=True),
                    Said(f"  {limit['status']}", "good" if limit["status"] == "confirmed" else "warn"),
                ]
                lines += [words, *wrapped(str(limit["source"]), width, "muted", indent=4)]
        return lines


def _sections(manual: str) -> dict[str, list[str]]:
    """Sort the lines of a manual under their headings; names of arguments and classes are left to programmers."""
    told: dict[str, list[str]] = {"": []}
    heading, lines = "", manual.splitlines()
    for at, line in enumerate(lines):
        below = lines[at + 1].strip() if at + 1 < len(lines) else ""
        if below and set(below) == {"-"}:
            heading = line.strip()
            told[heading] = []
        elif set(line.strip()) != {"-"} and not (heading in _OF_PROGRAM and line.strip() and line[0] != " "):
            told[heading].append(line[4:] if heading in _OF_PROGRAM else line)
    return told


def _paragraphs(lines: Sequence[str]) -> list[tuple[int, str]]:
    """Join the lines of a paragraph, so that a narrow pane breaks it anew."""
    told: list[tuple[int, str]] = []
    for line in "\n".join(lines).strip("\n").splitlines():
        text, indent = line.strip().replace("``", "'").removeprefix(".. "), len(line) - len(line.lstrip())
        is_new = line.lstrip().startswith((".. ", "- "))
        if text and told and told[-1][1] and not is_new and (told[-1][0] == indent or told[-1][1].startswith("[")):
            told[-1] = (told[-1][0], f"{told[-1][1]} {text}")
        else:
            told.append((indent, text))
    return told

"""Twin of the screen 'rules': the manual of every rule."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

from schemas.json_model import JsonModel
from tui.twins.line_words import ScreenJson, limit_words, numbered

if TYPE_CHECKING:
    from qc.api.lab import Lab
    from qc.triage.rule_manual import RuleManual


@dataclass(frozen=True, slots=True)
class RulesTwin(JsonModel):
    """Twin of the screen 'rules'."""

    json_keys = "screen rules"

    rules: list[RuleManual]
    """Manual of every rule."""
    screen: Literal["rules"] = "rules"
    """Name of the screen."""


def answer(lab: Lab, begin: str, order: str, most: int) -> RulesTwin:
    """Return what the screen 'rules' shows."""
    from qc.triage.rule_manual import rule_manuals

    return RulesTwin([rule for rule in rule_manuals() if begin in rule.id])


def lines(screen: ScreenJson) -> Iterator[str]:
    """Write it line by line."""
    from tui.text.manual_paragraphs import manual_paragraphs

    yield f"rules: {len(screen['rules'])}"
    for place, rule in numbered(screen["rules"]):
        yield f"rule {place}: {rule['id']}, version {rule['version']}, judges one {rule['scope']}"
        for heading, texts in manual_paragraphs(rule["manual"]):
            yield from (f"  {heading + ': ' if heading else ''}{text}" for text in texts)
        for profile, limits in rule["limits"].items():
            for limit in limits:
                yield f"  limit of {profile}: {limit_words(limit)}"
        if rule["guidance"]:
            yield from _advice(rule["guidance"])


def _advice(card: ScreenJson) -> Iterator[str]:
    yield from (f"  look at {place}: {text}" for place, text in numbered(card["look"]))
    yield from (f"  then {place}: {text}" for place, text in numbered(card["act"]))
    yield f"  write down: {card['record']}"

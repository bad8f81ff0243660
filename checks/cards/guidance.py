"""Cards of guidance: for each rule what to look at, in this order, what to do, and what to write down."""

from __future__ import annotations

import tomllib
from dataclasses import dataclass
from functools import cache

from schemas.finding import Status
from schemas.json_model import JsonModel
from schemas.toml_shipped import shipped_table, shipped_texts
from schemas.toml_table import TomlTable


@dataclass(frozen=True, slots=True, kw_only=True)
class Card(TomlTable, JsonModel):
    """What a person does when a rule speaks."""

    json_keys = "look act record source status"

    rules: tuple[str, ...]
    """Ids of the rules that it is for."""
    look: tuple[str, ...]
    """Likely causes, in the order in which to look at them."""
    act: tuple[str, ...]
    """What to do, in order."""
    record: str
    """What to write down with the decision."""
    source: str
    """Where it comes from."""
    status: Status
    """``confirmed``, ``unconfirmed`` or ``proposed``."""

    def sections(self) -> list[tuple[str, list[str]]]:
        """Return the card as headings with their paragraphs.

        Returns
        -------
        list of tuple
            What to look at and what to do, numbered; what to write down; the source.
        """
        return [
            ("Look at, in this order", [f"{place}. {one}" for place, one in enumerate(self.look, start=1)]),
            ("Then", [f"{place}. {one}" for place, one in enumerate(self.act, start=1)]),
            ("Write down", [self.record]),
            ("Source of this advice", [f"{self.source} ({self.status})"]),
        ]


@dataclass(frozen=True, slots=True, kw_only=True)
class CardFile(TomlTable):
    """One file of cards."""

    card: tuple[Card, ...]
    """Its cards; a rule stands on one of them."""


@cache
def cards() -> dict[str, Card]:
    """Return the card of every rule that has one.

    Returns
    -------
    dict of str to Card
        By id of the rule.
    """
    found: dict[str, Card] = {}
    for text in shipped_texts("checks", "cards").values():
        for card in shipped_table(tomllib.loads(text), CardFile).card:
            found |= dict.fromkeys(card.rules, card)
    return found


def card_of(rule_id: str) -> Card | None:
    """Return the card of a rule.

    Parameters
    ----------
    rule_id : str
        Id.

    Returns
    -------
    Card or None
        None for a rule of a suite or of another package, which has none.
    """
    return cards().get(rule_id)

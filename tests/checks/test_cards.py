from __future__ import annotations

import tomllib
from collections import Counter

from checks.cards.guidance import CardFile, cards
from checks.registry import foreign_rules, rules
from schemas.toml_shipped import shipped_table, shipped_texts


def test_every_rule_stands_on_one_card_and_every_card_is_of_a_rule():
    files = [shipped_table(tomllib.loads(text), CardFile) for text in shipped_texts("checks", "cards").values()]
    n_cards = Counter(rule for file in files for card in file.card for rule in card.rules)
    shipped = set(rules()) - set(foreign_rules())

    lacking = sorted(shipped - set(n_cards))
    assert not lacking, f"Add {lacking} to a card in checks/cards/: what to look at, do and write down."
    assert set(n_cards) <= shipped
    assert max(n_cards.values()) == 1


def test_a_card_has_sentences_to_do_and_to_write_down():
    for rule, card in cards().items():
        assert card.look, rule
        assert all(text.endswith(".") and text[0].isupper() for text in (*card.act, card.record)), (rule, card)
        assert not any(text.endswith(".") for text in card.look), rule

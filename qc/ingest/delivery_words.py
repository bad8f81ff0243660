"""The words of a laboratory by which a delivery was read: kept with it, so that it is read again by the same."""

from __future__ import annotations

from dataclasses import replace
from functools import lru_cache
from typing import TYPE_CHECKING

from qc.ingest.delivery import Delivery, Part
from schemas.lab_words import LabWords, read_lab_words

if TYPE_CHECKING:
    from qc.store.connection import Connection

_NAME = "words.toml"
_MOST_PARTS = 5
"""Files of a delivery: its main one, plate map, run sheet, mapping and words."""
_BEFORE = f"""
    SELECT delivery_sha256, part, sha256 FROM sources WHERE applies IS NULL
    ORDER BY source_id DESC LIMIT {_MOST_PARTS}
"""  # noqa: S608 - a constant
_CHANGED = (
    "words.toml is otherwise than for the delivery before this one: what came in earlier keeps the words by which it "
    "was read."
)


def with_words(delivery: Delivery, text: str) -> Delivery:
    """Return a delivery with the text of ``words.toml``; without it where that declares nothing."""
    return delivery if _words(text).is_empty else replace(delivery, words=Part("words", _NAME, text.encode()))


def words_of_delivery(delivery: Delivery) -> LabWords:
    """Return the words by which a delivery is read."""
    return _words(delivery.words.content.decode()) if delivery.words else LabWords()


@lru_cache(maxsize=8)
def _words(text: str) -> LabWords:
    return read_lab_words(text) if text else LabWords()


def changed_words_sentence(con: Connection, delivery: Delivery) -> str:
    """Say that the words of the lab have changed since the delivery before; to be asked before this one is written.

    Returns
    -------
    str
        Sentence; empty where they are the same, or there was none before.
    """
    last_parts = con.execute(_BEFORE).fetchall()
    before = {sha256 for of, part, sha256 in last_parts if part == "words" and of == last_parts[0][0]}
    now = {delivery.words.sha256} if delivery.words else set()
    return _CHANGED if last_parts and before != now else ""

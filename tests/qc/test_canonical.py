from __future__ import annotations

import hashlib
import json
from datetime import UTC, date, datetime, timedelta, timezone
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from schemas.canonical import canonical_json, sha256_file, sha256_text, utc_text

_LEAVES = st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False, allow_infinity=False) | st.text()
_TREES = st.recursive(_LEAVES, lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner), max_leaves=20)


@pytest.mark.parametrize(
    "value, text",
    [
        ({"b": 1, "a": 2}, '{"a":2,"b":1}'),
        ((1, [2.0, 0.1]), "[1,[2.0,0.1]]"),
        ("µg α –", '"µg α –"'),
        ('"\\\n', '"\\"\\\\\\n"'),
        (1e22, "1e+22"),
        (True, "true"),
        (date(2026, 3, 1), '"2026-03-01"'),
        (datetime(2026, 3, 1, 8, 15, tzinfo=UTC), '"2026-03-01T08:15:00.000000Z"'),
        (datetime(2026, 3, 1, 8, 15), '"2026-03-01T08:15:00.000000Z"'),
        (datetime(2026, 3, 1, 8, 15, tzinfo=timezone(timedelta(hours=2))), '"2026-03-01T06:15:00.000000Z"'),
    ],
)
def test_a_value_has_one_text(value: object, text: str) -> None:
    assert canonical_json(value) == text


@pytest.mark.parametrize(
    "value", [float("nan"), float("inf"), {"a": [-float("inf")]}, {1: "a"}, b"bytes", {1, 2}, "\ud800", {"\ud800": 1}]
)
def test_what_has_no_json_is_refused(value: object) -> None:
    with pytest.raises(ValueError, match=r"\w"):
        canonical_json(value)


@given(_TREES)
@settings(deadline=None, max_examples=100)
def test_the_text_says_the_value_again(tree: object) -> None:
    try:
        text = canonical_json(tree)
    except UnicodeEncodeError:
        return

    assert json.loads(text) == tree
    assert canonical_json(json.loads(text)) == text


@given(st.dictionaries(st.text(alphabet="abcµ"), st.integers(), min_size=2))
@settings(deadline=None, max_examples=50)
def test_the_order_of_keys_does_not_matter(tree: dict[str, int]) -> None:
    assert canonical_json(tree) == canonical_json(dict(reversed(tree.items())))


def test_hashes_are_those_of_the_standard() -> None:
    # FIPS 180-4 example: SHA-256 of "abc".
    assert sha256_text("abc") == "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"


def test_a_file_larger_than_one_piece_has_the_hash_of_its_bytes(tmp_path: Path) -> None:
    content = bytes(range(256)) * 5000
    (tmp_path / "plate.txt").write_bytes(content)

    assert sha256_file(tmp_path / "plate.txt") == hashlib.sha256(content).hexdigest()


def test_moments_sort_as_their_texts() -> None:
    moments = [datetime(2026, 3, 1, 8, 15, second, micro) for second in (0, 59) for micro in (0, 5, 999_999)]

    assert sorted(map(utc_text, moments)) == [utc_text(moment) for moment in moments]

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, date, datetime
from enum import StrEnum
from pathlib import PurePosixPath
from typing import Any

import numpy as np
import pytest

from schemas.json_model import TO_THE_SECOND, JsonModel, json_value


class Colour(StrEnum):
    RED = "red"


@dataclass(frozen=True, slots=True)
class Seen(JsonModel):
    as_of: int
    over: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Item(JsonModel):
    json_keys = "name open=is_open *seen why? double"
    json_time_format = TO_THE_SECOND

    name: str
    is_open: bool
    seen: Seen | None
    why: Any = ""

    @property
    def double(self) -> str:
        return self.name * 2


@dataclass(frozen=True, slots=True)
class Act(JsonModel):
    at: datetime


@dataclass(frozen=True, slots=True)
class ActToTheSecond(Act):
    json_time_format = TO_THE_SECOND


@dataclass(frozen=True)
class Plain:
    value: float


def test_a_model_without_keys_has_one_for_each_field():
    assert list(Seen(3, ("a",)).as_json().items()) == [("as_of", 3), ("over", ["a"])]


def test_keys_come_in_the_order_that_the_class_names():
    told = Item("x", True, Seen(3), "late").as_json()

    assert list(told.items()) == [
        ("name", "x"),
        ("open", True),
        ("as_of", 3),
        ("over", []),
        ("why", "late"),
        ("double", "xx"),
    ]


@pytest.mark.parametrize("why", ["", None, [], (), {}])
def test_an_optional_key_is_left_out_where_it_is_empty(why):
    assert "why" not in Item("x", True, None, why).as_json()


@pytest.mark.parametrize("why", [0, False, 0.0])
def test_an_optional_key_stands_where_it_is_nought_or_false(why):
    assert Item("x", True, None, why).as_json()["why"] == why


def test_a_model_that_is_not_there_adds_no_key():
    assert list(Item("x", True, None).as_json()) == ["name", "open", "double"]


def test_times_are_written_as_the_class_says():
    at = datetime(2026, 11, 29, 7, 8, 9, 123, tzinfo=UTC)

    assert Act(at).as_json() == {"at": "2026-11-29T07:08:09.000123+00:00"}
    assert ActToTheSecond(at).as_json() == {"at": "2026-11-29T07:08:09Z"}


@pytest.mark.parametrize(
    "value, expected",
    [
        (Colour.RED, "red"),
        (PurePosixPath("a/b"), "a/b"),
        (date(2026, 11, 29), "2026-11-29"),
        (np.array([1.0, 2.0]), [1.0, 2.0]),
        (np.int64(3), 3),
        (Plain(2.5), {"value": 2.5}),
        ({"a": (Plain(1.0), None)}, {"a": [{"value": 1.0}, None]}),
    ],
)
def test_a_value_becomes_what_json_knows(value, expected):
    made = json_value(value)

    assert made == expected
    assert type(made) is type(expected)

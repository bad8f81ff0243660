"""The collector of circular garbage: how often it looks while a lab works, and afterwards."""

from __future__ import annotations

import gc
from collections.abc import Iterator

import pytest

import qc.assess.assess
from qc.api.lab import Lab
from qc.collector import NEW_OBJECTS, collect_seldom, seldom_collected
from qc.workers import worker_pool


@pytest.fixture(autouse=True)
def as_before() -> Iterator[None]:
    before = gc.get_threshold()
    yield
    gc.set_threshold(*before)


@seldom_collected()
def _fail_within(seen: list[tuple[int, int, int]]) -> None:
    seen.append(gc.get_threshold())
    _ = 1 / 0


@pytest.mark.parametrize(
    ("often", "then"), [(700, NEW_OBJECTS), (NEW_OBJECTS + 1, NEW_OBJECTS + 1), (0, 0)], ids=["usual", "seldom", "off"]
)
def test_the_collector_looks_seldom_for_a_while_and_as_its_owner_set_it_after_an_error(often: int, then: int) -> None:
    gc.set_threshold(often, 7, 8)

    with pytest.raises(ZeroDivisionError):
        _fail_within(seen := [])

    assert seen == [(then, 7, 8)]
    assert gc.get_threshold() == (often, 7, 8)


def test_a_lab_judges_with_a_collector_that_looks_seldom(fresh_lab: Lab, monkeypatch: pytest.MonkeyPatch) -> None:
    seen: list[int] = []
    own = qc.assess.assess.load_rule_set
    monkeypatch.setattr(
        qc.assess.assess, "load_rule_set", lambda *given: (seen.append(gc.get_threshold()[0]), own(*given))[1]
    )
    before = gc.get_threshold()

    fresh_lab.assess()

    assert seen == [max(before[0], NEW_OBJECTS)]
    assert gc.get_threshold() == before


def test_a_helping_process_begins_with_a_collector_that_looks_seldom() -> None:
    with worker_pool(1) as pool:
        assert pool.submit(gc.get_threshold).result()[0] == NEW_OBJECTS


def test_a_process_that_is_ours_looks_seldom_from_its_start() -> None:
    collect_seldom()

    assert gc.get_threshold()[0] >= NEW_OBJECTS

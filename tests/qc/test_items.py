from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from qc.items.names import Item, item_of_finding, item_of_result, parse_item
from schemas.errors import ConfigError
from schemas.finding import Finding, Scope, Verdict


@pytest.mark.parametrize("name", ["R12", "R12/ferritin", "R12.5", "R12/ACE_CD143", "R12/IL 12/23 (p40)", "R12/β-NGF"])
def test_a_name_is_read_back_as_it_was_written(name):
    assert str(parse_item(name)) == name


@pytest.mark.parametrize(
    "name",
    [
        "",
        "12",
        "R0",
        "R12.",
        "R12.0",
        "R12/",
        "R12/iron ",
        "R12//",
        "R12/a\nb",
        "R12.5/iron",
        "r12",
        "R12; DROP",
        "R1\n",
    ],
)
def test_anything_else_is_refused(name):
    with pytest.raises(ConfigError, match="is not an item"):
        parse_item(name)


@given(st.integers(1, 10**9), st.integers(1, 10**6))
def test_a_result_id_carries_run_and_ordinal(run_id, ordinal):
    result_id = Item(run_id, ordinal=ordinal).result_id

    assert item_of_result(result_id) == Item(run_id, ordinal=ordinal)


@pytest.mark.parametrize(
    ("scope", "key", "item"),
    [
        (Scope.RUN, {}, "R3"),
        (Scope.ANALYTE, {"analyte": "iron"}, "R3/iron"),
        (Scope.CONTROL, {"analyte": "iron", "material": "M", "level": "L1", "lot": "1"}, "R3/iron"),
        (Scope.RESULT, {"result": 7}, "R3.7"),
        (Scope.WELL, {"plate": "P", "well": "A1"}, "R3"),
    ],
)
def test_a_finding_holds_what_its_scope_says(scope, key, item):
    finding = Finding("a.b", Verdict.WARN, scope, key, "A sentence.")

    assert str(item_of_finding(3, finding)) == item

from __future__ import annotations

from typing import Any

import pytest
from reference_cases import each_case

from checks.trials.adjust import adjust
from schemas.errors import ReaderError


@pytest.mark.parametrize("case", each_case("multiplicity"))
def test_the_reference_answers_of_p_adjust_are_met(case: dict[str, Any]) -> None:
    p_values = case["input"]["p"]
    rows = [f"t{n},{'' if p is None else repr(p)}" for n, p in enumerate(p_values)]

    outcome = adjust("\n".join(["name,p", *rows]))

    for ours, theirs in (("holm", "holm"), ("bh", "BH")):
        assert [p is None for p in outcome[ours].values()] == [p is None for p in case["expected"][theirs]]
        tested = [p for p in outcome[ours].values() if p is not None]
        assert tested == pytest.approx([p for p in case["expected"][theirs] if p is not None], rel=1e-12)
    assert outcome["n_tested"] == case["expected"]["m_used"]


def test_what_was_not_tested_does_not_count_in_the_family() -> None:
    outcome = adjust("name,p\na,0.03\nb,\nc,0.04\n")

    assert outcome["holm"] == {"a": 0.06, "b": None, "c": 0.06}
    assert outcome["bh"] == {"a": 0.04, "b": None, "c": 0.04}


@pytest.mark.parametrize("text", ["name\na\n", "name,p\na,0.1\na,0.2\n", "name,p\na,1.1\n", "name,p\na,x\n"])
def test_a_file_that_cannot_be_judged_is_refused(text: str) -> None:
    with pytest.raises(ReaderError):
        adjust(text)

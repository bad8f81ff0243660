from __future__ import annotations

import math
from dataclasses import dataclass
from statistics import stdev

import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from qc.assess.prepare.reported_rows import reported_results
from schemas.run import Run
from schemas.value import parse_value

KEYS = ("role", "sample", "analyte", "matrix", "unit", "dilution", "method", "material", "level", "lot")


@dataclass(frozen=True)
class ReportedRun:
    run: Run
    reported: pl.DataFrame


def reported(*rows: dict[str, object]) -> ReportedRun:
    texts = ("analyte", "matrix", "unit", "method", "replicate", "material", "level", "lot", "reagent_lot", "flag")
    blank = dict.fromkeys(texts, "")
    full = [
        blank
        | dict.fromkeys(("lloq", "lod", "uloq"))
        | {"line": line, "role": "sample", "sample": "S1", "dilution": 1.0, "decimal_comma": False}
        | row
        for line, row in enumerate(rows, start=2)
    ]
    return ReportedRun(
        Run(run="r", analyte="iron", matrix="serum", unit="ug/dL", method="colorimetric"), pl.DataFrame(full)
    )


def one_by_one(rows: list[dict[str, object]]) -> list[list[dict[str, object]]]:
    groups: list[list[dict[str, object]]] = []
    for row in rows:
        key = [row[name] for name in KEYS]
        is_named = row["replicate"] != "" and row["role"] == "sample"
        alike = [g for g in groups if g[0]["group"] and [g[0][name] for name in KEYS] == key]
        if is_named and not any(other["replicate"] == row["replicate"] for g in alike for other in g):
            if alike:
                alike[0].append(row | {"group": True})
            else:
                groups.append([row | {"group": True}])
        else:
            groups.append([row | {"group": False}])
    return groups


ROWS = st.fixed_dictionaries(
    {
        "role": st.sampled_from(["sample", "sample", "control"]),
        "sample": st.sampled_from(["S1", "S2"]),
        "analyte": st.sampled_from(["iron", ""]),
        "replicate": st.sampled_from(["", "1", "2", "3"]),
        "text": st.sampled_from(["1", "2.5", "0", "-3", "<0.5", ">9", "", "NA", "clotted", "1e-3", "OOR <", "*7"]),
        "decimal_comma": st.just(value=False),
    }
)


@given(st.lists(ROWS, min_size=1, max_size=12))
@settings(deadline=None, max_examples=150)
def test_replicates_are_averaged_as_when_taken_one_by_one(rows: list[dict[str, object]]) -> None:
    run = reported(*rows)

    told = reported_results([run]).to_dicts()  # type: ignore[list-item]

    groups = one_by_one(run.reported.to_dicts())
    assert [row["line"] for row in told] == [group[0]["line"] for group in groups]
    for row, group in zip(told, groups, strict=True):
        values = [parse_value(str(one["text"])) for one in group]
        numbers = [value.number for value in values if value.number is not None]
        odd = next((value for value in values if value.state != "number"), values[0])
        said = next((value for value in values if value.number is None), odd)
        assert row["text"] == " | ".join(str(one["text"]) for one in group)
        assert row["number"] == (math.fsum(numbers) / len(numbers) if len(numbers) == len(values) else None)
        assert (row["censor"], row["limit"], row["value_state"]) == (said.censor, said.limit, said.state.value)
        assert row["n_replicates"] == len(group)
        if len(numbers) > 1 and sum(numbers):
            mean = math.fsum(numbers) / len(numbers)
            assert row["cv_percent"] == pytest.approx(100 * stdev(numbers) / abs(mean), rel=1e-12)
        else:
            assert row["cv_percent"] is None


def test_what_a_row_does_not_say_is_the_run_s() -> None:
    told = reported_results([reported({"text": "5"})]).to_dicts()  # type: ignore[list-item]

    assert [(row["analyte"], row["matrix"], row["unit_text"], row["method"]) for row in told] == [
        ("iron", "serum", "ug/dL", "colorimetric")
    ]


def test_the_marks_of_replicates_are_told_once_each() -> None:
    rows = [{"text": "5", "replicate": str(n), "flag": flag} for n, flag in enumerate(["", "H", "late", "H"], start=1)]

    (told,) = reported_results([reported(*rows)]).to_dicts()  # type: ignore[list-item]

    assert (told["flag"], told["n_replicates"]) == ("H, late", 4)

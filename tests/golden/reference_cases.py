"""Reference cases for tests: those of this folder, and those that stand beside the checkout."""

from __future__ import annotations

import json
import tomllib
from pathlib import Path
from typing import Any

import pytest

OWN = Path(__file__).resolve().parent
BESIDE = OWN.parents[1].parent / "shared"
"""Data sets of others; the whole folder may be missing, the tests marked `shared` are then skipped."""


def own_cases(family: str) -> list[dict[str, Any]]:
    file = OWN / family / "cases.json"
    return json.loads(file.read_text(encoding="utf-8")) if file.exists() else []


def names_beside(family: str) -> dict[str, str]:
    """Give the source of each case that is no part of this project, by its id."""
    return tomllib.loads((OWN / "beside.toml").read_text(encoding="utf-8")).get(family, {})


def cases_beside(family: str) -> list[dict[str, Any]]:
    """Give the cases of `beside.toml`; none where the folder is not there."""
    file = BESIDE / "golden" / family / "cases.json"
    if not file.exists():
        return []
    by_id = {case["id"]: case for case in json.loads(file.read_text(encoding="utf-8"))}
    return [by_id[name] for name in names_beside(family)]


def each_case(family: str) -> list[Any]:
    """Give one parameter a case; one that stands beside the checkout is there by its id even where it is missing."""
    found = {case["id"]: case for case in cases_beside(family)}
    return [pytest.param(case, id=case["id"]) for case in own_cases(family)] + [
        pytest.param(found.get(name), id=name, marks=pytest.mark.shared) for name in names_beside(family)
    ]


def all_cases(family: str) -> list[Any]:
    """Give one parameter for all cases of this folder, and one for all that stand beside the checkout."""
    own, beside = own_cases(family), names_beside(family)
    return [pytest.param(own, id="own")] * bool(own) + [
        pytest.param(cases_beside(family), id="beside", marks=pytest.mark.shared)
    ] * bool(beside)

from __future__ import annotations

import tomllib

import pytest

from checks.cards.guidance import CardFile
from checks.profile import ProfileFile
from checks.rule_sets.named import NamedRules
from schemas.catalogue_file import AnalyteFile
from schemas.toml_file import table_of
from schemas.toml_shipped import shipped_table, shipped_texts

SHIPPED = [
    (model, folder, name, text)
    for model, package, folder in (
        (AnalyteFile, "schemas", "analytes"),
        (ProfileFile, "checks", "profiles"),
        (dict[str, NamedRules], "checks", "rule_sets"),
        (CardFile, "checks", "cards"),
    )
    for name, text in shipped_texts(package, folder).items()
]


@pytest.mark.parametrize(("model", "folder", "name", "text"), SHIPPED, ids=[f"{one[1]}-{one[2]}" for one in SHIPPED])
def test_a_shipped_file_is_as_declared_and_filled_in_as_pydantic_reads_it(model, folder, name, text):
    tree, faults = tomllib.loads(text), []

    read = table_of(tree, model, faults)

    assert faults == []
    assert shipped_table(tree, model) == read

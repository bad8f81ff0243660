from __future__ import annotations

import json

import pytest
from reference_cases import OWN, names_beside, own_cases

FAMILIES = sorted(file.parent.name for file in OWN.glob("*/cases.json"))
# Read from a package or a copy of the NIST archive; the figures are those of the publication in the README.
PRINTED = {"pub_sleep", "pub_shoes", "pub_depression", "pub_tobacco", "pub_intake", "rep_rounding", "cv_michelson"}


@pytest.mark.parametrize("family", FAMILIES)
def test_every_case_of_this_folder_is_constructed_certified_by_nist_or_printed(family):
    others = {
        case["id"]
        for case in own_cases(family)
        if not case["input"].get("obtained_via", "constructed").startswith(("constructed", "closed form"))
        and not case["input"]["source"].startswith("NIST StRD")
    }

    assert others <= PRINTED


@pytest.mark.parametrize("name", sorted(PRINTED | {"w63"}))
def test_every_printed_case_has_its_publication_in_the_readme(name):
    assert f"| {name} |" in (OWN / "README.md").read_text(encoding="utf-8")


def test_every_case_beside_the_checkout_is_named_and_those_of_this_folder_are_the_same(shared):
    for file in sorted((shared / "golden").glob("*/cases.json")):
        family = file.parent.name
        found = {case["id"]: case for case in json.loads(file.read_text(encoding="utf-8"))}
        own = {case["id"]: case for case in own_cases(family)}

        assert own | {name: found[name] for name in names_beside(family)} == found

from __future__ import annotations

import json
import re

import pytest

from qc.cli.main import _outcome
from qc.lab.catalogue.new_entry import draft_entry, faults_of_draft
from schemas.catalogue import load_catalogue
from schemas.errors import ConfigError


@pytest.fixture
def qc(fresh_lab, capsys):
    def run(*words):
        code = _outcome([*words, "--lab", str(fresh_lab.paths.root)])
        return code, capsys.readouterr()

    return run


def filled_in(text):
    """Fill in every number and source of a draft."""
    text = re.sub(r"^# (low|value) =.*$", r"\1 = 1", text, flags=re.M)
    text = re.sub(r"^# high =.*$", "high = 100", text, flags=re.M)
    return text.replace('source = ""', 'source = "Kit insert 4711, 2025"')


@pytest.mark.parametrize("like", sorted(load_catalogue().analytes))
def test_a_draft_like_any_analyte_lacks_sources_and_is_whole_once_they_are_filled_in(like, tmp_path):
    path = draft_entry(tmp_path, load_catalogue(), "il6", like=like, matrices=[], name="IL-6")
    lacks = faults_of_draft(path)
    path.write_text(filled_in(path.read_text(encoding="utf-8")), encoding="utf-8")

    assert any("source" in str(fault) for fault in lacks)
    assert faults_of_draft(path) == []


def test_a_new_analyte_counts_once_every_number_has_a_source_and_never_before(qc, fresh_lab):
    new, _ = qc("catalogue", "new", "il6", "--like", "tnf_alpha", "--called", "IL-6")
    draft = fresh_lab.paths.catalogue / "il6.toml.draft"
    refused, told = qc("catalogue", "add", "il6")
    unknown, _ = qc("catalogue", "show", "IL-6")
    draft.write_text(filled_in(draft.read_text(encoding="utf-8")), encoding="utf-8")
    added, _ = qc("catalogue", "add", "il6")
    shown, answer = qc("catalogue", "show", "IL-6", "--json")

    assert (new, refused, unknown, added, shown) == (0, 2, 2, 0, 0)
    assert "source" in told.err
    units = {name: one["unit"] for name, one in json.loads(answer.out)["matrices"].items()}
    assert units == {name: entry.unit for name, entry in load_catalogue().analytes["tnf_alpha"].matrices.items()}


def test_a_draft_takes_no_number_over(tmp_path):
    text = draft_entry(tmp_path, load_catalogue(), "il6", like="tnf_alpha", matrices=[]).read_text(encoding="utf-8")

    assert not re.findall(r"^(low|high|value) = ", text, flags=re.M)
    assert not re.findall(r'source = "[^"]', text)


def test_a_matrix_is_added_to_an_analyte_by_any_word_for_it(qc, fresh_lab):
    code, _ = qc("catalogue", "new", "ferritin", "--matrix", "EDTA plasma")
    draft = fresh_lab.paths.catalogue / "ferritin.toml.draft"
    draft.write_text(filled_in(draft.read_text(encoding="utf-8")), encoding="utf-8")
    added, _ = qc("catalogue", "add", "ferritin")
    _, answer = qc("catalogue", "show", "ferritin", "--json")

    assert (code, added) == (0, 0)
    assert "plasma_edta" in json.loads(answer.out)["matrices"]


@pytest.mark.parametrize(
    ("words", "sentence"),
    [
        (("il6",), "Say with --like"),
        (("il6", "tnf_alpa"), "Did you mean 'tnf_alpha'?"),
        (("IL-6", "nfl"), "is no id"),
        (("tnf", "nfl"), "is another name of 'tnf_alpha'"),
        (("ferritin",), "say with --matrix"),
        (("ferritin", "", "serum"), "has an entry for 'serum' already"),
        (("ferritin", "", "Urinn!"), "is no matrix"),
    ],
)
def test_what_cannot_be_drawn_up_is_refused_with_the_way_on(words, sentence, tmp_path):
    analyte, like, matrix = [*words, "", ""][:3]

    with pytest.raises(ConfigError, match=re.escape(sentence)):
        draft_entry(tmp_path, load_catalogue(), analyte, like=like, matrices=[matrix] if matrix else [])

from __future__ import annotations

import tomllib
from importlib import resources

import pytest

from schemas.catalogue import load_catalogue, with_lab_words
from schemas.lab_words import LabWords
from schemas.matrix_names import matrix_named
from schemas.names import plain_name

WORDS = tomllib.loads((resources.files("schemas") / "words" / "matrices.toml").read_text(encoding="utf-8"))


def test_each_word_names_one_matrix_and_is_found_however_it_is_written():
    plain = [(plain_name(word), matrix) for matrix, words in WORDS.items() for word in (matrix, *words)]

    assert len(dict(plain)) == len({word for word, _ in plain})
    assert {word: matrix_named(word.upper()) for word, _ in plain} == dict(plain)
    assert len({matrix for word, matrix in set(plain)}) == len(WORDS)


@pytest.mark.parametrize(
    ("written", "matrix"),
    [
        ("K2-EDTA plasma", "plasma_edta"),
        ("Plasma", "plasma"),
        ("Vollblut", "whole_blood"),
        ("Tränen", "tears"),
        ("mud", None),
    ],
)
def test_the_catalogue_knows_a_matrix_that_no_analyte_has_limits_for(written, matrix):
    assert load_catalogue().matrix_id(written) == matrix


def test_a_word_of_a_laboratory_may_stand_for_any_of_them():
    catalogue = with_lab_words(load_catalogue(), LabWords(matrices={"Monovette rot": "plasma_edta"}))

    assert catalogue.matrix_id("monovette ROT") == "plasma_edta"
    assert catalogue.entry("ferritin", "plasma_edta") is None

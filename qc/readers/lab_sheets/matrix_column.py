"""A column called "Material" that names what was measured in, as laboratories in German write it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from schemas.catalogue import shipped_catalogue
from schemas.lab_words import LabWords, word_in
from schemas.text_tables.sheet import Row


def with_matrix(columns: Mapping[str, int], rows: Sequence[Row], words: LabWords) -> Mapping[str, int]:
    """Return the columns of a results table, with the matrix where it stands under the title of a control material.

    Returns
    -------
    mapping of str to int
        ``matrix`` in place of ``material`` where every row has a sample, and each cell of that column names a matrix:
        no control is called so, and a sample has no control material.
    """
    if "matrix" in columns or not {"material", "sample"} <= set(columns):
        return columns
    cells = {row.cell(columns["material"]) for row in rows}
    is_of_samples = all(row.cell(columns["sample"]) for row in rows)
    if not (cells - {""}) or not is_of_samples or not all(_is_matrix(cell, words) for cell in cells if cell):
        return columns
    return {"matrix" if ours == "material" else ours: index for ours, index in columns.items()}


def _is_matrix(text: str, words: LabWords) -> bool:
    meant = word_in(words.matrices, text)
    return shipped_catalogue().matrix_id(meant) is not None

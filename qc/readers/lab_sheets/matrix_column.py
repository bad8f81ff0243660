"""A column called "Material" that names what was measured in, as laboratories in German write it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from schemas.catalogue import shipped_catalogue
from schemas.headers.column_names import bare
from schemas.headers.header import Header
from schemas.lab_words import LabWords, word_in


def with_matrix(header: Header, titles: Mapping[str, str], words: LabWords) -> Header:
    """Return the header of a table, with the matrix where it stands under the title of a control material.

    Parameters
    ----------
    titles : mapping of str to str
        Our title by bare title.

    Returns
    -------
    Header
        ``matrix`` in place of ``material`` where each cell of that column names a matrix, since no control is called
        so, and either another column names the control material (``Kontrollmaterial``) or every row has a sample.
    """
    columns = header.columns
    if "matrix" in columns or "material" not in columns:
        return header
    cells = {row.cell(columns["material"]) for row in header.rows} - {""}
    if not cells or not all(_is_matrix(cell, words) for cell in cells):
        return header
    others = {**{ours: index for ours, index in columns.items() if ours != "material"}, "matrix": columns["material"]}
    material = next((i for i, cell in enumerate(header.row.cells)
                     if i != columns["material"] and titles.get(bare(cell)) == "material"), None)  # fmt: skip
    if material is not None:
        return replace(header, columns={**others, "material": material})
    is_of_samples = "sample" in columns and all(row.cell(columns["sample"]) for row in header.rows)
    return replace(header, columns=others) if is_of_samples else header


def _is_matrix(text: str, words: LabWords) -> bool:
    meant = word_in(words.matrices, text)
    return shipped_catalogue().matrix_id(meant) is not None

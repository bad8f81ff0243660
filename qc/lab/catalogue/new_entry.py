"""A catalogue file to fill in, drawn up like the one of an analyte that is there: no number is taken over."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Sequence
from pathlib import Path

from qc.lab.catalogue.catalogue_check import catalogue_faults
from qc.lab.catalogue.catalogue_files import texts_of, texts_of_folder
from schemas.analyte import Analyte, MatrixEntry
from schemas.catalogue import Catalogue
from schemas.catalogue_limit import RANGES, SINGLE_LIMITS, CatalogueLimit
from schemas.errors import ConfigError, Fault
from schemas.matrix_names import matrices_by_name, matrix_named
from schemas.names import did_you_mean
from schemas.ucum import factor_between

DRAFT = ".toml.draft"
"""Ending of a file that is still filled in: it counts for nothing."""
_TO_FILL_IN = '"unconfirmed"  # or "confirmed", "proposed"'


def draft_entry(
    folder: Path, catalogue: Catalogue, analyte: str, *, like: str, matrices: Sequence[str], name: str = ""
) -> Path:
    """Write a catalogue file to fill in.

    Parameters
    ----------
    analyte : str
        Id: of a new analyte, or of one that is there and gets a matrix.
    like : str
        Analyte whose units and kinds of limits it gets; empty means itself.
    matrices : sequence of str
        Matrices; empty means those of ``like``.
    name : str
        Name of a new analyte; empty means its id.

    Raises
    ------
    ConfigError
        If the id is none, nothing is like it, a matrix is no word for one, or a file is there already.
    """
    ids = [_matrix(word) for word in matrices]
    is_new = catalogue.analyte_id(analyte) is None
    _refuse_names(folder, catalogue, analyte, is_new=is_new, matrices=ids)
    model = _model(catalogue, like or ("" if is_new else analyte))
    lines = [*_head(analyte, model, name=name, is_new=is_new)]
    for matrix in ids or model.matrices:
        lines += _matrix_lines(matrix, model)
    folder.mkdir(exist_ok=True)
    path = folder / f"{analyte}{DRAFT}"
    path.write_text("\n".join([*lines, ""]), encoding="utf-8")
    return path


def add_draft(folder: Path, analyte: str) -> Path:
    """Put a file that was filled in into force.

    Raises
    ------
    ConfigError
        If there is no draft of it, a file is there already, or with every fault of the draft: what has no number, no
        source, and what does not go together with the rest of the catalogue.
    """
    draft, path = folder / f"{analyte}{DRAFT}", folder / f"{analyte}.toml"
    if not draft.is_file():
        raise ConfigError(f"'{draft}' is not there: 'qc catalogue new {analyte} --like ANALYTE' writes it.")
    if path.exists():
        raise ConfigError(f"'{path}' is there already: put what '{draft.name}' says into it.")
    texts = texts_of_folder(folder) | {path.name: texts_of([draft])[draft.name]}
    faults = catalogue_faults(texts)
    if faults:
        raise ConfigError(f"'{draft}' is not filled in; nothing of it counts yet.", faults)
    return draft.rename(path)


def _refuse_names(folder: Path, catalogue: Catalogue, analyte: str, *, is_new: bool, matrices: Sequence[str]) -> None:
    if not re.fullmatch(r"[a-z][a-z0-9_]*", analyte):
        raise ConfigError(f"'{analyte}' is no id; expected small letters, digits and underscores, such as 'il6'.")
    there = [path for path in (folder / f"{analyte}.toml", folder / f"{analyte}{DRAFT}") if path.exists()]
    if there:
        raise ConfigError(f"'{there[0]}' is there already: fill it in, or take it away first.")
    if is_new:
        return
    known = catalogue.analytes.get(analyte)
    if known is None:
        raise ConfigError(f"'{analyte}' is another name of '{catalogue.analyte_id(analyte)}', which is there.")
    if not matrices:
        raise ConfigError(f"'{analyte}' is there, for {' and '.join(known.matrices)}; say with --matrix what to add.")
    if double := [matrix for matrix in matrices if matrix in known.matrices]:
        raise ConfigError(f"'{analyte}' has an entry for '{double[0]}' already: 'qc catalogue show {analyte}'.")


def _matrix(word: str) -> str:
    named = matrix_named(word) or word
    if not re.fullmatch(r"[a-z][a-z0-9_]*", named):
        known = sorted(set(matrices_by_name().values()))
        raise ConfigError(f"'{word}' is no matrix.{did_you_mean(word, known)} Known: {', '.join(known)}.")
    return named


def _model(catalogue: Catalogue, like: str) -> Analyte:
    known = catalogue.analyte_id(like) if like else None
    if known is not None:
        return catalogue.analytes[known]
    near = catalogue.suggestion(like) if like else None
    hint = f" Did you mean '{near}'?" if near else f" Known analytes: {', '.join(catalogue.analytes)}."
    lacks = "Say with --like which analyte it resembles: its units and kinds of limits are taken, none of its numbers."
    raise ConfigError((f"Analyte '{like}' is not in the catalogue." if like else lacks) + hint)


def _head(analyte: str, model: Analyte, *, name: str, is_new: bool) -> Iterator[str]:
    yield f"# To fill in: every number, and where it is from. 'qc catalogue add {analyte}' puts it into force."
    yield "# Take away each block that you have no number for. status is confirmed, unconfirmed or proposed."
    yield f"id = {_quoted(analyte)}"
    if not is_new:
        return
    yield f"name = {_quoted(name or analyte)}"
    yield "synonyms = []"
    for method in model.methods.values():
        yield from ("", f"[methods.{method.id}]", f"name = {_quoted(method.name)}")
        yield f"platform = {_quoted(method.platform)}"
        yield f"matrices = {json.dumps(list(method.matrices))}"
        yield from _source()


def _matrix_lines(matrix: str, model: Analyte) -> Iterator[str]:
    entry = model.matrices.get(matrix) or next(iter(model.matrices.values()))
    like = f"like {model.id} in {entry.matrix}"
    yield from ("", f"[matrices.{matrix}]", f"unit = {_quoted(entry.unit)}  # {like}")
    # What converts by the molar mass alone is left out: a new analyte has none yet.
    yield f"units = {json.dumps([code for code in entry.units if factor_between(code, entry.unit) is not None])}"
    yield f'decimals = {{ value = {entry.decimals.value:g}, unit = "1", source = "", status = "confirmed" }}'
    for name, ends in RANGES.items():
        stated = [row for row in entry.limits if row.limit.name in ends and not row.method]
        if stated or name == "measuring":
            yield from ("", f"[[matrices.{matrix}.ranges]]", f"name = {_quoted(name)}", *_ends(ends, stated, like))
            yield from (f"unit = {_quoted(entry.unit)}", *_source())
    for name, unit in SINGLE_LIMITS.items():
        if any(row.limit.name == name for row in entry.limits):
            yield from ("", f"[[matrices.{matrix}.limits]]", f"name = {_quoted(name)}")
            yield f"# value =  # {_stated(entry, name)}"
            yield from (f"unit = {_quoted(unit)}", *_source())


def _ends(ends: tuple[str, str], stated: Sequence[CatalogueLimit], like: str) -> Iterator[str]:
    values = {row.limit.name: row.limit.value for row in stated}
    for key, name in zip(("low", "high"), ends, strict=True):
        yield f"# {key} =" + (f"  # {values[name]:g} {like}" if name in values else "")


def _stated(entry: MatrixEntry, name: str) -> str:
    value = next(row.limit.value for row in entry.limits if row.limit.name == name)
    return f"{value:g} for {entry.analyte} in {entry.matrix}"


def _source() -> tuple[str, str]:
    return 'source = ""', f"status = {_TO_FILL_IN}"


def _quoted(text: str) -> str:
    return json.dumps(text, ensure_ascii=False)


def faults_of_draft(path: Path) -> list[Fault]:
    """Return what is still to be filled in of a draft."""
    return catalogue_faults({path.name.removesuffix(".draft"): texts_of([path])[path.name]})

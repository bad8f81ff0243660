"""The catalogue: which analytes there are, in which units, and by which limits they are judged.

One TOML file an analyte. A lab's own texts are handed in; this file opens nothing but the shipped package data.
"""

from __future__ import annotations

import hashlib
import json
import re
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from functools import cache

from schemas.analyte import Analyte, LimitSet, MatrixEntry
from schemas.catalogue_file import AnalyteFile
from schemas.catalogue_merge import merge
from schemas.catalogue_parts import analyte_of
from schemas.errors import ConfigError, Fault
from schemas.lab_words import LabWords, word_in
from schemas.matrix_names import matrices_by_name, matrix_named
from schemas.names import did_you_mean, is_one_less, nearest_name, plain_name
from schemas.toml_file import table_of, toml_tree
from schemas.toml_shipped import shipped_table, shipped_texts
from schemas.toml_table import Tree

_CODED = re.compile(r"(.*?)\s*\[LOINC ([0-9]{1,7}-[0-9])\]")
_SHORT = 3  # letters of a name up to which likeness says nothing


@dataclass(frozen=True, slots=True)
class Catalogue:
    """Every analyte, shipped and a lab's own."""

    analytes: Mapping[str, Analyte]
    """Analyte by id, sorted by id."""
    names: Mapping[str, str]
    """Analyte id by plain name; see ``plain_name``."""
    sha256: str
    """SHA-256 of the merged content as canonical JSON."""
    own_matrices: Mapping[str, str] = field(default_factory=dict)
    """Matrix id by a laboratory's own word for it."""

    def analyte_id(self, name: str) -> str | None:
        """Return the id of an analyte as written, or None if it is not known.

        Parameters
        ----------
        name : str
            Id, name or synonym; case, spaces, hyphens and Greek letters do not matter. ``Iron [LOINC 2498-4]`` is
            known by its name or by its code, as long as the two do not belong to different analytes.

        Returns
        -------
        str or None
            Analyte id. Nothing is guessed: see ``suggestion`` for the nearest name. A LOINC code counts if the
            catalogue has it confirmed.
        """
        coded = _CODED.fullmatch(name.strip())
        if coded is None:
            return self.names.get(plain_name(name))
        by_name, by_code = self.names.get(plain_name(coded[1])), self.names.get(_loinc_name(coded[2]))
        return None if by_name and by_code and by_name != by_code else by_name or by_code

    def suggestion(self, name: str) -> str | None:
        """Return the id of the analyte with the nearest name, to be shown and never to be used.

        Parameters
        ----------
        name : str
            Name that is not known.

        Returns
        -------
        str or None
            Analyte id, or None if nothing is near.

        Notes
        -----
        Among names of three letters or less (PSA, CRP, Na) every second is near another by chance: they are near only
        to a name that has one letter more.
        """
        plain = plain_name(name)
        known = list(self.names) if len(plain) > _SHORT else [one for one in self.names if is_one_less(plain, one)]
        near = nearest_name(plain, known)
        return self.names[near] if near else None

    def matrix_id(self, name: str) -> str | None:
        """Return the id of a matrix as written (``CSF``, ``cerebrospinal fluid``), or None if it is not known.

        Parameters
        ----------
        name : str
            Matrix as written.

        Returns
        -------
        str or None
            Matrix id that an analyte has, or one of the shipped words for a matrix.
        """
        meant = word_in(self.own_matrices, name)
        known = {plain_name(matrix): matrix for analyte in self.analytes.values() for matrix in analyte.matrices}
        return known.get(plain_name(meant)) or matrix_named(meant) or None

    def entry(self, analyte: str, matrix: str) -> MatrixEntry | None:
        """Return what is known of an analyte in a matrix, or None.

        Parameters
        ----------
        analyte : str
            Analyte id.
        matrix : str
            Matrix id.

        Returns
        -------
        MatrixEntry or None
            None if the catalogue has no such entry.
        """
        known = self.analytes.get(analyte)
        return None if known is None else known.matrices.get(matrix)

    def limits(
        self,
        analyte: str,
        matrix: str,
        method: str = "",
        *,
        unit: str = "",
        age: float | None = None,
        sex: str = "",
    ) -> LimitSet | None:
        """Return the limits for one result, each the most specific that fits.

        Parameters
        ----------
        analyte, matrix : str
            Ids.
        method : str
            Method, as written or as id; empty if unknown.
        unit : str
            UCUM code to give the limits in; empty means the canonical one.
        age : float, optional
            Age in years.
        sex : str
            ``female``, ``male`` or empty.

        Returns
        -------
        LimitSet or None
            None if the catalogue has no such entry.

        Raises
        ------
        ValueError
            If ``unit`` does not convert to the canonical one.
        """
        entry = self.entry(analyte, matrix)
        return None if entry is None else entry.limit_set(method, unit=unit, age=age, sex=sex)


def load_catalogue(own_texts: Mapping[str, str] | None = None) -> Catalogue:
    """Load the shipped catalogue with a lab's own files laid over it.

    Parameters
    ----------
    own_texts : mapping of str to str, optional
        TOML text by file name. A text whose ``id`` is shipped changes that analyte, another one adds an analyte.

    Returns
    -------
    Catalogue
        Every analyte.

    Raises
    ------
    ConfigError
        If a file is not well formed; every fault of every file is named.
    """
    faults: list[Fault] = []
    trees: dict[str, Tree] = {name: tomllib.loads(text) for name, text in shipped_texts("schemas", "analytes").items()}
    shipped = dict(trees)
    for file_name, text in sorted((own_texts or {}).items()):
        _lay_over(trees, file_name, text, faults)
    files = [
        shipped_table(tree, AnalyteFile)
        if tree is shipped.get(name)
        else table_of(tree, AnalyteFile, faults, where=f"analyte '{name}'")
        for name, tree in sorted(trees.items())
    ]
    analytes = {file.id: analyte_of(file, faults) for file in files if file is not None}
    names = _names(analytes, faults)
    if faults:
        raise ConfigError("The catalogue has faults.", faults)
    canonical = json.dumps(trees, sort_keys=True, separators=(",", ":"), ensure_ascii=True, default=str)
    return Catalogue(analytes, names, hashlib.sha256(canonical.encode()).hexdigest())


@cache
def shipped_catalogue() -> Catalogue:
    """Return the shipped catalogue, loaded once: tables ask it for each of their titles.

    Returns
    -------
    Catalogue
        Every analyte that is shipped, without a lab's own.
    """
    return load_catalogue()


def with_lab_words(catalogue: Catalogue, words: LabWords) -> Catalogue:
    """Return the catalogue with what a laboratory calls its analytes and matrices.

    Parameters
    ----------
    catalogue : Catalogue
        Catalogue.
    words : LabWords
        Words of the laboratory.

    Returns
    -------
    Catalogue
        The same analytes and limits, known by more names.

    Raises
    ------
    ConfigError
        If a word stands for an analyte or matrix that the catalogue does not have, or is the name of another.
    """
    stated = {matrix for analyte in catalogue.analytes.values() for matrix in analyte.matrices}
    matrices = sorted(stated | set(matrices_by_name().values()))
    faults = [
        *_strange(words.analytes, "analyte", list(catalogue.analytes)),
        *_strange(words.matrices, "matrix", matrices),
    ]
    names = dict(catalogue.names)
    for word, analyte in words.analytes.items():
        owner = names.setdefault(plain_name(word), analyte)
        if owner != analyte:
            faults.append(Fault("[analytes]", f"'{word}' is a name of {owner} already and cannot mean {analyte}."))
    if faults:
        raise ConfigError("words.toml has faults.", faults)
    return replace(catalogue, names=names, own_matrices=words.matrices)


def _strange(meanings: Mapping[str, str], what: str, known: list[str]) -> list[Fault]:
    where = {"analyte": "[analytes]", "matrix": "[matrices]"}[what]
    return [
        Fault(where, f"'{word}' stands for {what} '{name}', which no catalogue file has.{did_you_mean(name, known)}")
        for word, name in meanings.items()
        if name not in known
    ]


def _lay_over(trees: dict[str, Tree], file_name: str, text: str, faults: list[Fault]) -> None:
    try:
        tree = toml_tree(text, "It")
    except ConfigError as error:
        faults.append(Fault(f"file '{file_name}'", error.message))
        return
    name = tree.get("id")
    if isinstance(name, str) and re.fullmatch(r"[a-z][a-z0-9_]*", name):
        trees[name] = merge(trees.get(name, {}), tree)
    else:
        text = f"Key 'id' is '{name}'; expected lower-case letters, digits and underscores."
        faults.append(Fault(f"file '{file_name}'", text))


def _names(analytes: Mapping[str, Analyte], faults: list[Fault]) -> dict[str, str]:
    names: dict[str, str] = {}
    for analyte in analytes.values():
        codes = [code.code for entry in analyte.matrices.values() for code in entry.loinc if code.status == "confirmed"]
        plain = [(name, plain_name(name)) for name in (analyte.id, analyte.name, *analyte.synonyms)]
        for name, key in [*plain, *((f"LOINC {code}", _loinc_name(code)) for code in codes)]:
            owner = names.setdefault(key, analyte.id)
            if owner != analyte.id:
                text = f"Name '{name}' already belongs to analyte '{owner}'."
                faults.append(Fault(f"analyte '{analyte.id}'", text))
    return names


def _loinc_name(code: str) -> str:
    return plain_name(f"LOINC {code}")


def limits_table(catalogue: Catalogue) -> list[dict[str, str | float | None]]:
    """Return every limit of the catalogue as one row.

    Parameters
    ----------
    catalogue : Catalogue
        Catalogue.

    Returns
    -------
    list of dict
        ``analyte``, ``matrix``, ``method``, ``sex``, ``age_from``, ``age_to``, ``name``, ``value``, ``unit``,
        ``source``, ``status``; empty text or None where a limit holds for all.
    """
    return [
        {
            "analyte": entry.analyte,
            "matrix": entry.matrix,
            "method": row.method,
            "sex": row.sex,
            "age_from": row.age_from,
            "age_to": row.age_to,
            **row.limit.as_json(),
        }
        for analyte in catalogue.analytes.values()
        for entry in analyte.matrices.values()
        for row in entry.limits
    ]

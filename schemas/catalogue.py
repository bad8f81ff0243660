"""The catalogue: which analytes there are, in which units, and by which limits they are judged.

One TOML file an analyte. A lab's own texts are handed in; this file opens nothing but the shipped package data.
"""

from __future__ import annotations

import difflib
import hashlib
import json
import re
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from importlib import resources
from typing import Any

from schemas.analyte import Analyte, LimitSet, MatrixEntry
from schemas.catalogue_file import TreeReader
from schemas.catalogue_merge import merge
from schemas.catalogue_parts import read_analyte
from schemas.errors import ConfigError
from schemas.names import plain_name

_MATRIX_NAMES = {"cerebrospinalfluid": "csf", "liquor": "csf", "lcr": "csf", "ser": "serum", "bloodserum": "serum"}
_CODED = re.compile(r"(.*?)\s*\[LOINC ([0-9]{1,7}-[0-9])\]")


@dataclass(frozen=True, slots=True)
class Catalogue:
    """Every analyte, shipped and a lab's own."""

    analytes: Mapping[str, Analyte]
    """Analyte by id, sorted by id."""
    names: Mapping[str, str]
    """Analyte id by plain name; see ``plain_name``."""
    sha256: str
    """SHA-256 of the merged content as canonical JSON."""

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
        """
        near = difflib.get_close_matches(plain_name(name), list(self.names), 1, 0.6)
        return self.names[near[0]] if near else None

    def matrix_id(self, name: str) -> str | None:
        """Return the id of a matrix as written (``CSF``, ``cerebrospinal fluid``), or None if it is not known.

        Parameters
        ----------
        name : str
            Matrix as written.

        Returns
        -------
        str or None
            Matrix id that at least one analyte has.
        """
        plain = plain_name(name)
        known = {plain_name(matrix): matrix for analyte in self.analytes.values() for matrix in analyte.matrices}
        return known.get(_MATRIX_NAMES.get(plain, plain))

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
    reader = TreeReader()
    trees = {str(tree["id"]): tree for tree in map(tomllib.loads, _shipped_texts().values())}
    for file_name, text in sorted((own_texts or {}).items()):
        _lay_over(trees, file_name, text, reader)
    analytes = {identity: read_analyte(trees[identity], reader) for identity in sorted(trees)}
    names = _names(analytes, reader)
    if reader.faults:
        raise ConfigError("The catalogue has faults.", reader.faults)
    canonical = json.dumps(trees, sort_keys=True, separators=(",", ":"), ensure_ascii=True, default=str)
    return Catalogue(analytes, names, hashlib.sha256(canonical.encode()).hexdigest())


def _shipped_texts() -> dict[str, str]:
    folder = resources.files("schemas") / "analytes"
    files = sorted(folder.iterdir(), key=lambda file: file.name)
    return {file.name: file.read_text(encoding="utf-8") for file in files if file.name.endswith(".toml")}


def _lay_over(trees: dict[str, Any], file_name: str, text: str, reader: TreeReader) -> None:
    where = f"file '{file_name}'"
    try:
        tree = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        reader.fault(where, f"It is not well-formed TOML: {error}.")
        return
    identity = tree.get("id")
    if not isinstance(identity, str) or not re.fullmatch(r"[a-z][a-z0-9_]*", identity):
        reader.fault(where, f"Key 'id' is '{identity}'; expected lower-case letters, digits and underscores.")
        return
    trees[identity] = merge(trees.get(identity, {}), tree)


def _names(analytes: Mapping[str, Analyte], reader: TreeReader) -> dict[str, str]:
    names: dict[str, str] = {}
    for analyte in analytes.values():
        codes = [code.code for entry in analyte.matrices.values() for code in entry.loinc if code.status == "confirmed"]
        plain = [(name, plain_name(name)) for name in (analyte.id, analyte.name, *analyte.synonyms)]
        for name, key in [*plain, *((f"LOINC {code}", _loinc_name(code)) for code in codes)]:
            owner = names.setdefault(key, analyte.id)
            if owner != analyte.id:
                reader.fault(f"analyte '{analyte.id}'", f"Name '{name}' already belongs to analyte '{owner}'.")
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

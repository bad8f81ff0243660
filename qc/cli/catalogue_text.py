"""The catalogue for a person at a terminal."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any  # trees of JSON values

from qc.cli.output import say

Json = Mapping[str, Any]


def list_text(view: Json) -> None:
    """Print one line an analyte.

    Parameters
    ----------
    view : mapping
        JSON of a ``CatalogueView``.
    """
    for row in view["analytes"]:
        units = ", ".join(f"{matrix} {entry['unit']}" for matrix, entry in row["matrices"].items())
        say(f"{row['id']:<14} {row['name']:<18} {units:<30} {', '.join(row['synonyms'])}")
    say("\n'qc catalogue show ANALYTE' prints every limit with its source; 'qc catalogue check' looks for faults.")


def analyte_text(view: Json) -> None:
    """Print everything about one analyte.

    Parameters
    ----------
    view : mapping
        JSON of an ``AnalyteView``.
    """
    say(f"{view['name']} ({view['id']}), also written {', '.join(view['synonyms'])}")
    if view["molar_mass"]:
        say(f"molar mass {_number(view['molar_mass'])}")
    for method in view["methods"]:
        kit = f", kit {method['kit']}" if method["kit"] else ""
        where = f"{method['platform']}{kit}; {', '.join(method['matrices'])}"
        say(f"method {method['id']}: {method['name']} ({where}) {_basis(method)}")
    for relation in view["relations"]:
        by = f" Judged by {relation['rule']}." if relation["rule"] else ""
        factor = f" Factor {relation['factor']['value']:g}." if relation["factor"] else ""
        say(f"relation to {relation['other']}: {relation['sentence']}{factor}{by} {_basis(relation)}")
    for matrix, entry in view["matrices"].items():
        _entry(matrix, entry)


def _entry(matrix: str, entry: Json) -> None:
    say(f"\n{matrix.upper()}, in {entry['unit']}; reported with {_number(entry['decimals'])}")
    factors = [f"{unit['code']} x {unit['factor']}" for unit in entry["units"] if unit["code"] != entry["unit"]]
    say(f"  units      {'; '.join(factors)}")
    for code, meant in entry["unit_means"].items():
        say(f"  unit       {code} means {meant} here")
    for code in entry["loinc"]:
        say(f"  LOINC      {code['code']} {_basis(code)}")
    if entry["refused_tubes"]["tubes"]:
        say(f"  tubes      not {', '.join(entry['refused_tubes']['tubes'])} {_basis(entry['refused_tubes'])}")
    if entry["applicability"]["sentence"]:
        say(f"  methods    {entry['applicability']['sentence']} {_basis(entry['applicability'])}")
    for line in _limits(entry["limits"]):
        say(line)
    for note in entry["notes"]:
        say(f"  note       {note}")


def _limits(limits: Iterable[Json]) -> Iterable[str]:
    for limit in limits:
        key = ", ".join(limit["holds_for"].split(", ")[2:])
        yield f"  {limit['name']:<15} {limit['value']:g} {limit['unit']}, {key} {_basis(limit)}"


def _number(number: Json) -> str:
    unit = "" if number["unit"] == "1" else f" {number['unit']}"
    return f"{number['value']:g}{unit or ' decimals'} {_basis(number)}"


def _basis(view: Json) -> str:
    return f"({view['status']}; {view['source']})"

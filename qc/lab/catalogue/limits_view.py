"""What the catalogue says of an analyte, as JSON values: names, exact factors, every limit with its source."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from schemas.units import factor_between

if TYPE_CHECKING:
    from fractions import Fraction

    from schemas.analyte import Analyte, MatrixEntry
    from schemas.catalogue import Catalogue
    from schemas.method import Method
    from schemas.relation import Relation


def catalogue_as_json(catalogue: Catalogue) -> dict[str, Any]:
    """Return the list of analytes.

    Parameters
    ----------
    catalogue : Catalogue
        Catalogue.

    Returns
    -------
    dict
        ``sha256`` of the content, and for each analyte its ``id``, ``name``, ``synonyms`` and, by matrix, ``unit`` and
        ``n_limits``.
    """
    rows = [
        {
            "id": analyte.id,
            "name": analyte.name,
            "synonyms": list(analyte.synonyms),
            "matrices": {
                matrix: {"unit": entry.unit, "n_limits": len(entry.limits)}
                for matrix, entry in analyte.matrices.items()
            },
        }
        for analyte in catalogue.analytes.values()
    ]
    return {"sha256": catalogue.sha256, "analytes": rows}


def analyte_as_json(analyte: Analyte) -> dict[str, Any]:
    """Return everything that is known of an analyte.

    Parameters
    ----------
    analyte : Analyte
        Analyte.

    Returns
    -------
    dict
        Names, molar mass, ``methods``, ``relations``, and by matrix the units with exact factors, LOINC codes, tubes,
        notes, applicability and every limit with its key, source and status.
    """
    mass = next(iter(analyte.matrices.values())).molar_mass
    return {
        "id": analyte.id,
        "name": analyte.name,
        "synonyms": list(analyte.synonyms),
        "molar_mass": mass.as_json() if mass else None,
        "methods": [_method(method) for method in analyte.methods.values()],
        "relations": [_relation(relation) for relation in analyte.relations],
        "matrices": {matrix: _entry(entry) for matrix, entry in analyte.matrices.items()},
    }


def _method(method: Method) -> dict[str, Any]:
    told = {"id": method.id, "name": method.name, "platform": method.platform, "kit": method.kit}
    return told | {"matrices": list(method.matrices), "source": method.source, "status": method.status}


def _relation(relation: Relation) -> dict[str, Any]:
    told: dict[str, Any] = {"other": relation.other, "matrix": relation.matrix, "sentence": relation.sentence}
    told |= {"rule": relation.rule, "factor": relation.factor.as_json() if relation.factor else None}
    return told | {"source": relation.source, "status": relation.status}


def _entry(entry: MatrixEntry) -> dict[str, Any]:
    allowed = entry.applicability
    return {
        "unit": entry.unit,
        "units": [_unit(code, entry) for code in entry.units],
        "unit_means": dict(entry.unit_means),
        "decimals": entry.decimals.as_json(),
        "loinc": [{"code": one.code, "source": one.source, "status": one.status} for one in entry.loinc],
        "refused_tubes": {
            "tubes": list(entry.refused_tubes),
            "source": entry.refused_tubes_source,
            "status": entry.refused_tubes_status,
        },
        "applicability": {
            "only": list(allowed.only),
            "never": list(allowed.never),
            "sentence": allowed.sentence,
            "source": allowed.source,
            "status": allowed.status if allowed.sentence else "",
        },
        "notes": list(entry.notes),
        "limits": [
            {
                **row.limit.as_json(),
                "method": row.method,
                "sex": row.sex,
                "age_from": row.age_from,
                "age_to": row.age_to,
                "holds_for": row.key_text(entry.analyte, entry.matrix),
            }
            for row in entry.limits
        ],
    }


def _unit(code: str, entry: MatrixEntry) -> dict[str, Any]:
    factor = factor_between(code, entry.unit, entry.molar_mass.value if entry.molar_mass else None)
    return {"code": code, "factor": factor_text(factor) if factor else None, "to": entry.unit}


def factor_text(factor: Fraction) -> str:
    """Return an exact factor as a decimal number where it ends, else as a ratio of whole numbers.

    Parameters
    ----------
    factor : Fraction
        Factor.

    Returns
    -------
    str
        ``0.001`` or ``200/11169``; exact either way.

    Examples
    --------
    >>> from fractions import Fraction
    >>> factor_text(Fraction(1, 1000)), factor_text(Fraction(11169, 2000)), factor_text(Fraction(2, 3))
    ('0.001', '5.5845', '2/3')
    """
    rest, digits = factor.denominator, 0
    for prime in (2, 5):
        power = 0
        while rest % prime == 0:
            rest, power = rest // prime, power + 1
        digits = max(digits, power)
    if rest != 1:
        return str(factor)
    whole, part = divmod(factor.numerator * 10**digits // factor.denominator, 10**digits)
    return f"{whole}.{part:0{digits}d}" if digits else str(whole)

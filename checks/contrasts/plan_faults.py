"""What can be wrong in a plan file, key by key and between keys."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from difflib import get_close_matches
from typing import Any

from checks.contrasts.plan_keys import DEFAULTS, REQUIRED, TEXTS, VISITS
from schemas.errors import Fault


@dataclass(frozen=True, slots=True, order=True)
class Endpoint:
    """One analyte in one matrix."""

    analyte: str
    """Id of the analyte: ``tnf_alpha``."""
    matrix: str
    """Matrix: ``serum`` or ``csf``."""
    gate: int = 1
    """Family under ``gatekeeping``: it is tested only if every contrast of all lower ones held."""


def unknown_keys(written: dict[str, Any]) -> list[Fault]:
    """Name the keys of a plan that are not known, with the nearest that is.

    Parameters
    ----------
    written : dict of str to Any
        Plan as TOML gave it.

    Returns
    -------
    list of Fault
        Empty if all are known.
    """
    known = [*TEXTS, *VISITS, *DEFAULTS, "endpoints"]
    return [_unknown(key, known, f"key '{key}'") for key in written if key not in known]


def _unknown(key: str, known: Sequence[str], where: str) -> Fault:
    near = get_close_matches(key, known, n=1, cutoff=0.5)
    hint = f" Is '{near[0]}' meant?" if near else ""
    return Fault(where, f"Key '{key}' is not known.{hint} Known keys: {', '.join(sorted(known))}.")


def absent_keys(written: dict[str, Any]) -> list[Fault]:
    """Name the keys that a plan has to have and has not.

    Parameters
    ----------
    written : dict of str to Any
        Plan as TOML gave it.

    Returns
    -------
    list of Fault
        Empty if none is absent.
    """
    return [
        Fault(f"key '{key}'", f"Key '{key}' is missing: {said}.")
        for key, said in REQUIRED.items()
        if key not in written
    ]


def faults_together(settings: dict[str, Any], endpoints: tuple[Endpoint, ...]) -> list[Fault]:
    """Name what is wrong between keys that are each right by themselves.

    Parameters
    ----------
    settings : dict of str to Any
        Plan with its defaults.
    endpoints : tuple of Endpoint
        Contrasts of the family.

    Returns
    -------
    list of Fault
        Empty if the keys agree.
    """
    faults = []
    followup = str(settings.get("followup", ""))
    others = settings["other_followups"] if isinstance(settings["other_followups"], list) else []
    visits = [str(settings.get("baseline", "")), followup, *map(str, others)]
    if followup and followup == visits[0]:
        faults.append(Fault("key 'followup'", f"Visit '{followup}' is the baseline too: two visits are expected."))
    elif len(set(visits)) < len(visits):
        faults.append(Fault("key 'other_followups'", "A visit is named twice: each is compared once."))
    low, high = settings["prentice_wilcoxon_above"], settings["sign_test_above"]
    if isinstance(low, float) and isinstance(high, float) and low > high:
        faults.append(Fault("key 'sign_test_above'", f"'{high}' is below 'prentice_wilcoxon_above' ('{low}')."))
    if settings["correction"] != "gatekeeping" and any(endpoint.gate != 1 for endpoint in endpoints):
        faults.append(Fault("key 'correction'", "Endpoints name a 'gate', but the correction is not 'gatekeeping'."))
    return faults


def read_endpoints(written: object, faults: list[Fault]) -> tuple[Endpoint, ...]:
    """Read the contrasts of the family.

    Parameters
    ----------
    written : object
        Value of ``endpoints`` as TOML gave it.
    faults : list of Fault
        Takes what is wrong.

    Returns
    -------
    tuple of Endpoint
        As far as they could be read.
    """
    if not isinstance(written, list) or not written:
        faults.append(Fault("key 'endpoints'", "A list of endpoints, each with 'analyte' and 'matrix', is expected."))
        return ()
    endpoints: list[Endpoint] = []
    for number, entry in enumerate(written, start=1):
        where = f"endpoint {number}"
        endpoint = _endpoint(entry, where, faults)
        if (endpoint.analyte, endpoint.matrix) in {(other.analyte, other.matrix) for other in endpoints}:
            faults.append(Fault(where, f"Endpoint '{endpoint.analyte}' in '{endpoint.matrix}' is named twice."))
        endpoints.append(endpoint)
    return tuple(endpoints)


def _endpoint(entry: object, where: str, faults: list[Fault]) -> Endpoint:
    parts = {"analyte": "", "matrix": ""}
    if not isinstance(entry, dict):
        faults.append(Fault(where, f"'{entry}' is no endpoint: 'analyte' and 'matrix' are expected."))
        return Endpoint("", "")
    faults += [_unknown(key, (*parts, "gate"), where) for key in entry if key not in (*parts, "gate")]
    for key in parts:
        value = entry.get(key)
        if isinstance(value, str) and value.strip():
            parts[key] = value.strip()
        else:
            faults.append(Fault(where, f"'{key}' is missing or no text."))
    gate = entry.get("gate", 1)
    if not isinstance(gate, int) or isinstance(gate, bool) or gate < 1:
        faults.append(Fault(where, f"Gate '{gate}' is out of range: a whole number of 1 or more is expected."))
        gate = 1
    return Endpoint(parts["analyte"], parts["matrix"], gate)

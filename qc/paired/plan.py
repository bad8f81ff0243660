"""The plan of the paired tests: written, and locked, before anybody looks at a release."""

from __future__ import annotations

import tomllib
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from difflib import get_close_matches
from typing import Any, Literal

from qc.canonical import canonical_json, sha256_text
from qc.paired.plan_keys import CHOICES, DEFAULTS, FRACTIONS, REQUIRED, TEXTS, VISITS, fault_of_value
from schemas.errors import ConfigError, Fault


@dataclass(frozen=True, slots=True, order=True)
class Endpoint:
    """One analyte in one matrix."""

    analyte: str
    """Id of the analyte: ``tnf_alpha``."""
    matrix: str
    """Matrix: ``serum`` or ``csf``."""


@dataclass(frozen=True, slots=True)
class Plan:
    """What will be tested, how, and what is done with what is not plain."""

    study: str
    """Study that the plan belongs to."""
    endpoints: tuple[Endpoint, ...]
    """Contrasts of the family, in the order of the plan."""
    baseline: str
    """Visit that is subtracted."""
    followup: str
    """Visit that it is subtracted from."""
    test: Literal["signed_rank"]
    """Primary test: the exact signed rank."""
    zeros: Literal["wilcox", "pratt"]
    """Whether zero differences are dropped before ranking, or after."""
    alternative: Literal["two_sided", "less", "greater"]
    """Direction that the p-value looks in; ``less`` is a fall."""
    estimator: Literal["hodges_lehmann"]
    """Estimate that stands beside each p-value."""
    confidence: float
    """Level of the intervals, above 0 and below 1."""
    alpha: float
    """Chance of any false finding in the family, above 0 and below 1."""
    correction: Literal["holm"]
    """How that chance is held over the family."""
    below_lloq: Literal["recensor", "substitute_half"]
    """What is done with results below the limit; substitution is a sensitivity policy."""
    resolution: Literal["reported", "none"]
    """Whether differences are rounded to the decimals that the laboratory reports."""
    minimum_pairs: int
    """Fewest pairs that a contrast is tested on, 2 or more."""
    several_results: Literal["refuse"]
    """What several results of one subject at one visit do: the contrast is not tested."""

    def canonical_json(self) -> str:
        """Return the one JSON text of the plan: comments and the order of keys do not matter, that of endpoints does.

        Returns
        -------
        str
            Keys sorted, no spaces.
        """
        return canonical_json(asdict(self))

    @property
    def sha256(self) -> str:
        """Return the SHA-256 of the canonical JSON."""
        return sha256_text(self.canonical_json())

    @property
    def policy_words(self) -> str:
        """Return the policy below the limit in words, labelled where it is for sensitivity only."""
        if self.below_lloq == "recensor":
            return "re-censored at the highest limit in force"
        return "replaced by half the limit (sensitivity policy: invented numbers)"


def parse_plan(text: str) -> Plan:
    """Read a plan.

    Parameters
    ----------
    text : str
        TOML, as :func:`default_plan_text` writes it. Keys with a recommended value may be left out.

    Returns
    -------
    Plan
        The plan with every default in it.

    Raises
    ------
    ConfigError
        If the plan is faulty; every fault is named at once.
    """
    try:
        written = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise ConfigError(f"The plan is not TOML: {error}.") from error
    faults = [*_unknown_keys(written), *_absent_keys(written)]
    settings: dict[str, Any] = DEFAULTS | {key: value for key, value in written.items() if key != "endpoints"}
    faults += [fault for key, value in settings.items() if (fault := fault_of_value(key, value)) is not None]
    endpoints = _endpoints(written.get("endpoints", []), faults)
    for visit in VISITS:
        settings[visit] = str(settings.get(visit, ""))
    if settings["baseline"] and settings["baseline"] == settings["followup"]:
        faults.append(
            Fault("key 'followup'", f"Visit '{settings['followup']}' is the baseline too: two visits are expected.")
        )
    if faults:
        raise ConfigError("The plan is faulty; nothing was read from it.", faults)
    return Plan(**{**settings, "endpoints": endpoints, **{key: float(settings[key]) for key in FRACTIONS}})


def default_plan_text(
    study: str, endpoints: Sequence[tuple[str, str]], *, baseline: str = "0", followup: str = "3"
) -> str:
    """Write the recommended plan with every setting and its reason.

    Parameters
    ----------
    study : str
        Study that the plan is for.
    endpoints : sequence of tuple of str
        Analyte and matrix of each contrast.
    baseline : str
        Visit that is subtracted.
    followup : str
        Visit that it is subtracted from.

    Returns
    -------
    str
        TOML with comments; :func:`parse_plan` reads it.
    """
    from qc.paired.plan_template import TEMPLATE

    rows = "\n".join(
        f"    {{ analyte = {_quoted(analyte)}, matrix = {_quoted(matrix)} }}," for analyte, matrix in endpoints
    )
    return TEMPLATE.format(
        study=_quoted(study), baseline=_quoted(baseline), followup=_quoted(followup), endpoints=rows, **DEFAULTS
    )


def _quoted(text: str) -> str:
    escaped = text.replace("\\", "\\\\").replace('"', '\\"')
    return f'"{escaped}"'


def _unknown_keys(written: dict[str, Any]) -> list[Fault]:
    known = [*TEXTS, *VISITS, *CHOICES, *FRACTIONS, "minimum_pairs", "endpoints"]
    return [_unknown(key, known, f"key '{key}'") for key in written if key not in known]


def _unknown(key: str, known: Sequence[str], where: str) -> Fault:
    near = get_close_matches(key, known, n=1, cutoff=0.5)
    hint = f" Is '{near[0]}' meant?" if near else ""
    return Fault(where, f"Key '{key}' is not known.{hint} Known keys: {', '.join(sorted(known))}.")


def _absent_keys(written: dict[str, Any]) -> list[Fault]:
    return [
        Fault(f"key '{key}'", f"Key '{key}' is missing: {said}.")
        for key, said in REQUIRED.items()
        if key not in written
    ]


def _endpoints(written: object, faults: list[Fault]) -> tuple[Endpoint, ...]:
    if not isinstance(written, list) or not written:
        faults.append(Fault("key 'endpoints'", "A list of endpoints, each with 'analyte' and 'matrix', is expected."))
        return ()
    endpoints: list[Endpoint] = []
    for number, entry in enumerate(written, start=1):
        where = f"endpoint {number}"
        endpoint = _endpoint(entry, where, faults)
        if endpoint in endpoints:
            faults.append(Fault(where, f"Endpoint '{endpoint.analyte}' in '{endpoint.matrix}' is named twice."))
        endpoints.append(endpoint)
    return tuple(endpoints)


def _endpoint(entry: object, where: str, faults: list[Fault]) -> Endpoint:
    parts = {"analyte": "", "matrix": ""}
    if not isinstance(entry, dict):
        faults.append(Fault(where, f"'{entry}' is no endpoint: 'analyte' and 'matrix' are expected."))
        return Endpoint(**parts)
    faults += [_unknown(key, tuple(parts), where) for key in entry if key not in parts]
    for key in parts:
        value = entry.get(key)
        if isinstance(value, str) and value.strip():
            parts[key] = value.strip()
        else:
            faults.append(Fault(where, f"'{key}' is missing or no text."))
    return Endpoint(**parts)

"""The plan of the paired tests: written, and locked, before anybody looks at a release."""

from __future__ import annotations

import tomllib
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from typing import Any, Literal

from checks.contrasts.plan_faults import Endpoint, absent_keys, faults_together, read_endpoints, unknown_keys
from checks.contrasts.plan_keys import DEFAULTS, FRACTIONS, LISTS, VISITS, fault_of_value
from schemas.canonical import canonical_json, sha256_text
from schemas.errors import ConfigError

__all__ = ["POLICY_WORDS", "Endpoint", "Plan", "default_plan_text", "parse_plan"]


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
    other_followups: tuple[str, ...]
    """Further visits, compared with the baseline and described outside the family."""
    test: Literal["signed_rank", "sign_flip", "paired_t", "sign_test"]
    """Primary test."""
    zeros: Literal["wilcox", "pratt"]
    """Whether zero differences are dropped before ranking, or after."""
    alternative: Literal["two_sided", "less", "greater"]
    """Direction that the p-value looks in; ``less`` is a fall."""
    scale: Literal["raw", "log"]
    """Whether differences or ratios are compared."""
    estimator: Literal["hodges_lehmann", "mean"]
    """Estimate that stands beside each p-value."""
    confidence: float
    """Level of the intervals, above 0 and below 1."""
    alpha: float
    """Chance of any false finding in the family, above 0 and below 1."""
    correction: Literal["holm", "bh", "fixed_sequence", "gatekeeping"]
    """How that chance is held over the family."""
    sensitivity: tuple[str, ...]
    """Choices under which the tests are repeated."""
    below_lloq: Literal[
        "ladder",
        "recensor",
        "prentice_wilcoxon",
        "sign_test",
        "substitute_limit",
        "substitute_half",
        "substitute_sqrt2",
    ]
    """What is done with results below the limit; substitution is a sensitivity policy."""
    prentice_wilcoxon_above: float
    """Share of censored values above which the ladder leaves re-censoring, 0 to 1."""
    sign_test_above: float
    """Share of censored values above which the ladder gives no estimate, 0 to 1."""
    resolution: Literal["reported", "none"]
    """Whether differences are rounded to the decimals that the laboratory reports."""
    minimum_pairs: int
    """Fewest pairs that a contrast is tested on, 2 or more."""
    several_results: Literal["refuse", "mean", "exclude_subject"]
    """What several results of one subject at one visit do."""
    excluded_pairs: tuple[str, ...]
    """What two results of a subject may not differ in, or be, to be a pair."""
    equivalence_ratio: float
    """Margin of equivalence as a ratio above 1: a change within 1/ratio to ratio counts as none."""
    target_power: float
    """Power at which the smallest detectable difference is reckoned, 0 to 1."""

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
        return POLICY_WORDS[self.below_lloq]

    @property
    def visits(self) -> tuple[str, ...]:
        """Return every visit of the plan: baseline, other follow-ups, follow-up."""
        return (self.baseline, *self.other_followups, self.followup)


POLICY_WORDS = {
    "ladder": "by how much is censored: re-censored at the highest limit, scored by Prentice-Wilcoxon, or signs only",
    "recensor": "re-censored at the highest limit in force",
    "prentice_wilcoxon": "scored by the paired Prentice-Wilcoxon test",
    "sign_test": "used by their direction alone, where it is certain",
    "substitute_limit": "replaced by the limit (sensitivity policy: invented numbers)",
    "substitute_half": "replaced by half the limit (sensitivity policy: invented numbers)",
    "substitute_sqrt2": "replaced by the limit over the square root of 2 (sensitivity policy: invented numbers)",
}
"""What each policy does with results below the limit."""


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
    faults = [*unknown_keys(written), *absent_keys(written)]
    settings: dict[str, Any] = DEFAULTS | {key: value for key, value in written.items() if key != "endpoints"}
    faults += [fault for key, value in settings.items() if (fault := fault_of_value(key, value)) is not None]
    endpoints = read_endpoints(written.get("endpoints", []), faults)
    faults += faults_together(settings, endpoints)
    if faults:
        raise ConfigError("The plan is faulty; nothing was read from it.", faults)
    numbers = {key: float(settings[key]) for key in (*FRACTIONS, "equivalence_ratio")}
    lists = {key: tuple(settings[key]) for key in LISTS}
    visits = {visit: str(settings[visit]) for visit in VISITS}
    others = tuple(str(visit) for visit in settings["other_followups"])
    return Plan(**{**settings, "endpoints": endpoints, "other_followups": others, **numbers, **lists, **visits})


def default_plan_text(
    study: str,
    endpoints: Sequence[tuple[str, str]],
    *,
    baseline: str = "0",
    followup: str = "3",
    other_followups: Sequence[str] = (),
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
    other_followups : sequence of str
        Further visits, described outside the family.

    Returns
    -------
    str
        TOML with comments; :func:`parse_plan` reads it.
    """
    from checks.contrasts.plan_template import TEMPLATE

    rows = "\n".join(
        f"    {{ analyte = {_quoted(analyte)}, matrix = {_quoted(matrix)} }}," for analyte, matrix in endpoints
    )
    written = {key: _written(value) for key, value in DEFAULTS.items()} | {
        "study": _quoted(study),
        "baseline": _quoted(baseline),
        "followup": _quoted(followup),
        "other_followups": _written(list(other_followups)),
    }
    return TEMPLATE.format(endpoints=rows, **written)


def _written(value: object) -> str:
    if isinstance(value, list):
        line = f"[{', '.join(_quoted(entry) for entry in value)}]"
        return line if len(line) < 100 else "[\n" + "".join(f"    {_quoted(entry)},\n" for entry in value) + "]"
    return _quoted(value) if isinstance(value, str) else str(value)


def _quoted(text: str) -> str:
    escaped = text.replace("\\", "\\\\").replace('"', '\\"')
    return f'"{escaped}"'

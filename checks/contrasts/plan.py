"""The plan of the paired tests: written, and locked, before anybody looks at a release."""

from __future__ import annotations

from dataclasses import MISSING, asdict, dataclass, fields
from typing import Annotated, Any, Final, Literal, get_args  # Any: a default is a text, a number or a list

from annotated_types import Ge, Gt, Lt, MinLen

from checks.contrasts.endpoint import Endpoint as Endpoint
from schemas.canonical import canonical_json, sha256_text
from schemas.toml_file import read_toml
from schemas.toml_table import Checked, EachOnce, Says, Text, TomlTable, Tree, Visit, Wording

Fraction = Annotated[float, Gt(0), Lt(1), Says("'{value}' is out of range: a number above 0 and below 1 is expected.")]
PlannedVisit = Annotated[Visit, Says("'{value}' is no visit: a text or a whole number is expected.")]
PlannedEndpoint = Annotated[Endpoint, Says("'{value}' is no endpoint: 'analyte' and 'matrix' are expected.")]
Repeat = Literal[
    "without_overridden",
    "leave_one_out",
    "zeros",
    "scale",
    "below_lloq",
    "tests",
    "without_split_plates",
    "unrounded",
]
"""Another choice that the tests can be repeated under."""
Policy = Literal[
    "ladder", "recensor", "prentice_wilcoxon", "sign_test", "substitute_limit", "substitute_half", "substitute_sqrt2"
]
"""What can be done with results below the limit."""
_WORDING = Wording(
    broken="{name} is not TOML: {reason}.",
    near=" Is '{near}' meant?",
    top="key '{key}'",
    sentences={"literal_error": "'{value}' is not known. Expected: {choices}.{near}"},
)

_ALWAYS_EXCLUDED: Final = ("platform", "method", "lot")  # of two results of one subject


def _another_visit(followup: str, before: Tree) -> str:
    if followup == before.get("baseline"):
        raise ValueError(f"Visit '{followup}' is the baseline too: two visits are expected.")
    return followup


def _visits_of_their_own(others: tuple[str, ...], before: Tree) -> tuple[str, ...]:
    visits = [*(before[key] for key in ("baseline", "followup") if key in before), *others]
    if len(set(visits)) < len(visits):
        raise ValueError("A visit is named twice: each is compared once.")
    return others


def _two_arms(arms: tuple[str, ...], before: Tree) -> tuple[str, ...]:
    if len(arms) not in (0, 2) or len(set(arms)) < len(arms):
        raise ValueError(f"'{', '.join(arms)}' are not two arms: the one to compare with comes first.")
    return arms


def _fits_gates(correction: str, before: Tree) -> str:
    if correction != "gatekeeping" and any(endpoint.gate != 1 for endpoint in before.get("endpoints", ())):
        raise ValueError("Endpoints name a 'gate', but the correction is not 'gatekeeping'.")
    return correction


def _above_first_share(high: float, before: Tree) -> float:
    low = before.get("prentice_wilcoxon_above", 0)
    if low > high:
        raise ValueError(f"'{high}' is below 'prentice_wilcoxon_above' ('{low}').")
    return high


def _with_what_always_excludes(named: tuple[Any, ...], before: Tree) -> tuple[Any, ...]:
    absent = [name for name in _ALWAYS_EXCLUDED if name not in named]
    if absent:
        text = f"'{', '.join(absent)}' has to be in it: a change of {absent[0]} is no change of the subject."
        raise ValueError(text)
    return named


@dataclass(frozen=True, slots=True, kw_only=True)
class Plan(TomlTable):
    """What will be tested, how, and what is done with what is not plain."""

    study: Annotated[Text, Says("'{value}' is no text: a name is expected.")]
    """Study that the plan belongs to."""
    endpoints: Annotated[
        tuple[PlannedEndpoint, ...],
        MinLen(1),
        EachOnce(("analyte", "matrix"), "Endpoint '{analyte}' in '{matrix}' is named twice."),
    ]
    """Contrasts of the family, in the order of the plan."""
    baseline: PlannedVisit
    """Visit that is subtracted."""
    followup: Annotated[PlannedVisit, Checked(_another_visit)]
    """Visit that it is subtracted from."""
    other_followups: Annotated[
        tuple[PlannedVisit, ...],
        Checked(_visits_of_their_own),
        Says("'{value}' is no list of visits, such as [1, 2]."),
    ] = ()
    """Further visits, compared with the baseline and described outside the family."""
    arms: Annotated[
        tuple[Text, ...], Checked(_two_arms), Says('\'{value}\' is no list of arms, such as ["placebo", "treated"].')
    ] = ()
    """Two arms of the subject sheet, the one to compare with first; empty for a study of one arm."""
    arm_test: Literal["mann_whitney", "permutation", "ancova"] = "mann_whitney"
    """Test of the changes of the two arms."""
    test: Literal["signed_rank", "sign_flip", "paired_t", "sign_test"] = "signed_rank"
    """Primary test."""
    zeros: Literal["wilcox", "pratt"] = "wilcox"
    """Whether zero differences are dropped before ranking, or after."""
    alternative: Literal["two_sided", "less", "greater"] = "two_sided"
    """Direction that the p-value looks in; ``less`` is a fall."""
    scale: Literal["raw", "log"] = "raw"
    """Whether differences or ratios are compared."""
    estimator: Literal["hodges_lehmann", "mean"] = "hodges_lehmann"
    """Estimate that stands beside each p-value."""
    confidence: Fraction = 0.95
    """Level of the intervals, above 0 and below 1."""
    alpha: Fraction = 0.05
    """Chance of any false finding in the family, above 0 and below 1."""
    correction: Annotated[Literal["holm", "bh", "fixed_sequence", "gatekeeping"], Checked(_fits_gates)] = "holm"
    """How that chance is held over the family."""
    sensitivity: tuple[Repeat, ...] = get_args(Repeat)
    """Choices under which the tests are repeated."""
    below_lloq: Policy = "ladder"
    """What is done with results below the limit; substitution is a sensitivity policy."""
    prentice_wilcoxon_above: Fraction = 0.15  # Helsel 2012, chapter 9, proposed
    """Share of censored values above which the ladder leaves re-censoring, 0 to 1."""
    sign_test_above: Annotated[Fraction, Checked(_above_first_share)] = 0.5  # Helsel 2012, chapter 9, proposed
    """Share of censored values above which the ladder gives no estimate, 0 to 1."""
    resolution: Literal["reported", "none"] = "reported"
    """Whether differences are rounded to the decimals that the laboratory reports."""
    minimum_pairs: Annotated[
        int, Ge(2), Says("'{value}' is out of range: a whole number of 2 or more is expected.")
    ] = 6  # smallest n whose exact two-sided p can fall below 0.05: 2 to the power of -5 is 0.031
    """Fewest pairs that a contrast is tested on, 2 or more."""
    several_results: Literal["refuse", "mean", "exclude_subject"] = "refuse"
    """What several results of one subject at one visit do, where the laboratory has not declared which one counts."""
    excluded_pairs: Annotated[
        tuple[Literal["platform", "method", "lot", "two_plates", "overridden"], ...],
        Checked(_with_what_always_excludes),
    ] = _ALWAYS_EXCLUDED
    """What two results of a subject may not differ in, or be, to be a pair."""
    equivalence_ratio: Annotated[
        float,
        Gt(1),
        Says("'{value}' is out of range: a ratio above 1 is expected, such as 1.25 for 0.80 to 1.25."),
    ] = 1.25  # customary margin of equivalence of two formulations, FDA 2001
    """Margin of equivalence as a ratio above 1: a change within 1/ratio to ratio counts as none."""
    target_power: Fraction = 0.8  # Cohen 1988; proposed
    """Power at which the smallest detectable difference is reckoned, 0 to 1."""

    def canonical_json(self) -> str:
        """Return the one JSON text of the plan: comments and the order of keys do not matter, that of endpoints does.

        Returns
        -------
        str
            Keys sorted, no spaces.
        """
        said = asdict(self)
        # A plan of one arm keeps the hash that it had before plans could name arms.
        return canonical_json({key: said[key] for key in said if self.arms or key not in ("arms", "arm_test")})

    @property
    def sha256(self) -> str:
        """Return the SHA-256 of the canonical JSON."""
        return sha256_text(self.canonical_json())

    @property
    def policy_words(self) -> str:
        """Return the policy below the limit in words, labelled where it is for sensitivity only."""
        return POLICY_WORDS[self.below_lloq]

    @property
    def gates(self) -> tuple[int, ...]:
        """Return the gate of each contrast, in the order of the family."""
        n_each = 3 if self.arms else 1
        return tuple(endpoint.gate for endpoint in self.endpoints for _ in range(n_each))

    @property
    def visits(self) -> tuple[str, ...]:
        """Return every visit of the plan: baseline, other follow-ups, follow-up."""
        return (self.baseline, *self.other_followups, self.followup)


POLICY_WORDS = {
    "ladder": "by how much is censored: re-censored pair by pair, scored by Prentice-Wilcoxon, or signs only",
    "recensor": "re-censored pair by pair at the limits in force",
    "prentice_wilcoxon": "scored by the paired Prentice-Wilcoxon test",
    "sign_test": "used by their direction alone, where it is certain",
    "substitute_limit": "replaced by the limit (sensitivity policy: invented numbers)",
    "substitute_half": "replaced by half the limit (sensitivity policy: invented numbers)",
    "substitute_sqrt2": "replaced by the limit over the square root of 2 (sensitivity policy: invented numbers)",
}
"""What each policy does with results below the limit."""
DEFAULTS: dict[str, Any] = {one.name: one.default for one in fields(Plan) if one.default is not MISSING}
"""What each setting says where nothing is written."""


def parse_plan(text: str) -> Plan:
    """Read a plan.

    Parameters
    ----------
    text : str
        TOML, as ``default_plan_text`` writes it. Keys with a recommended value may be left out.

    Returns
    -------
    Plan
        The plan with every default in it.

    Raises
    ------
    ConfigError
        If the plan is faulty; every fault is named at once.
    """
    return read_toml(text, Plan, "The plan", wording=_WORDING)

"""One run, judged: its tables, its findings, and what they hold."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

from checks.one_fault import is_led, leaders_of, led_by
from qc.items.names import Item, item_of_finding
from schemas.finding import Finding, Scope, Verdict, worst

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    import polars as pl

    from checks.engine import RuleRun
    from checks.profile import Profile
    from checks.standard_curves.curve import CurveSet
    from qc.assess.links.repeats import RunRepeats
    from qc.assess.prepare.stored_run import LoadedRun


@dataclass(frozen=True, slots=True, kw_only=True)
class JudgedRun:
    """One run with everything that was found."""

    loaded: LoadedRun
    """The run as it was stored."""
    results: pl.DataFrame
    """Sample results, canonical, with limits."""
    controls: pl.DataFrame
    """Control results with z."""
    curves: CurveSet
    """Standard curves."""
    wells: pl.DataFrame
    """Back-calculated concentration of each well."""
    findings: tuple[Finding, ...]
    """What rules and suites said."""
    rule_runs: tuple[RuleRun, ...]
    """Which rules were asked."""
    profile: Profile | None
    """Profile that was used; None if the run names one that is not known."""
    repeats: RunRepeats
    """What counts of its samples that have several results."""
    held_items: frozenset[Item] = field(default=frozenset())
    """Items that wait for a person."""
    led: Mapping[tuple[Item, str], bool] = field(default_factory=dict)
    """Rules that tell of an item what another rule tells better, as :func:`checks.one_fault.led_by` says."""

    _states: list[pl.DataFrame] = field(default_factory=list, init=False, repr=False, compare=False)
    """What :meth:`result_states` returned: three ask for it."""

    @property
    def verdict(self) -> Verdict:
        """Gravest verdict of all findings."""
        return worst(finding.verdict for finding in self.findings)

    def holds(self, finding: Finding) -> bool:
        """Tell whether a finding holds its item back.

        Returns
        -------
        bool
            False only for a warning that the profile tolerates, for what is said of a result that is kept as
            evidence and does not count, and where another rule tells the same fault better.
        """
        return self._holds_alone(finding) and not self._is_led(finding)

    def _holds_alone(self, finding: Finding) -> bool:
        if finding.scope is Scope.RESULT and int(finding.key["result"]) in self.repeats.evidence:
            return False
        return finding.verdict is not Verdict.WARN or self.warns(finding)

    def _is_led(self, finding: Finding) -> bool:
        if not leaders_of(finding.rule):
            return False
        return is_led(finding, self.led.get((item_of_finding(self.loaded.run_id, finding), finding.rule)))

    def warns(self, finding: Finding) -> bool:
        """Tell whether a finding is a warning that the profile does not tolerate."""
        tolerated = self.profile.tolerated_warnings if self.profile else frozenset()
        return finding.verdict is Verdict.WARN and finding.rule not in tolerated

    def with_findings(self, more: tuple[Finding, ...]) -> JudgedRun:
        """Return the run with more findings and what all of them hold.

        Returns
        -------
        JudgedRun
            New record; ``held_items`` renewed.
        """
        return self.only_with((*self.findings, *more))

    def only_with(self, findings: tuple[Finding, ...]) -> JudgedRun:
        """Return the run with other findings and what they hold.

        Returns
        -------
        JudgedRun
            New record; ``held_items`` renewed.
        """
        run_id = self.loaded.run_id
        alone = [one for one in findings if self._holds_alone(one)]
        analytes = self._analytes_of(int(one.key["result"]) for one in alone if one.scope is Scope.RESULT)
        placed = [(item := item_of_finding(run_id, one), analytes.get(item.ordinal), one) for one in alone]
        run = replace(self, findings=findings, led=led_by(placed))
        return replace(run, held_items=frozenset(item_of_finding(run_id, one) for one in findings if run.holds(one)))

    def _analytes_of(self, ordinals: Iterable[int]) -> dict[int, Item]:
        import polars as pl

        told = sorted(set(ordinals))
        if not told:
            return {}
        rows = self.results.select("ordinal", "analyte").filter(pl.col("ordinal").is_in(told)).iter_rows()
        return {ordinal: Item(self.loaded.run_id, analyte=analyte) for ordinal, analyte in rows}

    def result_states(self) -> pl.DataFrame:
        """Return ordinal, verdict and state of each result.

        Returns
        -------
        DataFrame
            ``verdict`` is that of the result's own findings; ``state`` is ``waiting`` if the result, its analyte or
            its run is held, else ``evidence`` if it does not count beside another, else ``auto_approved``.
        """
        if not self._states:
            self._states.append(self._result_states())
        return self._states[0]

    def _result_states(self) -> pl.DataFrame:
        import polars as pl

        verdicts: dict[int, Verdict] = {}
        for finding in self.findings:
            if finding.scope is Scope.RESULT:
                ordinal = int(finding.key["result"])
                verdicts[ordinal] = worst((verdicts.get(ordinal, Verdict.PASS), finding.verdict))
        verdict_rows = pl.DataFrame(
            {"ordinal": list(verdicts), "verdict": [verdict.value for verdict in verdicts.values()]},
            schema={"ordinal": pl.Int64, "verdict": pl.String},
        )
        is_evidence = pl.col("ordinal").is_in(sorted(self.repeats.evidence))
        otherwise = pl.when(is_evidence).then(pl.lit("evidence")).otherwise(pl.lit("auto_approved"))
        state = pl.when(self._is_held()).then(pl.lit("waiting")).otherwise(otherwise)
        return (
            self.results.select("ordinal", state.alias("state"))
            .join(verdict_rows, on="ordinal", how="left", maintain_order="left")
            .select("ordinal", pl.col("verdict").fill_null(Verdict.PASS.value), "state")
        )

    def _is_held(self) -> pl.Expr:
        import polars as pl

        if Item(self.loaded.run_id) in self.held_items:
            return pl.lit(value=True)
        analytes = [item.analyte for item in self.held_items if item.scope == "analyte"]
        ordinals = pl.Series([item.ordinal for item in self.held_items if item.ordinal], dtype=pl.Int64)
        return pl.col("analyte").is_in(analytes) | pl.col("ordinal").is_in(ordinals.implode())

"""One run, judged: its tables, its findings, and what they hold."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

from qc.items import Item, item_of_finding
from schemas.finding import Finding, Scope, Verdict, worst

if TYPE_CHECKING:
    import polars as pl

    from checks.calibration.curve import CurveSet
    from checks.engine import RuleRun
    from checks.profile import Profile
    from qc.assessing.loaded import LoadedRun


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
    held_items: frozenset[Item] = field(default=frozenset())
    """Items that wait for a person."""

    @property
    def verdict(self) -> Verdict:
        """Gravest verdict of all findings."""
        return worst(finding.verdict for finding in self.findings)

    def holds(self, finding: Finding) -> bool:
        """Tell whether a finding holds its item back.

        Parameters
        ----------
        finding : Finding
            One of the findings.

        Returns
        -------
        bool
            False only for a warning that the profile tolerates.
        """
        tolerated = self.profile.tolerated_warnings if self.profile else frozenset()
        return finding.verdict is not Verdict.WARN or finding.rule not in tolerated

    def with_findings(self, more: tuple[Finding, ...]) -> JudgedRun:
        """Return the run with more findings and what all of them hold.

        Parameters
        ----------
        more : tuple of Finding
            Findings to add.

        Returns
        -------
        JudgedRun
            New record; ``held_items`` renewed.
        """
        return self.only_with((*self.findings, *more))

    def only_with(self, findings: tuple[Finding, ...]) -> JudgedRun:
        """Return the run with other findings and what they hold.

        Parameters
        ----------
        findings : tuple of Finding
            All findings.

        Returns
        -------
        JudgedRun
            New record; ``held_items`` renewed.
        """
        run_id = self.loaded.run_id
        held = frozenset(item_of_finding(run_id, finding) for finding in findings if self.holds(finding))
        return replace(self, findings=findings, held_items=held)

    def result_states(self) -> pl.DataFrame:
        """Return ordinal, verdict and state of each result.

        Returns
        -------
        DataFrame
            ``verdict`` is that of the result's own findings; ``state`` is ``waiting`` if the result, its analyte or
            its run is held, else ``auto_approved``.
        """
        import polars as pl

        own = [(int(f.key["result"]), f.verdict) for f in self.findings if f.scope is Scope.RESULT]
        rows = []
        for ordinal, analyte in self.results.select("ordinal", "analyte").iter_rows():
            items = (
                Item(self.loaded.run_id),
                Item(self.loaded.run_id, analyte),
                Item(self.loaded.run_id, ordinal=ordinal),
            )
            is_held = any(item in self.held_items for item in items)
            rows.append((ordinal, "waiting" if is_held else "auto_approved"))
        verdicts: dict[int, list[Verdict]] = {}
        for ordinal, verdict in own:
            verdicts.setdefault(ordinal, []).append(verdict)
        table = [(ordinal, worst(verdicts.get(ordinal, [])).value, state) for ordinal, state in rows]
        schema = {"ordinal": pl.Int64, "verdict": pl.String, "state": pl.String}
        return pl.DataFrame(table, schema=schema, orient="row")

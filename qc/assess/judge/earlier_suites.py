"""What suites said of runs as a whole, where decisions of people cannot have moved it: they are not asked again."""

# ruff: noqa: S608 - statements are put together from constants
from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from qc.assess.judge.link_findings import FINDING_COLUMNS, stored_finding

if TYPE_CHECKING:
    import polars as pl

    from checks.engine import RuleRun
    from qc.assess.prepare.rule_set import RuleSet
    from qc.store.connection import Connection
    from schemas.finding import Finding

_NEWEST = "JOIN run_states s USING (run_id, assessment_id) WHERE t.run_id IN (SELECT unnest(?))"
_FLAGGED = f"SELECT t.run_id, t.analyte, t.matrix, t.n_flagged, t.n_results FROM run_summaries t {_NEWEST}"
_FINDINGS = f"""
    SELECT t.run_id, {FINDING_COLUMNS.format(of="t")} FROM findings t {_NEWEST} AND t.rule IN (SELECT unnest(?))
    ORDER BY t.run_id, t.ordinal
"""
_RULE_RUNS = f"""
    SELECT t.run_id, t.rule, t.version, t.n_findings FROM rule_runs t {_NEWEST} AND t.rule IN (SELECT unnest(?))
    ORDER BY ALL
"""
_Row = tuple[str, str]


@dataclass(frozen=True, slots=True)
class EarlierSuites:
    """What suites said of one run when it was judged last."""

    n_flagged: Mapping[_Row, int]
    """Flagged results by analyte and matrix."""
    rows_with_share: Collection[_Row]
    """Analytes and matrices of which a share of flagged results was told."""
    findings: tuple[Finding, ...]
    """What they said."""
    rule_runs: tuple[RuleRun, ...]
    """The proof that they were asked."""

    def stands(self, summary: pl.DataFrame) -> bool:
        """Tell whether they would say the same of a new summary.

        Parameters
        ----------
        summary : DataFrame
            Of the run, which differs from the one before by flagged results at most.

        Returns
        -------
        bool
            True where as many are flagged as before, or fewer where their share was within its limit already.
        """
        now = {(analyte, matrix): n for analyte, matrix, n in summary.select("analyte", "matrix", "n_flagged").rows()}
        return now.keys() == self.n_flagged.keys() and all(
            n == self.n_flagged[row] or (n < self.n_flagged[row] and row not in self.rows_with_share)
            for row, n in now.items()
        )


def earlier_suites(con: Connection, run_ids: Sequence[int], rule_set: RuleSet) -> dict[int, EarlierSuites]:
    """Load what suites said of some runs when they were judged last.

    Parameters
    ----------
    run_ids : sequence of int
        Runs of which nothing has changed that suites look at, but for what people have decided.

    Returns
    -------
    dict of int to EarlierSuites
        By run; one that no suite was asked of is not named.
    """
    from checks.engine import RuleRun

    if not run_ids:
        return {}
    names = _names(rule_set)
    flagged: dict[int, dict[_Row, int]] = {}
    shares: dict[int, dict[_Row, float]] = {}
    for run_id, analyte, matrix, n_flagged, n_results in con.execute(_FLAGGED, [run_ids]).fetchall():
        flagged.setdefault(run_id, {})[analyte, matrix] = n_flagged
        shares.setdefault(run_id, {})[analyte, matrix] = n_flagged / n_results if n_results else 0.0
    findings: dict[int, list[Finding]] = {}
    for run_id, *row in con.execute(_FINDINGS, [run_ids, names]).fetchall():
        findings.setdefault(run_id, []).append(stored_finding(row))
    proof: dict[int, list[RuleRun]] = {}
    for run_id, name, version, n_findings in con.execute(_RULE_RUNS, [run_ids, names]).fetchall():
        proof.setdefault(run_id, []).append(RuleRun(name, version, n_findings))
    return {
        run_id: EarlierSuites(
            rows,
            _rows_with_share(shares[run_id], findings.get(run_id, ())),
            tuple(findings.get(run_id, ())),
            tuple(own),
        )
        for run_id, rows in flagged.items()
        if (own := proof.get(run_id, []))
    }


def _rows_with_share(shares: Mapping[_Row, float], findings: Sequence[Finding]) -> frozenset[_Row]:
    shares_by_analyte = {(str(one.key.get("analyte", "")), one.observed) for one in findings}
    return frozenset(row for row, share in shares.items() if (row[0], share) in shares_by_analyte)


def _names(rule_set: RuleSet) -> list[str]:
    from checks.expectations.suite_file import load_suite

    suites = [load_suite(text) for _, text in rule_set.suite_texts]
    return [f"{suite.name}.{one.id}" for suite in suites for one in suite.expectations]

"""What the suites said of the runs of a study, as last assessed."""

from __future__ import annotations

from typing import TYPE_CHECKING

from qc.assess.prepare.chosen_suites import chosen_suites
from qc.report.suite_section import SuiteRow

if TYPE_CHECKING:
    from checks.expectations.suite_file import Expected
    from qc.lab.folder import LabFolder

_COUNTS_BY_RULE = """
    SELECT p.rule, count(*) AS n_runs, count(*) FILTER (p.n_findings > 0) AS n_failed
    FROM rule_runs p JOIN run_states s USING (run_id, assessment_id)
    WHERE s.study = ? AND NOT s.is_superseded GROUP BY p.rule
"""
_SAID = """
    SELECT f.rule, s.run, f.sentence
    FROM findings f JOIN run_states s USING (run_id, assessment_id)
    WHERE s.study = ? AND NOT s.is_superseded ORDER BY s.run, f.ordinal
"""


def suite_rows(lab: LabFolder, study: str) -> list[SuiteRow]:
    """Return one row for each expectation that judged a run of a study.

    Returns
    -------
    list of SuiteRow
        In the order of the suites; an expectation that was not asked is left out.
    """
    from checks.expectations.suite_file import load_suite

    with lab.facts.reading() as con:
        counts_by_rule = {rule: counts for rule, *counts in con.execute(_COUNTS_BY_RULE, [study]).fetchall()}
        said: dict[str, list[tuple[str, str]]] = {}
        for rule, run, sentence in con.execute(_SAID, [study]).fetchall():
            said.setdefault(rule, []).append((run, sentence))
    rows: list[SuiteRow] = []
    for matrix, text in chosen_suites(lab):
        suite = load_suite(text)
        names = {f"{suite.name}.{one.id}": one for one in suite.expectations}
        judged_expectations = [(one, name) for name, one in names.items() if name in counts_by_rule]
        rows += [
            _row((suite.name, matrix), one, counts_by_rule[name], said.get(name, []))
            for one, name in judged_expectations
        ]
    return rows


def _row(suite: tuple[str, str], one: Expected, counts: list[int], said: list[tuple[str, str]]) -> SuiteRow:
    ends = [(word, end) for word, end in (("at least", one.least), ("at most", one.most)) if end is not None]
    unit = "" if one.unit in ("", "1") else f" {one.unit}"
    return SuiteRow(
        suite=suite[0],
        matrix=suite[1],
        expectation=one.id,
        limit=", ".join(f"{word} {end:.3g}{unit}" for word, end in ends),
        basis=f"{one.status}; {one.source}",
        verdict=one.verdict.value,
        n_runs=counts[0],
        n_failed=counts[1],
        said=tuple(said),
    )

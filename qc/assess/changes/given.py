"""What a judgement gives to others, as sums of hashes by kind and key: where it says the same, no sum changes."""

# ruff: noqa: S608 - statements are put together from constants
from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any  # Any: parameters of a statement

from qc.assess.changes.kinds import Kind
from qc.assess.controls.excluded_controls import MEASUREMENT_RULES

if TYPE_CHECKING:
    from qc.store.connection import Connection

WRAP = 1 << 63
"""Sums are kept below it, so that they fit a column of whole numbers."""


def sum_of(row: str) -> str:
    """Return an expression for the sum of the hashes of rows, whatever their order.

    Returns
    -------
    str
        Expression that aggregates; null without rows.

    Notes
    -----
    MD5 and not the hash of DuckDB, which may be another in its next version: every run would be stale then.
    """
    return f"CAST(sum(md5_number_lower(to_json({row})::VARCHAR)) % {WRAP} AS BIGINT)"


NEWEST_SAMPLES = """(
    SELECT study, sample, subject, visit FROM samples WHERE sample IN (SELECT sample FROM {rows})
    QUALIFY version = max(version) OVER (PARTITION BY study, sample)
)"""
"""Newest row of the sample sheet for the samples of some results."""
PERSON = "md5(concat_ws(chr(31), r.study, coalesce(s.subject, chr(30) || r.sample)))"
"""Key of a result ``r`` with its sample ``s``: its subject, or the sample that no sheet knows."""
STUDY_KIND = "concat_ws('/', r.study, r.analyte, r.matrix)"
"""Key of what a study has measured, for a result ``r``."""
CONTROL_KIND = "concat_ws('/', x.instrument, c.analyte, c.matrix)"
"""Key of the controls of a run ``x``, for a control result ``c``."""
_WRITTEN = "assessment_id BETWEEN $first AND $last"
_RESULT = (
    "row(r.sample, s.subject, s.visit, r.analyte, r.matrix, r.unit, r.censor, r.method, r.plate, r.value, "
    "r.censor_limit, r.dilution)"
)
_RUN = "row(x.run, x.platform, x.reagent_lot, x.calibrator_lot, x.started_at)"
_READING = "row(x.run, c.position, c.material, c.level, c.lot, c.value, c.unit, x.started_at)"
_CONTROL = (
    "row(x.run, c.position, c.material, c.level, c.lot, c.value, c.unit, c.target, c.sd, c.z, x.reagent_lot, x.method, "
    "x.started_at)"
)
_GIVEN = {
    # What is the same for all results of a run, and the key, is hashed once for each subject.
    Kind.RESULTS: f"""
        WITH own AS (SELECT * FROM results WHERE {_WRITTEN}), samples_of AS (
            SELECT r.run_id, r.study, s.subject, CASE WHEN s.subject IS NULL THEN r.sample END AS sample,
                {sum_of(_RESULT)} AS said
            FROM own r LEFT JOIN {NEWEST_SAMPLES.format(rows="own")} s ON s.study = r.study AND s.sample = r.sample
            GROUP BY ALL
        )
        SELECT r.run_id, {PERSON.replace("s.subject", "r.subject")} AS key,
            (r.said::HUGEINT + md5_number_lower(to_json({_RUN})::VARCHAR)) % {WRAP} AS said, true AS looks
        FROM samples_of r JOIN runs x USING (run_id)
    """,
    # Only a run that repeats samples is judged by how many its study has measured: every other would be stale at
    # each new sample for nothing.
    Kind.MEASURED_SAMPLES: f"""
        SELECT r.run_id, {STUDY_KIND} AS key, sum(md5_number_lower(r.sample)) % {WRAP} AS said,
            r.run_id IN (SELECT unnest($reanalysed::BIGINT[])) AS looks
        FROM (SELECT DISTINCT run_id, study, analyte, matrix, sample FROM results WHERE {_WRITTEN}) r GROUP BY ALL
    """,
    # A run without a start has no place in the order: it gives nothing to later runs, and looks back on none.
    Kind.CONTROLS: f"""
        SELECT c.run_id, {CONTROL_KIND} AS key, {sum_of(_CONTROL)} AS said, true AS looks
        FROM control_results c JOIN runs x USING (run_id) WHERE {_WRITTEN} AND x.started_at IS NOT NULL GROUP BY ALL
    """,
    # What was read and not what it was judged by: targets of short lots look at each other's readings and at nothing
    # that follows from them.
    Kind.SHORT_LOTS: f"""
        SELECT c.run_id, {CONTROL_KIND} AS key, {sum_of(_READING)} AS said,
            bool_or(c.target_kind IN ('pooled', 'guide_set')) AS looks
        FROM control_results c JOIN runs x USING (run_id) WHERE {_WRITTEN} AND x.started_at IS NOT NULL GROUP BY ALL
    """,
    # Controls count towards no target where a rule has rejected them: only who rests on such targets looks at it.
    Kind.FAILED_CONTROLS: f"""
        WITH own AS (
            SELECT c.run_id, c.assessment_id, c.analyte, {CONTROL_KIND} AS key,
                bool_or(c.target_kind NOT IN ('fixed', 'manufacturer') OR a.assessment_id IS NOT NULL) AS looks
            FROM control_results c JOIN runs x USING (run_id) LEFT JOIN (
                SELECT assessment_id FROM rule_runs WHERE {_WRITTEN} AND rule = $over_runs
            ) a USING (assessment_id)
            WHERE {_WRITTEN} AND x.started_at IS NOT NULL GROUP BY ALL
        ), failed AS (
            SELECT assessment_id, analyte, rule, key AS about FROM findings
            WHERE {_WRITTEN} AND verdict IN ('reject', 'broken') AND scope IN ('run', 'analyte', 'control')
                AND ({MEASUREMENT_RULES})
        )
        SELECT o.run_id, o.key, coalesce({sum_of("row(f.analyte, f.rule, f.about)")}, 0) AS said, o.looks
        FROM own o LEFT JOIN failed f ON f.assessment_id = o.assessment_id AND f.analyte IN ('', o.analyte)
        WHERE o.looks OR f.rule IS NOT NULL GROUP BY ALL
    """,
    # Every run gives its medians, whether or not a suite looks back on them today: another suite may tomorrow.
    Kind.SUMMARIES: f"""
        SELECT m.run_id, concat_ws('/', x.study, m.analyte, m.matrix, x.method) AS key,
            coalesce({sum_of("m.median_log10")}, 0) AS said, m.matrix IN (SELECT unnest($suites::VARCHAR[])) AS looks
        FROM run_summaries m JOIN runs x USING (run_id) WHERE {_WRITTEN} AND x.started_at IS NOT NULL GROUP BY ALL
    """,
}


def write_given(con: Connection, assessment_ids: Sequence[int], values: Mapping[str, Any]) -> None:
    """Write down what new assessments give to others, and where they look at what others give.

    Parameters
    ----------
    assessment_ids : sequence of int
        The assessments, without a gap.
    values : mapping of str to object
        ``reanalysed`` (runs), ``over_runs`` (rule) and ``suites`` (matrices): who looks at what.
    """
    known = {"first": min(assessment_ids), "last": max(assessment_ids), **values}
    for kind, sql in _GIVEN.items():
        named = {name: value for name, value in known.items() if f"${name}" in sql}
        con.execute(
            # An empty text is filled in by `look` once all have given; null means that the run gives and
            # does not look.
            f"INSERT INTO fingerprints SELECT run_id, '{kind}', key, said, CASE WHEN looks THEN '' END FROM ({sql})",
            named,
        )

"""Results with 0.5 % faults of six kinds, made by DuckDB, with the limits of the shipped catalogue."""

from __future__ import annotations

from pathlib import Path

import duckdb

KEY = ["run_id", "sample_id", "analyte", "replicate"]
RULES = ["null_value", "unknown_kind", "wrong_unit", "out_of_range", "negative", "duplicate_key"]
_ROWS = """
CREATE TABLE results AS
WITH places AS (
    SELECT range AS i, range // 768 AS run, (range // 16) % 48 AS slot, range % 8 AS nth, (range // 8) % 2 + 1 AS rep,
        hash(range) % 1000000 AS fault, (hash(range * 7 + 3) % 1000000) / 1e6 AS u
    FROM range(?)
), named AS (
    SELECT p.*, a.analyte, CASE WHEN slot % 2 = 0 THEN 'serum' ELSE 'csf' END AS matrix
    FROM places p JOIN analytes a USING (nth)
)
SELECT
    'R' || lpad(run::VARCHAR, 6, '0') AS run_id,
    'S' || lpad((run * 48 + slot)::VARCHAR, 8, '0') AS sample_id,
    CASE WHEN fault < 833 THEN ['Nfl', 'tau', '???'][1 + (fault % 3)::INT] ELSE n.analyte END AS analyte,
    (CASE WHEN fault BETWEEN 4165 AND 4997 THEN 1 ELSE rep END)::TINYINT AS replicate,
    n.matrix,
    (CASE WHEN fault BETWEEN 833 AND 1665 THEN NULL
        WHEN fault BETWEEN 1666 AND 2498 THEN -1.0 - u
        WHEN fault BETWEEN 2499 AND 3331 THEN l.high * (2 + u)
        ELSE l.low + (0.02 + 0.96 * u) * (l.high - l.low) END)::DOUBLE AS value,
    CASE WHEN fault NOT BETWEEN 3332 AND 4164 THEN l.unit WHEN l.unit = 'g/L' THEN 'mg/dL' ELSE 'g/L' END AS unit,
    'P' || lpad((hash(run * 48 + slot) % 20000)::VARCHAR, 6, '0') AS subject_id,
    chr((65 + ((i // 8) % 96) // 12)::INT) || lpad((1 + ((i // 8) % 96) % 12)::VARCHAR, 2, '0') AS well,
    TIMESTAMP '2024-01-01 08:00:00' + to_seconds(i * 3) AS measured_at
FROM named n JOIN limits l ON l.analyte = n.analyte AND l.matrix = n.matrix
ORDER BY i
"""


def make(path: Path, n_rows: int) -> None:
    """Make a database with ``limits``, ``results`` in the order of measurement, and ``sorted_results`` by key."""
    from qc.assess.judge.row_findings import catalogue_kinds
    from schemas.catalogue import load_catalogue

    if path.exists():
        return
    part = path.with_suffix(".part")
    part.unlink(missing_ok=True)
    limits = catalogue_kinds(load_catalogue())
    names = limits["analyte"].unique(maintain_order=True).to_list()[:8]
    with duckdb.connect(f"duckdb:{part}") as con:
        con.register("kinds", limits.to_arrow())
        con.execute(
            "CREATE TABLE limits AS SELECT * REPLACE (coalesce(low, 0) AS low, coalesce(high, 1e6) AS high) FROM kinds"
        )
        con.execute("CREATE TABLE analytes AS SELECT unnest(?::VARCHAR[]) AS analyte, unnest(range(8)) AS nth", [names])
        con.execute(_ROWS, [n_rows])
        con.execute(f"CREATE TABLE sorted_results AS FROM results ORDER BY {', '.join(KEY)}")
    part.rename(path)

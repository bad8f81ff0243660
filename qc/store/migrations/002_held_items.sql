-- Items that wait for a person at an assessment, with the hash of what a decision on them judges: queue and gate read
-- this small table and neither findings nor results.
CREATE TABLE held_items (
    assessment_id BIGINT NOT NULL,
    run_id BIGINT NOT NULL,
    item VARCHAR NOT NULL,             -- R12, R12/ferritin or R12.5
    scope VARCHAR NOT NULL,            -- run, analyte or result
    analyte VARCHAR NOT NULL,
    result_id BIGINT,
    verdict VARCHAR NOT NULL,          -- gravest verdict that holds it
    rules VARCHAR NOT NULL,            -- canonical JSON: rules that hold it, gravest first
    over_rules VARCHAR NOT NULL,       -- canonical JSON: rules that an approval goes over
    judged_sha256 VARCHAR NOT NULL,
    values_sha256 VARCHAR NOT NULL
);
-- What a run was last compared with and found the same, so that an unchanged run is not read again.
CREATE TABLE checked_runs (
    run_id BIGINT PRIMARY KEY,
    sheets_source_id BIGINT NOT NULL
);
CREATE VIEW open_items AS
    SELECT h.*, s.study, s.run FROM held_items h JOIN run_states s USING (run_id, assessment_id)
    WHERE NOT s.is_superseded;
-- Assessments of an older program hold no items: every run is judged anew. Decisions on what has not changed stand.
DELETE FROM run_states;

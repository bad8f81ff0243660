-- How many items of a run wait for the same: what the queue counts by, a small part of the items themselves. Written with
-- them at an assessment, and never the only place where something stands.
CREATE TABLE held_groups (
    assessment_id BIGINT NOT NULL,
    run_id BIGINT NOT NULL,
    scope VARCHAR NOT NULL,            -- run, analyte or result
    analyte VARCHAR NOT NULL,
    verdict VARCHAR NOT NULL,
    rules VARCHAR NOT NULL,            -- as in held_items
    n_items BIGINT NOT NULL
);
INSERT INTO held_groups
    SELECT assessment_id, run_id, scope, analyte, verdict, rules, count(*) FROM held_items GROUP BY ALL ORDER BY ALL;
CREATE VIEW open_groups AS
    SELECT g.*, s.study, s.run FROM held_groups g JOIN run_states s USING (run_id, assessment_id)
    WHERE NOT s.is_superseded;

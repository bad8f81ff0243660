-- What several held items have in common, so that it is settled once, and how many results each of them covers. What was
-- held before stands alone until it is judged again.
ALTER TABLE held_items ADD COLUMN cause VARCHAR DEFAULT '';
ALTER TABLE held_items ADD COLUMN n_results BIGINT DEFAULT 1;
ALTER TABLE held_groups ADD COLUMN cause VARCHAR DEFAULT '';
ALTER TABLE held_groups ADD COLUMN n_results BIGINT DEFAULT 1;
UPDATE held_groups SET n_results = n_items;
CREATE OR REPLACE VIEW open_items AS
    SELECT h.*, s.study, s.run FROM held_items h JOIN run_states s USING (run_id, assessment_id)
    WHERE NOT s.is_superseded;
CREATE OR REPLACE VIEW open_groups AS
    SELECT g.*, s.study, s.run FROM held_groups g JOIN run_states s USING (run_id, assessment_id)
    WHERE NOT s.is_superseded;

-- Where a result lies by the limits of blank, detection and quantitation of its method and reagent lot.
ALTER TABLE results ADD COLUMN lob DOUBLE;
ALTER TABLE results ADD COLUMN detection VARCHAR DEFAULT '';
CREATE OR REPLACE VIEW latest_results AS
    SELECT r.* FROM results r JOIN run_states s USING (run_id, assessment_id) WHERE NOT s.is_superseded;
